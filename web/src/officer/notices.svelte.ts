// How many notices the official has not opened yet. Asked only when the official does something: a question by itself would keep the session alive.
import { answerOf } from "../call";
import { api } from "./session";

/** No more often than this, unless a notice was opened. */
const PAUSE_MILLISECONDS = 60_000;
const MOST = 99;

class Notices {
  /** Not opened yet, 100 where there are more than 99. */
  unseen = $state(0);
  #askedAt = 0;

  /** `3`, or `99+`. */
  get count(): string {
    return this.unseen > MOST ? `${MOST}+` : String(this.unseen);
  }

  async ask(isAtOnce = false): Promise<void> {
    const now = Date.now();
    if (!isAtOnce && now - this.#askedAt < PAUSE_MILLISECONDS) return;
    this.#askedAt = now;
    try {
      const { items } = answerOf(await api.GET("/v1/me/notices", { params: { query: { unseen: true, limit: MOST + 1 } } }));
      this.unseen = items.length;
    } catch {
      // What is asked for on the page says what is wrong; the number stays as it was.
      this.#askedAt = 0;
    }
  }

  /** Nothing of one official is told to the next. */
  clear(): void {
    this.unseen = 0;
    this.#askedAt = 0;
  }
}

export const notices = new Notices();
