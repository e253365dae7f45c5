// Dates, times and numbers as offices write them.
import { expect, test } from "vitest";
import { clock, clocks, dateOf, longDate, metres, monthName, number, plainDate, shortDate, span } from "../../src/format";

test("dates and times are written as in letters, in the zone of duty", () => {
  expect(longDate("2026-11-28", "id")).toBe("Sabtu, 28 November 2026");
  expect(clock("2026-03-02T00:30:00Z", "Asia/Jakarta", "id")).toBe("07.30");
  expect(clock("2026-03-02T00:30:00Z", "Asia/Jayapura", "id")).toBe("09.30");
  expect(clock("2026-03-01T17:00:00Z", "Asia/Jakarta", "en")).toBe("00:00");
  expect(clocks("08:00", "10:30:00", "id")).toBe("08.00–10.30");
  expect(clocks("08:00", "10:30", "en")).toBe("08:00–10:30");
  expect(shortDate("2026-11-28", "id")).toBe("Sab, 28 Nov");
  expect(plainDate("2026-11-28", "id")).toBe("28 November 2026");
  expect(monthName("2026-11", "id")).toBe("November 2026");
  expect(dateOf("2026-03-01T17:00:00Z", "Asia/Jakarta", "id")).toBe("2 Maret 2026");
});

test("numbers are grouped, and accuracy never looks better than it is", () => {
  expect(number(1_329, "id")).toBe("1.329");
  expect(number(1_329, "en")).toBe("1,329");
  expect(metres(18.1, "id")).toBe("19");
});

test("what is left of a window is said in whole minutes, rounded down", () => {
  expect(span(59_999, "id")).toBe("kurang dari 1 menit");
  expect(span(60_000, "id")).toBe("1 menit");
  expect(span(3_599_999, "id")).toBe("59 menit");
  expect(span(3_600_000, "id")).toBe("1 jam");
  expect(span(4_800_000, "id")).toBe("1 jam 20 menit");
  expect(span(48 * 3_600_000 - 1, "id")).toBe("47 jam 59 menit");
  expect(span(72 * 3_600_000 - 1, "id")).toBe("2 hari");
});
