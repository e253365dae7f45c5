// Lists on the phone that go on: what comes again, what stays behind it, and lists that are given the other way round.
import { expect, test } from "vitest";
import { joined, refreshed } from "../../src/phone/pages/list_page";
import { wholeList } from "../../src/phone/pages/whole_list";

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

test("the page behind is added, and nobody is there twice", () => {
  const list = joined({ items: rows("e", "d"), next_cursor: "1" }, { items: rows("d", "c"), next_cursor: "2" });
  expect(list).toEqual({ items: rows("e", "d", "c"), next_cursor: "2" });
  expect(joined(list, { items: rows("b") })).toEqual({ items: rows("e", "d", "c", "b"), next_cursor: null });
});

test("a first page read anew keeps what was brought behind it where the two meet", () => {
  const kept = { items: rows("d", "c", "b"), next_cursor: "2" };
  expect(refreshed({ items: rows("e", "d"), next_cursor: "1" }, kept)).toEqual({ items: rows("e", "d", "c", "b"), next_cursor: "2" });
  // Too much has come since, or the list has become short: the service's word stands alone.
  expect(refreshed({ items: rows("g", "f"), next_cursor: "1" }, kept)).toEqual({ items: rows("g", "f"), next_cursor: "1" });
  expect(refreshed({ items: rows("d") }, kept)).toEqual({ items: rows("d") });
  expect(refreshed({ items: rows("d"), next_cursor: "1" }, undefined)).toEqual({ items: rows("d"), next_cursor: "1" });
  // Whole before, whole after.
  expect(refreshed({ items: rows("e", "d"), next_cursor: "1" }, { items: rows("d", "c") }).next_cursor).toBeNull();
});

test("every page is brought, and a refusal is the answer", async () => {
  const response = new Response();
  const pages: Record<string, { items: { id: string }[]; next_cursor?: string }> = {
    first: { items: rows("a"), next_cursor: "second" },
    second: { items: rows("b"), next_cursor: "third" },
    third: { items: rows("c") },
  };
  const whole = await wholeList(async (cursor) => ({ data: pages[cursor ?? "first"]!, response }));
  expect(whole.data).toEqual({ items: rows("a", "b", "c") });
  const refused = new Response(null, { status: 403 });
  const stopped = await wholeList<{ id: string }>(async (cursor) => (cursor ? { error: "no", response: refused } : { data: pages.first!, response }));
  expect(stopped).toEqual({ error: "no", response: refused });
});
