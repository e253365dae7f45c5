// A list as a page shows it: the first page as last read, then as it is now, and more where the person asks for it.
import { answerOf } from "../../call";
import { Known, sentencesOf } from "./known.svelte";
import { joined, refreshed, type ListPage } from "./list_page";
import { say } from "./texts";

type Answer<Value> = Parameters<typeof answerOf<Value>>[0];

export class KnownList<Row extends { id: string }> extends Known<ListPage<Row>> {
  isLoading = $state(false);
  /** Why more did not come. */
  wrong: string[] = $state.raw([]);
  readonly #ask: (cursor: string | undefined) => Promise<Answer<ListPage<Row>>>;

  /** `ask` brings the page behind a cursor, newest first; without one the first. */
  constructor(name: string, ask: (cursor: string | undefined) => Promise<Answer<ListPage<Row>>>) {
    super(name, () => ask(undefined));
    this.#ask = ask;
  }

  get items(): Row[] {
    return this.value?.items ?? [];
  }

  get hasMore(): boolean {
    return Boolean(this.value?.next_cursor);
  }

  /** What was brought behind the first page stays when the first page is read anew. */
  protected override taken(value: ListPage<Row>): ListPage<Row> {
    return refreshed(value, this.value);
  }

  /** Brings the next page. */
  async more(): Promise<void> {
    const cursor = this.value?.next_cursor;
    if (!cursor || this.isLoading) return;
    [this.isLoading, this.wrong] = [true, []];
    try {
      const next = answerOf(await this.#ask(cursor));
      // It may have been read anew in the meantime, and then has another end.
      if (this.value && this.value.next_cursor === cursor) await this.show(joined(this.value, next));
    } catch (error) {
      this.wrong = sentencesOf(error, say("page.no_network"));
    }
    this.isLoading = false;
  }

  /** Puts a row in the place of the one with its id, as after a deed. */
  async replace(row: Row): Promise<void> {
    const list = this.value;
    if (list) await this.show({ ...list, items: list.items.map((one) => (one.id === row.id ? row : one)) });
  }

  /** Brings pages until a row is there, as for an address that leads to an old one. */
  async seek(id: string): Promise<void> {
    while (this.hasMore && this.state === "read" && this.wrong.length === 0 && !this.items.some((row) => row.id === id)) {
      if (this.isLoading) return;
      await this.more();
    }
  }
}
