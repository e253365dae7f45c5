// What the form of a new plan asks the service: the period, the agencies, and how sure the claim is to be.
import type { components } from "../../../generated/schema";
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

/** How many slots have a flag. */
export type FlagCount = components["schemas"]["FlagCountView"];

/** What there is of an agency: its slots, and where flags were asked for, which of them have which. */
export type Counted = components["schemas"]["AgencyPopulationView"];

/** Slots of the chosen agencies by their flags, chosen flags without any among them, in the order of their codes. */
export function flagsOf(agencies: string[], counted: Map<string, Counted>, chosen: string[]): FlagCount[] {
  const slots = new Map(chosen.map((flag) => [flag, 0]));
  for (const { flag, slots: count } of agencies.flatMap((code) => counted.get(code)?.flags ?? [])) slots.set(flag, (slots.get(flag) ?? 0) + count);
  return [...slots].map(([flag, slots]) => ({ flag, slots })).sort((one, other) => one.flag.localeCompare(other.flag));
}

/** Slots of the chosen agencies with one of the asked flags. */
export function targetedOf(agencies: string[], counted: Map<string, Counted>): number {
  return agencies.reduce((sum, code) => sum + (counted.get(code)?.targeted ?? 0), 0);
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

/** Slots of an agency that are left to chance. */
export function drawnFrom(code: string, counted: Map<string, Counted>): number {
  const count = counted.get(code);
  return count ? count.population - (count.targeted ?? 0) : 0;
}

/** The units of each stratum, as the planner takes them; strata that are empty are left out. */
export function populations(strata: Question["strata"], agencies: string[], counted: Map<string, Counted>): number[] {
  const units = agencies.map((code) => drawnFrom(code, counted)).filter((count) => count > 0);
  return strata === "whole" && units.length > 0 ? [units.reduce((sum, count) => sum + count, 0)] : units;
}
