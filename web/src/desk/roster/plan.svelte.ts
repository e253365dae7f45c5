// A roster as it is worked on: its cells, what was changed and can be taken back, and what still has to reach the service.
import type { components } from "../../../generated/schema";
import { answerOf, NoNetwork, Refused } from "../../call";
import { List } from "../../officer/list.svelte";
import { pageQuery } from "../../officer/pages";
import { api } from "../../officer/session";
import { filled, halvesOf, steps, type Mode, type Modes, type OwnMode, type Part } from "./half";

export type RosterView = components["schemas"]["RosterView"];
export type Entry = components["schemas"]["PlannedEntryView"];

export interface Cell extends Modes {
  /** Why, as the service says it; absent until it has been asked again. */
  sentence: string | undefined;
  isByHand: boolean;
}

interface Change {
  person: string;
  date: string;
  before: Cell;
  after: Cell;
}

/** Changes are sent together after so long without another one. */
const QUIET_MILLISECONDS = 500;
/** Most cells of one call: the service takes 5,000 changes, and a cell may be two, one a half. */
const MOST = 2_500;

export class Plan {
  view: RosterView = $state.raw() as RosterView;
  people: { id: string; name: string }[] = $state.raw([]);
  /** `waiting` to be sent, `stopped` by something that the person is told. */
  state: "saved" | "waiting" | "saving" | "stopped" = $state("saved");
  /** What stopped the last call. */
  error: unknown = $state.raw();
  /** Why the changes are made: the service keeps it with each of them. */
  reason = $state("");
  list: List<Entry>;

  /** Raised by every change of a cell, so that what is drawn is drawn anew. */
  turn = $state(0);
  #past: Change[][] = $state.raw([]);
  #future: Change[][] = $state.raw([]);
  #cells = new Map<string, Map<string, Cell>>();
  #read = 0;
  #unsent = new Map<string, Change & { reason: string }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(view: RosterView) {
    this.view = view;
    this.list = new List<Entry>(async (cursor) =>
      answerOf(await api.GET("/v1/rosters/{id}/entries", { params: { path: { id: view.id }, query: pageQuery(cursor) } })),
    );
  }

  get dates(): string[] {
    return this.view.days.map(({ date }) => date);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Brings every entry. */
  async load(): Promise<void> {
    this.#cells.clear();
    this.#read = 0;
    await this.list.start();
    this.take();
    await this.list.all();
    this.take();
  }

  /** Puts the entries that have come so far into their cells. */
  take(): void {
    const { rows } = this.list;
    if (rows.length < this.#read) this.#read = 0;
    const people = new Map(this.people.map((person) => [person.id, person]));
    const known = people.size;
    for (const { employee_id, name, date, mode, afternoon_mode, sentence, is_by_hand } of rows.slice(this.#read)) {
      if (!people.has(employee_id)) people.set(employee_id, { id: employee_id, name });
      const days = this.#cells.get(employee_id) ?? new Map<string, Cell>();
      if (!this.#unsent.has(`${employee_id}/${date}`)) days.set(date, { mode, afternoon: afternoon_mode ?? undefined, sentence, isByHand: is_by_hand });
      this.#cells.set(employee_id, days);
    }
    this.#read = rows.length;
    if (people.size !== known) {
      const { compare } = new Intl.Collator("id-ID");
      this.people = [...people.values()].sort((one, other) => compare(one.name, other.name));
    }
    this.turn += 1;
  }

  cell(person: string, date: string): Cell | undefined {
    return this.#cells.get(person)?.get(date);
  }

  /** How many people have which mode on a day, of those that are here; half a day counts half. */
  counts(date: string): Partial<Record<Mode, number>> {
    const counts: Partial<Record<Mode, number>> = {};
    for (const days of this.#cells.values()) {
      const cell = days.get(date);
      if (cell) for (const mode of halvesOf(cell)) counts[mode] = (counts[mode] ?? 0) + 0.5;
    }
    return counts;
  }

  /** Gives a part of cells another mode; those that are granted elsewhere stay. Says how many were changed. */
  set(spots: { person: string; date: string }[], mode: OwnMode, part: Part = "all"): number {
    const changes = spots.flatMap(({ person, date }) => {
      const before = this.cell(person, date);
      const after = before && filled(before, part, mode);
      return before && after ? [{ person, date, before, after: { ...after, sentence: undefined, isByHand: true } }] : [];
    });
    if (changes.length === 0) return 0;
    this.#past = [...this.#past, changes];
    this.#future = [];
    this.#apply(changes, this.reason);
    return changes.length;
  }

  /** Takes the last change back; `reason` says so to whoever reads the day later. */
  undo(reason: string): void {
    const changes = this.#past.at(-1);
    if (!changes) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, changes];
    this.#apply(
      changes.map(({ person, date, before, after }) => ({ person, date, before: after, after: { ...before, sentence: undefined, isByHand: true } })),
      reason,
    );
  }

  redo(): void {
    const changes = this.#future.at(-1);
    if (!changes) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, changes];
    this.#apply(changes, this.reason);
  }

  #apply(changes: Change[], reason: string): void {
    for (const change of changes) {
      this.#cells.get(change.person)?.set(change.date, change.after);
      const key = `${change.person}/${change.date}`;
      // What stood before the first unsent change is what a refusal leads back to.
      this.#unsent.set(key, { ...change, before: this.#unsent.get(key)?.before ?? change.before, reason });
    }
    this.turn += 1;
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.state !== "saving") this.state = "waiting";
    this.#timer = setTimeout(() => void this.send(), QUIET_MILLISECONDS);
  }

  /** Sends what waits; one call at a time. */
  async send(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.state === "saving" || this.#unsent.size === 0) return;
    const sent = [...this.#unsent.entries()].slice(0, MOST);
    for (const [key] of sent) this.#unsent.delete(key);
    this.state = "saving";
    this.error = undefined;
    const items = sent.flatMap(([, { person, date, before, after, reason }]) =>
      steps(before, after).map((step) => ({ employee_id: person, date, ...step, reason })),
    );
    // What was changed and changed back in the meantime is nothing to be told.
    if (items.length === 0) {
      this.state = "saved";
      return;
    }
    try {
      this.view = answerOf(
        await api.PUT("/v1/rosters/{id}/entries", {
          params: { path: { id: this.view.id }, header: { "If-Match": `"${this.view.version}"` } },
          body: { items },
        }),
      );
      this.state = "saved";
      if (this.#unsent.size > 0) this.#later();
    } catch (error) {
      this.#failed(error, sent);
    }
  }

  #failed(error: unknown, sent: [string, Change & { reason: string }][]): void {
    this.error = error;
    this.state = "stopped";
    if (error instanceof NoNetwork || (error instanceof Refused && (error.status >= 500 || error.status === 429))) {
      // It is tried again as it is, unless something newer was said about the same cell.
      // The service still has what stood before this call.
      for (const [key, change] of sent) this.#unsent.set(key, { ...(this.#unsent.get(key) ?? change), before: change.before });
      return;
    }
    for (const [key, { person, date, before }] of sent) {
      if (!this.#unsent.has(key)) this.#cells.get(person)?.set(date, before);
    }
    this.#past = [];
    this.#future = [];
    this.turn += 1;
  }

  /** Begins again from what the service has: somebody else changed it too. */
  async reload(): Promise<void> {
    this.#unsent.clear();
    this.#past = [];
    this.#future = [];
    this.error = undefined;
    this.state = "saved";
    this.view = answerOf(await api.GET("/v1/rosters/{id}", { params: { path: { id: this.view.id } } }));
    await this.load();
  }
}
