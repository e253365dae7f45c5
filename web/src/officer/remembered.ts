// What was searched, chosen and scrolled to in a table, kept while other pages are looked at and forgotten with the page's memory.
import type { Sorting } from "./column";

export interface Kept {
  search: string;
  chosen: Record<string, string>;
  sorting: Sorting | undefined;
  top: number;
}

const tables = new Map<string, Kept>();

/** The memory of a table; what is written into it is there again next time. */
export function remembered(name: string): Kept {
  const kept = tables.get(name) ?? { search: "", chosen: {}, sorting: undefined, top: 0 };
  tables.set(name, kept);
  return kept;
}

/** Nothing of one official is shown to the next. */
export function forgetTables(): void {
  tables.clear();
}
