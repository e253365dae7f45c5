// The times of cases by date: which hold today, and by which version a date is changed.
import { expect, test } from "vitest";
import { inForce, standingOf, versionOf, type CaseRules } from "../../src/audit/rules/case_rules";

const rules = (effective_from: string | undefined, version: number): CaseRules => ({ ...(effective_from ? { effective_from } : {}), version, reply_working_days: 3, objection_working_days: 14, waiting_days: 7 });

test("those of the latest date that has begun hold", () => {
  const shipped = rules(undefined, 0);
  const first = rules("2026-03-01", 2);
  const coming = rules("2026-12-01", 1);
  const all = [shipped, first, coming];
  expect(inForce(all, "2026-11-28")).toBe(first);
  expect(inForce(all, "2026-02-28")).toBe(shipped);
  expect(inForce(all, "2026-12-01")).toBe(coming);
  expect(all.map((one) => standingOf(one, all, "2026-11-28"))).toEqual(["past", "now", "coming"]);
  expect(standingOf(shipped, [shipped], "2026-11-28")).toBe("now");
  expect([versionOf(all, "2026-03-01"), versionOf(all, "2026-03-02")]).toEqual([2, 0]);
});
