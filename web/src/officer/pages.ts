// All pages of a list at once, for what is small or needed as a whole.
import type { LoadPage } from "./list.svelte";

export async function allPages<Row>(load: LoadPage<Row>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    rows.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

/** The query of a page: as many rows as the service gives at once. */
export function pageQuery<Query extends object>(cursor: string | undefined, query: Query = {} as Query): Query & { limit: number; cursor?: string } {
  return { ...query, limit: 200, ...(cursor ? { cursor } : {}) };
}
