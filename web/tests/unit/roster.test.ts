// The roster's grid as it is walked through and drawn over, and the month that a new roster is for.
import { expect, test } from "vitest";
import { monthAfter } from "../../src/desk/roster/month";
import { holds, spots, step } from "../../src/desk/roster/selection";

test("a stretch is the same whichever corner it was begun at", () => {
  const one = { start: { row: 1, day: 4 }, end: { row: 2, day: 3 } };
  const other = { start: { row: 2, day: 3 }, end: { row: 1, day: 4 } };
  expect(spots(one)).toEqual(spots(other));
  expect(spots(one)).toEqual([
    { row: 1, day: 3 },
    { row: 1, day: 4 },
    { row: 2, day: 3 },
    { row: 2, day: 4 },
  ]);
  expect(holds(one, { row: 2, day: 4 })).toBe(true);
  expect(holds(one, { row: 3, day: 4 })).toBe(false);
  expect(holds(one, { row: 2, day: 2 })).toBe(false);
});

test("keys lead to the edge and not beyond", () => {
  const at = { row: 5, day: 2 };
  expect(step("ArrowRight", at, 10, 3, false)).toEqual({ row: 5, day: 2 });
  expect(step("ArrowLeft", at, 10, 3, false)).toEqual({ row: 5, day: 1 });
  expect(step("PageUp", at, 10, 3, false)).toEqual({ row: 0, day: 2 });
  expect(step("PageDown", at, 10, 3, false)).toEqual({ row: 9, day: 2 });
  expect(step("Home", at, 10, 3, false)).toEqual({ row: 5, day: 0 });
  expect(step("End", at, 10, 3, true)).toEqual({ row: 9, day: 2 });
  expect(step("k", at, 10, 3, false)).toBeUndefined();
});

test("a new roster is for the next month, also over the turn of the year", () => {
  expect(monthAfter("2026-11-28")).toEqual({ from: "2026-12-01", to: "2026-12-31" });
  expect(monthAfter("2026-12-31")).toEqual({ from: "2027-01-01", to: "2027-01-31" });
  expect(monthAfter("2028-01-31")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
});
