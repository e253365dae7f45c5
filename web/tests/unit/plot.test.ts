// The plots of a report: rates rounded outwards, lines with a round end, and parts that make the whole.
import { expect, test } from "vitest";
import { end, fitted, lower, marks, standing, upper, type Stratum } from "../../src/audit/report/plot";

test("rates are rounded away from what would please", () => {
  expect([upper(1, 3), lower(1, 3)]).toEqual([3_334, 3_333]);
  expect([upper(0, 0), lower(5, 5)]).toEqual([0, 10_000]);
});

test("a line ends at a round rate that holds every rate", () => {
  expect([end([]), end([500]), end([501]), end([1_999, 30]), end([2_001]), end([5_001]), end([10_000])]).toEqual([
    500, 500, 1_000, 2_000, 5_000, 10_000, 10_000,
  ]);
  expect(marks(2_000)).toEqual([0, 500, 1_000, 1_500, 2_000]);
});

test("the parts of a sample make the sample", () => {
  const stratum = { sample: 12, deviations: 1, inconclusive: 2, open: 3 } as Stratum;
  expect(standing(stratum)).toEqual({ deviations: 1, inconclusive: 2, open: 3, clean: 6 });
});

test("a long name is cut to what fits and says so", () => {
  expect(fitted("Dinas Perpustakaan dan Kearsipan", 720)).toBe("Dinas Perpustakaan dan Kearsipan");
  expect(fitted("Dinas Perpustakaan dan Kearsipan", 150)).toBe("Dinas Perpustakaan…");
});
