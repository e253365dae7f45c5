// Leave as the pages know it: what is asked of the service, how a request goes on, and which step is next.
import type { components } from "../../../generated/schema";
import { api, readFile } from "../../session";
import { say } from "./texts";

export type LeaveRequest = components["schemas"]["LeaveRequestView"];

const LIMIT = 50;

export function listLeave(cursor: string | undefined) {
  return api.GET("/v1/me/leave-requests", { params: { query: { limit: LIMIT, ...(cursor ? { cursor } : {}) } } });
}

/** The steps of a request that goes its whole way, in order; each is over once the request is in its state or a later one. */
export const STEPS = ["submitted", "balance_checked", "considered", "decided", "letter_issued"] as const;
const ORDER = ["draft", "submitted", "balance_checked", "considered", "changed", "decided", "letter_issued", "running", "ended"];

/** How many of the steps are over. A request that ended otherwise has no more of them to show. */
export function stepsDone({ state }: LeaveRequest): number {
  const at = ORDER.indexOf(state);
  return STEPS.filter((step) => at >= ORDER.indexOf(step)).length;
}

/** How it stands in a few words; a decision against it is told by its outcome. */
export function wordOf({ state, is_granted, decision }: LeaveRequest): string {
  if (state === "decided" && !is_granted && decision) return say(`leave_outcome.${decision.outcome}`).toLowerCase();
  return say(`leave_state.${state}` as "leave_state.draft");
}

export function isGood({ state, is_granted }: LeaveRequest): boolean {
  return is_granted && !["withdrawn", "cancelled", "recalled"].includes(state);
}

/** Whether it waits for its applicant. */
export function asksApplicant({ state }: LeaveRequest): boolean {
  return state === "changed" || state === "draft";
}

/** Before the decision one's own request can be taken back. */
export function mayWithdraw({ state }: LeaveRequest): boolean {
  return ["draft", "submitted", "balance_checked", "considered", "changed"].includes(state);
}

/** A granted leave can be given up before it begins. */
export function mayCancel({ state, is_granted, from }: LeaveRequest, today: string): boolean {
  return is_granted && (state === "decided" || state === "letter_issued") && from > today;
}

/** Hands a letter to the browser to keep. */
export async function saveLetter(id: string, name: string): Promise<void> {
  const address = URL.createObjectURL(await readFile(`/v1/letters/${id}/file.pdf`));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
