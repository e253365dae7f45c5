// What a request for leave waits for, and whether that is the person who looks at it.
import type { components } from "../../../generated/schema";

export type Leave = components["schemas"]["LeaveRequestView"];
export type Outcome = components["schemas"]["OutcomeName"];

export type Step = "check" | "consider" | "decide" | "letter" | "none";

/** What the person may do next with a request, given the roles that they hold. Nobody acts on their own. */
export function stepOf(leave: Pick<Leave, "state" | "is_granted" | "authority" | "employee_id">, roles: string[], self?: string | null): Step {
  if (self && self === leave.employee_id) return "none";
  const isAuthority = Boolean(leave.authority && roles.includes(leave.authority));
  if (leave.state === "submitted" && roles.includes("leave_officer")) return "check";
  if (leave.state === "balance_checked" && roles.includes("superior")) return "consider";
  if (leave.state === "considered" && isAuthority) return "decide";
  if (leave.state === "decided" && leave.is_granted && isAuthority) return "letter";
  return "none";
}

/** How a leave that has its letter may be ended by whoever looks: given up before it begins, or cut short by calling back. */
export function endOf(leave: Pick<Leave, "state" | "authority">, roles: string[]): "cancel" | "recall" | undefined {
  if (leave.state === "running" && leave.authority && roles.includes(leave.authority)) return "recall";
  if (leave.state === "letter_issued" && roles.includes("leave_officer")) return "cancel";
  return undefined;
}
