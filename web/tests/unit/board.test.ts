// What the desk's board and lists reckon.
import { expect, test } from "vitest";
import { countOf, exceptions, isEmpty, news, slotToLookAt, type SlotCounts } from "../../src/desk/board/day";
import { belongs, everybody, type Behind, type PersonBehind } from "../../src/desk/board/people";
import { chained } from "../../src/desk/review/chain";

const counts = (values: Partial<SlotCounts>) =>
  ({ slot: "morning", time: "over", expected: 0, received: 0, unasked: 0, awaited: 0, missed: 0, excused: 0, not_required: 0, inside: 0, probable: 0, uncertain: 0, unverifiable: 0, unusable: 0, outside: 0, ...values }) as SlotCounts;
const person = (values: Partial<PersonBehind>) => ({ employee_id: "1", name: "Dewi", mode: "wfh", state: "received", flags: [], ...values }) as PersonBehind;

test("the slot that runs is looked at first, else the last that is over, else the first to come", () => {
  const day = (...times: string[]) => ["morning", "midday", "afternoon"].map((slot, at) => counts({ slot: slot as "morning", time: times[at] as "over" }));
  expect(slotToLookAt(day("over", "running", "ahead"))).toBe("midday");
  expect(slotToLookAt(day("over", "over", "ahead"))).toBe("midday");
  expect(slotToLookAt(day("ahead", "ahead", "ahead"))).toBe("morning");
  expect(slotToLookAt([])).toBe("");
});

test("what is new is counted by shares, and other changes are told as such", () => {
  expect(news(counts({ received: 3 }), counts({ received: 5 }))).toEqual({ received: 2, isOther: false });
  expect(news(counts({ missed: 3 }), counts({ missed: 2, excused: 1 }))).toEqual({ received: 0, isOther: true });
  expect(news(counts({}), counts({}))).toEqual({ received: 0, isOther: false });
  expect(news(undefined, counts({ received: 5 }))).toEqual({ received: 0, isOther: false });
});

test("exceptions are those missing and those with a question of place", () => {
  expect(exceptions(counts({ missed: 1, outside: 2, unusable: 3, uncertain: 4, unverifiable: 5, inside: 90, awaited: 9 }))).toBe(15);
  expect(countOf(counts({ outside: 2 }), "outside")).toBe(2);
  expect(countOf(counts({}), "flagged")).toBeUndefined();
  expect(isEmpty(counts({ received: 1 }), "flagged")).toBe(false);
  expect(isEmpty(counts({}), "flagged")).toBe(true);
});

test("everybody stands in exactly one list", () => {
  const all = [
    person({ place: "inside" }),
    person({ place: "inside", flags: ["clock_skew"] }),
    person({ place: "outside", flags: ["mock_provider"] }),
    person({ place: "probable", flags: ["not_required"] }),
    person({ state: "missed" }),
  ];
  const listsOf = (one: PersonBehind): Behind[] => [one.state === "missed" ? "missed" : (one.place as Behind), ...(one.flags.length > 0 ? ["flagged" as Behind] : [])];
  for (const one of all) expect(listsOf(one).filter((behind) => belongs(one, behind)), JSON.stringify(one)).toHaveLength(1);
});

test("the lists are walked in their order, page by page, and empty ones are not asked for", async () => {
  const pages: Record<string, PersonBehind[][]> = {
    missed: [[person({ employee_id: "1", state: "missed" })], [person({ employee_id: "2", state: "missed" })]],
    inside: [[person({ employee_id: "3", place: "inside" }), person({ employee_id: "4", place: "inside", flags: ["clock_skew"] })]],
  };
  const asked: string[] = [];
  const load = everybody(
    async (behind, cursor) => {
      asked.push(`${behind} ${cursor ?? ""}`.trim());
      const at = Number(cursor ?? 0);
      const next = pages[behind]?.[at + 1] ? String(at + 1) : null;
      return { items: pages[behind]?.[at] ?? [], next_cursor: next };
    },
    (behind) => !["missed", "inside"].includes(behind),
  );
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    found.push(...page.items.map(({ employee_id, behind }) => `${behind} ${employee_id}`));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(["missed 1", "missed 2", "inside 3"]);
  expect(asked).toEqual(["missed", "missed 1", "inside"]);
});

test("a cursor may hold blanks", async () => {
  const load = chained<string>([async (cursor) => (cursor === undefined ? { items: ["a"], next_cursor: "x y" } : { items: [cursor] })]);
  const first = await load(undefined);
  expect(await load(first.next_cursor ?? undefined)).toEqual({ items: ["x y"] });
});
