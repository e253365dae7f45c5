// All pages of a list that the service gives oldest first, since it is shown the other way round.
import type { ListPage } from "./list_page";

interface Answered<Row> {
  data?: ListPage<Row>;
  error?: unknown;
  response: Response;
}

/** Brings every page, one after the other; the first that is refused is the answer. */
export async function wholeList<Row>(ask: (cursor: string | undefined) => Promise<Answered<Row>>): Promise<Answered<Row>> {
  const items: Row[] = [];
  let cursor: string | undefined;
  for (;;) {
    const answer = await ask(cursor);
    if (!answer.data) return answer;
    items.push(...answer.data.items);
    cursor = answer.data.next_cursor ?? undefined;
    if (cursor === undefined) return { data: { items }, response: answer.response };
  }
}
