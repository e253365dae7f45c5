// What the phone's screens share: who is signed in, the day, what waits, and which screen is shown.
import { longDate } from "../format";
import { flush, keep, type Round } from "../queue";
import { answerOf, NoNetwork, Refused, SignedOut } from "../call";
import { api, signIn, signOut } from "../session";
import { dateIn } from "../slot";
import { listEntries, listWaiting, read, removeWaiting, write, type Day, type Session, type Waiting, type WaitingEntry } from "../store";
import { chooseLanguage, chosenLanguage, type Language } from "../texts";
import { isPage } from "./pages";
import { text, type Key } from "./texts";
import type { Fix } from "../fix";

/** A screen by the address after the `#`; a page is loaded when it is first opened. */
export type Screen = "today" | "notice" | "share" | "outcome" | "page";

const SCREENS: Record<string, Screen> = { "": "today", pemberitahuan: "notice", bagikan: "share", hasil: "outcome" };
/** The zone of what is shown before the day is known. */
const USUAL_ZONE = "Asia/Jakarta";
/** How long until what could not be sent is tried again, while the page is open. */
const PAUSES_SECONDS = [5, 15, 60, 300];

function pauseAfter(tries: number): number {
  return PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)] ?? 60;
}

class Phone {
  isReady = $state(false);
  hasStorage = $state(true);
  language: Language = $state(chosenLanguage());
  session: Session | undefined = $state();
  /** Whether a session ended without the person asking for it. */
  hasEnded = $state(false);
  screen: Screen = $state("today");
  /** The page's name in the address, where the screen is one. */
  page = $state("");
  /** What follows the screen's name in the address. */
  detail = $state("");
  /** How many notices were not seen yet, as last read. */
  news = $state(0);
  /** The person's daily entries that wait to be sent, or for a word of theirs. */
  entries: WaitingEntry[] = $state.raw([]);
  day: Day | undefined = $state();
  readAt = $state(0);
  /** Whether the account is no member of staff. */
  isStranger = $state(false);
  isOffline = $state(false);
  isSending = $state(false);
  isBusy = $state(false);
  /** Everything on this phone without an outcome, of every account. */
  everybodys: Waiting[] = $state([]);
  /** The service's time, as well as it is known. */
  now = $state(Date.now());
  /** Whether the share screen was reached by the button, and not by an address. */
  isPressed = false;

  #ahead = 0;
  #pause = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakePause = 0;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  get zone(): string {
    return this.day?.zone ?? USUAL_ZONE;
  }

  /** What waits of the person who is signed in. */
  get waiting(): Waiting[] {
    return this.everybodys.filter((waiting) => waiting.account_id === this.session?.account_id);
  }

  get today(): string {
    return longDate(dateIn(this.zone, this.now), this.language);
  }

  say(key: Key, values?: Record<string, string | number>): string {
    return text(this.language, key, values);
  }

  async start(): Promise<void> {
    addEventListener("hashchange", () => this.#follow());
    addEventListener("online", () => {
      this.#wakePause = 0;
      void this.wake();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.wake();
    });
    setInterval(() => this.#tick(), 5_000);
    document.documentElement.lang = this.language;
    try {
      this.session = await read("session");
      await this.#load();
    } catch {
      this.hasStorage = false;
    }
    this.#follow();
    this.isReady = true;
    if (this.hasStorage) void this.wake();
  }

  /** Sends what waits and reads the day anew: at start, when the network is back, when the page is looked at again. */
  async wake(): Promise<void> {
    this.#tick();
    await this.send();
    await this.readDay();
    await this.readNews();
    await this.sendEntries();
    this.#wakeLater();
  }

  /** Counts what the person was told and has not opened yet. */
  async readNews(): Promise<void> {
    const account_id = this.session?.account_id;
    if (!account_id || this.isOffline) return;
    try {
      const unseen = answerOf(await api.GET("/v1/me/notices", { params: { query: { unseen: true, limit: 50 } } }));
      if (this.session?.account_id !== account_id) return;
      this.news = unseen.items.length;
      await write("news", { account_id, count: this.news });
    } catch {
      // The count stays as it was read last.
    }
  }

  /** Sends the daily entries that wait; what sends them is loaded only where there are some. */
  async sendEntries(): Promise<void> {
    await this.readEntries();
    const account_id = this.session?.account_id;
    if (!account_id || this.entries.length === 0 || this.isOffline) return;
    await import("./pages/entries").then(({ sendEntries }) => sendEntries(account_id)).catch(() => undefined);
    await this.readEntries();
  }

  /** Wakes again by itself while nobody can be reached or an entry waits, after longer and longer pauses. */
  #wakeLater(): void {
    clearTimeout(this.#wakeTimer);
    const isDue = this.session !== undefined && (this.isOffline || this.entries.some(({ problem }) => !problem));
    if (isDue) this.#wakeTimer = setTimeout(() => void this.wake(), pauseAfter(this.#wakePause) * 1_000);
    this.#wakePause = isDue ? this.#wakePause + 1 : 0;
  }

  async readEntries(): Promise<void> {
    const entries = await listEntries();
    this.entries = entries.filter((entry) => entry.account_id === this.session?.account_id);
  }

  async signIn(username: string, password: string): Promise<void> {
    const session = await signIn(username, password);
    // The address may still be that of another person's outcome.
    this.go("today", "", true);
    this.session = session;
    this.hasEnded = false;
    this.isStranger = false;
    await this.#load();
    void this.wake();
  }

  async signOut(): Promise<void> {
    await signOut();
    this.session = undefined;
    this.day = undefined;
    this.go("today");
  }

  /** Keeps a share on the phone. Once this is back it can't be lost; sending follows by itself. */
  async keep(fix: Fix): Promise<string> {
    const id = await keep(this.session?.account_id ?? "", fix, Date.now());
    // Asked for once there is something to lose; a refusal changes nothing.
    void navigator.storage?.persist?.().catch(() => false);
    this.everybodys = await listWaiting();
    return id;
  }

  async send(): Promise<void> {
    const account = this.session?.account_id;
    if (!account) return;
    this.isSending = this.waiting.some((waiting) => !waiting.problem);
    let round: Round;
    try {
      round = await flush(account);
    } catch {
      round = { kind: "offline" };
    }
    this.isBusy = round.kind === "busy";
    if (round.kind === "offline") this.isOffline = true;
    this.everybodys = await listWaiting();
    this.isSending = false;
    clearTimeout(this.#timer);
    if (round.kind === "signed_out") return this.ended();
    if (round.kind === "done") {
      this.#pause = 0;
      return;
    }
    const seconds = round.kind === "busy" ? Math.max(round.seconds, 1) : pauseAfter(this.#pause);
    this.#pause += 1;
    this.#timer = setTimeout(() => void this.wake(), seconds * 1_000);
  }

  async readDay(): Promise<void> {
    const session = this.session;
    if (!session) return;
    try {
      const day = answerOf(await api.GET("/v1/me/day"));
      if (this.session?.account_id !== session.account_id) return;
      this.#show(day, Date.now());
      this.isOffline = false;
      await write("day", { account_id: session.account_id, read_at: this.readAt, day });
    } catch (error) {
      if (error instanceof NoNetwork) this.isOffline = true;
      else if (error instanceof SignedOut) this.ended();
      else if (error instanceof Refused && (error.status === 403 || error.status === 404)) this.isStranger = true;
    }
    this.#ahead = (await read("ahead")) ?? 0;
    this.#tick();
  }

  async remove(waiting: Waiting): Promise<void> {
    await removeWaiting(waiting.claim.id);
    this.everybodys = await listWaiting();
  }

  /** Leads to the search for a position, by way of the notice where it was not seen yet. */
  async share(): Promise<void> {
    const seen = (await read("notice_seen")) ?? [];
    this.isPressed = true;
    this.go(seen.includes(this.session?.account_id ?? "") ? "share" : "notice");
  }

  /** Notes that the notice was read; goes on to the search where that was wanted. */
  async understood(): Promise<void> {
    const seen = new Set((await read("notice_seen")) ?? []);
    await write("notice_seen", [...seen.add(this.session?.account_id ?? "")]);
    this.go(this.isPressed ? "share" : "today", "", true);
  }

  speak(language: Language): void {
    this.language = language;
    chooseLanguage(language);
    document.documentElement.lang = language;
    void this.readDay();
  }

  go(screen: Screen, detail = "", replaces = false): void {
    const name = Object.keys(SCREENS).find((name) => SCREENS[name] === screen) ?? "";
    this.open([name, detail].filter(Boolean).join("/"), replaces);
  }

  /** Leads to an address after the `#/`. */
  open(path: string, replaces = false): void {
    const address = `#/${path}`;
    if (replaces) location.replace(address);
    else location.hash = address;
    this.#follow();
  }

  #follow(): void {
    const [name = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
    const detail = rest.join("/");
    const screen = isPage(name) ? "page" : (SCREENS[name] ?? "today");
    this.page = name;
    // No position is taken because of an address: only because of a press.
    this.screen = screen === "share" && !this.isPressed ? "today" : screen;
    this.detail = detail;
    if (this.screen === "today" || this.screen === "outcome") this.isPressed = false;
  }

  async #load(): Promise<void> {
    this.#ahead = (await read("ahead")) ?? 0;
    this.everybodys = await listWaiting();
    const [kept, news, account] = [await read("day"), await read("news"), this.session?.account_id];
    if (kept && kept.account_id === account) this.#show(kept.day, kept.read_at);
    else this.day = undefined;
    this.news = news && news.account_id === account ? news.count : 0;
    await this.readEntries();
    this.#tick();
  }

  #show(day: Day, readAt: number): void {
    this.day = day;
    this.readAt = readAt;
    this.isStranger = false;
  }

  /** Notes that the session is over without the person having asked for it. */
  ended(): void {
    this.session = undefined;
    this.day = undefined;
    this.hasEnded = true;
  }

  #tick(): void {
    this.now = Date.now() + this.#ahead;
  }
}

export const phone = new Phone();
