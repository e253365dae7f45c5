// A new plan: its usual period, the agencies that have one already, and the strata that the planner is asked about.
import { expect, test } from "vitest";
import { atLeast, atMost, period } from "../../src/audit/figures";
import type { Audit } from "../../src/audit/audits.svelte";
import { isPeriod, populations, taken, usualPeriod } from "../../src/audit/plan/question";

test("the usual period ends yesterday and holds a work week that has ended", () => {
  // Monday, Wednesday, Saturday.
  expect(usualPeriod("2026-11-23")).toEqual({ from: "2026-11-16", to: "2026-11-22" });
  expect(usualPeriod("2026-11-25")).toEqual({ from: "2026-11-16", to: "2026-11-24" });
  expect(usualPeriod("2026-11-28")).toEqual({ from: "2026-11-23", to: "2026-11-27" });
});

test("a period is in order, at most a quarter, and not ahead", () => {
  expect(isPeriod("2026-11-01", "2026-11-01", "2026-11-01")).toBe(true);
  expect(isPeriod("2026-11-02", "2026-11-01", "2026-11-28")).toBe(false);
  expect(isPeriod("2026-11-01", "2026-11-29", "2026-11-28")).toBe(false);
  expect(isPeriod("2026-08-01", "2026-10-31", "2026-11-28")).toBe(true);
  expect(isPeriod("2026-07-31", "2026-10-31", "2026-11-28")).toBe(false);
  expect(isPeriod("", "2026-10-31", "2026-11-28")).toBe(false);
});

test("an agency is taken where a plan shares a day with the period", () => {
  const audits = [{ from: "2026-11-10", to: "2026-11-12", agencies: ["dpk", "bkd"] }] as Audit[];
  expect(taken(audits, "2026-11-12", "2026-11-20")).toEqual(new Set(["dpk", "bkd"]));
  expect(taken(audits, "2026-11-13", "2026-11-20").size).toBe(0);
});

test("a cancelled plan takes no agency", () => {
  const cancelled = { state: "cancelled", from: "2026-11-10", to: "2026-11-12", agencies: ["dpk"] } as Audit;
  expect(taken([cancelled], "2026-11-10", "2026-11-12").size).toBe(0);
  expect(taken([{ ...cancelled, state: "planned" }], "2026-11-10", "2026-11-12").size).toBe(1);
});

test("strata are the agencies that have slots, or all of them together", () => {
  const units: [string, number][] = [["dpk", 18], ["bkd", 0], ["bapenda", 30]];
  const counted = new Map(units.map(([agency, population]) => [agency, { agency, population, refusals: [] }]));
  expect(populations("agency", ["dpk", "bkd", "bapenda"], counted)).toEqual([18, 30]);
  expect(populations("whole", ["dpk", "bkd", "bapenda"], counted)).toEqual([48]);
  expect(populations("whole", ["bkd"], counted)).toEqual([]);
});

test("rates are rounded away from the claim and written with one decimal", () => {
  expect(atMost(481, "id")).toBe("4,9 %");
  expect(atMost(480, "en")).toBe("4.8 %");
  expect(atMost(10_000, "id")).toBe("100 %");
  expect(atLeast(489, "id")).toBe("4,8 %");
  expect(atLeast(3, "id")).toBe("0 %");
});

test("a period of one day is one date", () => {
  expect(period("2026-11-27", "2026-11-27", "id")).toBe("27 November 2026");
  expect(period("2026-10-30", "2026-11-27", "en")).toBe("30 October 2026 – 27 November 2026");
});
