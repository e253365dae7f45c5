// A recap as the service tells it, and the months that can be looked at.
import type { components } from "../../../generated/schema";

export type Recap = components["schemas"]["RecapView"];
export type Line = components["schemas"]["RecapLineView"];
export type Day = components["schemas"]["RecapDayView"];
export type Version = components["schemas"]["RecapVersionView"];

/** The days of a month, `2026-11-01` and on. */
export function daysOfMonth(month: string): string[] {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, day) => `${month}-${String(day + 1).padStart(2, "0")}`);
}

/** Whether nobody was asked. */
export function isFree(status: Day["status"]): boolean {
  return status === "free" || status === "holiday" || status === "pending";
}

/** How the sign of a day stands out: what has no known reason, what somebody should look at, and what asks for nothing. */
export function signClass(status: Day["status"]): string {
  if (status === "absent") return "state-wrong";
  if (status === "to_explain" || status === "incomplete") return "state-ask";
  return isFree(status) ? "quiet" : "";
}
