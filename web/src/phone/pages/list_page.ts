// Pages of a list, newest first, as they come and come again.

export interface ListPage<Row> {
  items: Row[];
  next_cursor?: string | null;
}

/** The first page as it is now, with what was brought behind it before. Where the two do not meet, the first page alone. */
export function refreshed<Row extends { id: string }>(first: ListPage<Row>, kept: ListPage<Row> | undefined): ListPage<Row> {
  const last = first.items.at(-1)?.id;
  const at = first.next_cursor && last !== undefined ? (kept?.items.findIndex(({ id }) => id === last) ?? -1) : -1;
  if (!kept || at < 0) return first;
  return joined(first, { items: kept.items.slice(at + 1), next_cursor: kept.next_cursor ?? null });
}

/** A list with the page behind it; whoever is in both is there once. */
export function joined<Row extends { id: string }>(list: ListPage<Row>, next: ListPage<Row>): ListPage<Row> {
  const known = new Set(list.items.map(({ id }) => id));
  return { ...list, items: [...list.items, ...next.items.filter(({ id }) => !known.has(id))], next_cursor: next.next_cursor ?? null };
}
