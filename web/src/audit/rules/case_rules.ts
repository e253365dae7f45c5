// The times of cases by date: which of them hold today, and which version a change of a date goes by.
import type { components } from "../../../generated/schema";

export type CaseRules = components["schemas"]["CaseRulesView"];

export const TIMES = ["reply_working_days", "objection_working_days", "waiting_days"] as const;

export type Standing = "past" | "now" | "coming";

/** How those of a date stand today; those that ship hold until the first of BKD's. */
export function standingOf(one: CaseRules, all: CaseRules[], today: string): Standing {
  if ((one.effective_from ?? "") > today) return "coming";
  return one === inForce(all, today) ? "now" : "past";
}

/** Those that hold on a date. */
export function inForce(all: CaseRules[], date: string): CaseRules | undefined {
  const begun = all.filter(({ effective_from }) => (effective_from ?? "") <= date);
  return begun.sort((one, other) => ((one.effective_from ?? "") < (other.effective_from ?? "") ? 1 : -1))[0];
}

/** What is sent beside a change, so that two who change the same date do not overwrite each other. */
export function versionOf(all: CaseRules[], date: string): number {
  return all.find(({ effective_from }) => effective_from === date)?.version ?? 0;
}
