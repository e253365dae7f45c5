// Which rows of a long list are drawn.
import { expect, test } from "vitest";
import { drawn, left } from "../../src/officer/window";

const shape = (count: number, top: number, held?: number) => {
  const rows = drawn(count, 40, top, 400, held);
  return { rows: rows.map(({ index }) => index), high: rows.reduce((sum, { gap }) => sum + gap + 1, 0) + left(count, rows) };
};

test("the rows in sight and eight on both sides, and the whole is always as high as all rows", () => {
  expect(shape(10_000, 0).rows).toEqual(Array.from({ length: 18 }, (_, at) => at));
  const middle = shape(10_000, 40_000);
  expect(middle.rows[0]).toBe(992);
  expect(middle.rows.at(-1)).toBe(1_017);
  for (const top of [0, 39, 40_000, 399_600, 1e9]) for (const held of [undefined, 0, 5_000, 9_999]) expect(shape(10_000, top, held).high).toBe(10_000);
});

test("the row with the focus stays, above and below what is in sight, and once only", () => {
  expect(shape(10_000, 40_000, 3).rows.slice(0, 2)).toEqual([3, 992]);
  expect(shape(10_000, 40_000, 9_000).rows.at(-1)).toBe(9_000);
  expect(shape(10_000, 40_000, 1_000).rows.filter((index) => index === 1_000)).toEqual([1_000]);
  expect(shape(3, 0, 7).rows).toEqual([0, 1, 2]);
});

test("nothing is drawn of nothing, and no list is left by having got shorter", () => {
  expect(shape(0, 4_000).rows).toEqual([]);
  expect(shape(2, 4_000).rows).toEqual([1]);
});
