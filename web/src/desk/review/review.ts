// What pages of review have in common: going on to the next row once one is decided.
import type { List } from "../../officer/list.svelte";
import { messages } from "../../officer/messages.svelte";

/** Takes a decided row off the list, says what was done, and opens the row that stood below it. */
export function goOn<Row>(page: string, list: List<Row>, id: (row: Row) => string, row: Row, told: string): void {
  const at = list.rows.findIndex((other) => id(other) === id(row));
  const next = list.rows[at + 1] ?? list.rows[at - 1];
  messages.tell(told);
  list.replace((other) => (id(other) === id(row) ? undefined : other));
  location.hash = next ? `/${page}/${id(next)}` : `/${page}`;
}
