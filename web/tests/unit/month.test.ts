// A calendar's page: whole weeks from Monday on, whatever the month begins and ends with.
import { expect, test } from "vitest";
import { monthAfter, monthBefore, weeksOf } from "../../src/phone/pages/month";

test("the month before and after cross the year", () => {
  expect(monthBefore("2026-01")).toBe("2025-12");
  expect(monthAfter("2026-12")).toBe("2027-01");
  expect(monthAfter("2026-02")).toBe("2026-03");
});

test("weeks begin on Monday and hold each date once", () => {
  const weeks = weeksOf("2026-11");
  expect(weeks[0]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, "2026-11-01"]);
  expect(weeks.at(-1)).toEqual(["2026-11-30", undefined, undefined, undefined, undefined, undefined, undefined]);
  expect(weeks.flat().filter(Boolean)).toHaveLength(30);
});

test("a month of four whole weeks has no empty place, and a leap day is there", () => {
  expect(weeksOf("2027-02").flat()).toHaveLength(28);
  expect(weeksOf("2027-02").flat()).not.toContain(undefined);
  expect(weeksOf("2028-02").flat()).toContain("2028-02-29");
});
