// Everybody of an agency's day in one slot, exceptions first: which lists of the service are walked, in which order, and on what grounds.
import type { components } from "../../../generated/schema";
import type { LoadPage } from "../../officer/list.svelte";
import { chained } from "../review/chain";

export type Behind = "missed" | "outside" | "unusable" | "uncertain" | "unverifiable" | "flagged" | "awaited" | "inside" | "probable" | "excused" | "not_required";
export type PersonBehind = components["schemas"]["PersonBehindView"];

/** A person, and the list that they stand in: everybody stands in exactly one. */
export interface Person extends PersonBehind {
  behind: Behind;
}

/** What somebody should look at. The order is that of urgency. */
export const EXCEPTIONS: Behind[] = ["missed", "outside", "unusable", "uncertain", "unverifiable", "flagged"];
/** The others. */
const REST: Behind[] = ["awaited", "inside", "probable", "excused", "not_required"];
export const ORDER: Behind[] = [...EXCEPTIONS, ...REST];

/** Whether a person of a list belongs there: who has a flag and is in place stands with the flagged, and nowhere else. */
export function belongs(person: PersonBehind, behind: Behind): boolean {
  const isInPlace = person.place === "inside" || person.place === "probable";
  if (behind === "flagged") return isInPlace;
  return !isInPlace || person.flags.length === 0;
}

interface Found {
  items: PersonBehind[];
  next_cursor?: string | null;
}

/** Walks the lists one after the other; those of which the day says that nobody is in them are left out. */
export function everybody(ask: (behind: Behind, cursor: string | undefined) => Promise<Found>, isEmpty: (behind: Behind) => boolean): LoadPage<Person> {
  const load = (behind: Behind): LoadPage<Person> => async (cursor) => {
    const { items, next_cursor } = await ask(behind, cursor);
    const people = items.filter((person) => belongs(person, behind)).map((person) => ({ ...person, behind }));
    return { items: people, next_cursor: next_cursor ?? null };
  };
  return chained(ORDER.filter((behind) => !isEmpty(behind)).map(load));
}
