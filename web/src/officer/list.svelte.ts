// A list of the service, brought page by page: the first pages at once, the rest when it is scrolled to, searched or written to a file.
import { untrack } from "svelte";
import { Refused } from "../call";

export interface Page<Row> {
  items: Row[];
  next_cursor?: string | null;
}

/** Brings the page behind a cursor; without one the first. Ask for 200 rows, the most that the service gives. */
export type LoadPage<Row> = (cursor: string | undefined) => Promise<Page<Row>>;

/** So many rows are brought without being asked for: most agencies have no more. */
const AT_ONCE = 1_000;
/** A full service is asked again so often before the person is told. */
const ATTEMPTS = 5;

export class List<Row> {
  rows: Row[] = $state.raw([]);
  /** Whether the last page is there. */
  isWhole = $state(false);
  isLoading = $state(false);
  /** What kept the last page from coming. */
  error: unknown = $state.raw();

  #load: LoadPage<Row>;
  #cursor: string | undefined;
  /** Raised by every new beginning, so that a late answer to an older question is dropped. */
  #turn = 0;
  #run: Promise<void> | undefined;
  #wanted = 0;

  constructor(load: LoadPage<Row>) {
    this.#load = load;
  }

  /** Begins anew, for the same question or another. What is shown stays until the first page is there. */
  start(load: LoadPage<Row> = this.#load): Promise<void> {
    this.#load = load;
    this.#turn += 1;
    this.#cursor = undefined;
    this.#run = undefined;
    this.isWhole = false;
    this.error = undefined;
    return this.reach(AT_ONCE, true);
  }

  /** Sees to it that so many rows are there, or all. */
  reach(count: number, isNew = false): Promise<void> {
    this.#wanted = isNew ? count : Math.max(this.#wanted, count);
    // Whoever asks in an effect does not ask again because rows have come.
    this.#run ??= untrack(() => this.#bring(this.#turn, isNew));
    return this.#run;
  }

  /** Brings all that is left. */
  all(): Promise<void> {
    return this.reach(Infinity);
  }

  /** Puts a row in the place of another, as after a decision. */
  replace(change: (row: Row) => Row | undefined): void {
    this.rows = this.rows.flatMap((row) => change(row) ?? []);
  }

  async #bring(turn: number, isNew: boolean): Promise<void> {
    let isFirst = isNew;
    this.isLoading = true;
    this.error = undefined;
    try {
      while (turn === this.#turn && !this.isWhole && (isFirst || this.rows.length < this.#wanted)) {
        const { items, next_cursor } = await this.#page();
        if (turn !== this.#turn) return;
        this.rows = isFirst ? items : [...this.rows, ...items];
        isFirst = false;
        this.#cursor = next_cursor ?? undefined;
        this.isWhole = this.#cursor === undefined;
      }
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    } finally {
      if (turn === this.#turn) {
        this.isLoading = false;
        this.#run = undefined;
      }
    }
  }

  async #page(): Promise<Page<Row>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#load(this.#cursor);
      } catch (error) {
        const isFull = error instanceof Refused && (error.status === 429 || error.status === 503);
        if (!isFull || attempt === ATTEMPTS) throw error;
        await new Promise((resume) => setTimeout(resume, (error.retryAfterSeconds ?? 1) * 1_000));
      }
    }
  }
}
