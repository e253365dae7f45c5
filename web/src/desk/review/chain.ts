// Several lists of the service walked one after the other, as if they were one.
import type { LoadPage } from "../../officer/list.svelte";

/** The rows of the first list, then those of the second, and so on. */
export function chained<Row>(lists: LoadPage<Row>[]): LoadPage<Row> {
  return async (at) => {
    const [place, cursor] = split(at);
    const load = lists[place];
    if (!load) return { items: [] };
    const { items, next_cursor } = await load(cursor);
    if (next_cursor) return { items, next_cursor: `${place} ${next_cursor}` };
    return place + 1 < lists.length ? { items, next_cursor: `${place + 1} ` } : { items };
  };
}

function split(at: string | undefined): [number, string | undefined] {
  if (at === undefined) return [0, undefined];
  const gap = at.indexOf(" ");
  return [Number(at.slice(0, gap)), at.slice(gap + 1) || undefined];
}
