// How a dispatch stands, and what it is called when it is kept.
import type { components } from "../../../generated/schema";

export type Dispatch = components["schemas"]["DispatchView"];

/** From the last word on: its proof is here, BKD refused it, it was not reached, it waits for its turn, it was fetched, or nothing was done yet. */
export type Standing = "proved" | "refused" | "unreached" | "waiting" | "made" | "ready";

/** What did not come from BKD's own judgement is tried again without anybody's help. */
const PASSING = ["unreachable", "own"];

export function standingOf({ proved_at, problem, next_attempt_at, made_at }: Pick<Dispatch, "proved_at" | "problem" | "next_attempt_at" | "made_at">): Standing {
  if (proved_at) return "proved";
  if (problem) return PASSING.includes(problem.code) ? "unreached" : "refused";
  if (next_attempt_at) return "waiting";
  return made_at ? "made" : "ready";
}

export const STANDINGS: Standing[] = ["proved", "refused", "unreached", "waiting", "made", "ready"];

export function standingClass(standing: Standing): string {
  if (standing === "proved") return "state-good";
  if (standing === "refused") return "state-wrong";
  return standing === "unreached" || standing === "made" ? "state-ask" : "";
}

/** `diskominfo-2026-11-28-midday-v1`: what files of a batch are called. */
export function fileNameOf({ agency, from, slot, version }: Pick<Dispatch, "agency" | "from" | "slot" | "version">): string {
  return `${agency}-${from}${slot ? `-${slot}` : ""}-v${version}`;
}
