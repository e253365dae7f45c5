// What the form of a new plan asks the service: the period, the agencies, and how sure the claim is to be.
import type { Audit } from "../audits.svelte";

/** The form as it is filled in; dates as `2026-11-27`. */
export interface Question {
  from: string;
  to: string;
  agencies: string[];
  strata: "agency" | "whole";
  confidenceBp: number;
  /** Units of each stratum; without it the rate decides. */
  size: number | undefined;
  tolerableBp: number;
}

/** When the auditors may look and stop. */
export const RULES = ["fixed", "sequence"] as const;
export type Rule = (typeof RULES)[number];

const DAY = 86_400_000;
export const LONGEST_PERIOD_DAYS = 92;

/** The dates from Monday of last week, or of this week, to yesterday: at least a work week that has ended. */
export function usualPeriod(today: string): { from: string; to: string } {
  const at = Date.parse(`${today}T00:00:00Z`);
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const monday = at - (weekday + (weekday < 5 ? 7 : 0)) * DAY;
  return { from: dateOf(monday), to: dateOf(at - DAY) };
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Whether the service would count a population for these dates. */
export function isPeriod(from: string, to: string, today: string): boolean {
  const days = (Date.parse(to) - Date.parse(from)) / DAY;
  return days >= 0 && days < LONGEST_PERIOD_DAYS && to <= today;
}

/** The agencies of which some day of the period belongs to an audit already: one plan covers an agency and a day. */
export function taken(audits: Audit[], from: string, to: string): Set<string> {
  const standing = audits.filter(({ state }) => state !== "cancelled");
  return new Set(standing.filter((audit) => audit.from <= to && audit.to >= from).flatMap((audit) => audit.agencies));
}

/** The units of each stratum, as the planner takes them; strata that are empty are left out. */
export function populations(strata: Question["strata"], agencies: string[], counted: Map<string, number>): number[] {
  const units = agencies.map((code) => counted.get(code) ?? 0).filter((count) => count > 0);
  return strata === "whole" && units.length > 0 ? [units.reduce((sum, count) => sum + count, 0)] : units;
}
