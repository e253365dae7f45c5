// What a batch covers, what is left of the time for a report, and who may do what with it next.
import type { components } from "../../../generated/schema";
import { dayOf, daysOf, span } from "../../format";
import type { Language } from "../../texts";
import { text } from "../texts";

export type Batch = components["schemas"]["BatchView"];
export type SlotReport = components["schemas"]["SlotReportView"];
export type Reports = components["schemas"]["AgencyReportsView"];
export type Overview = components["schemas"]["OverviewView"];

/** `28 November 2026, Pagi` */
export function coverage({ from, to, slot }: Pick<Batch, "from" | "to" | "slot">, language: Language): string {
  const days = from === to ? dayOf(from, language) : daysOf(from, to, language);
  return slot ? `${days}, ${text(language, `slot.${slot}` as "slot.morning")}` : days;
}

/** What is left until a report is due, or that it is overdue. */
export function timeLeft({ reporting, due_at }: SlotReport, now: number, language: Language): string {
  if (reporting !== "pending" && reporting !== "missing") return "";
  const left = Date.parse(due_at) - now;
  return left > 0 ? text(language, "report_of.left", { span: span(left, language) }) : text(language, "report_of.overdue", { span: span(-left, language) });
}

export type Step = "send" | "answer" | "decide" | "none";

/** What comes next for somebody with these roles. A newer version takes everything on itself. */
export function stepOf({ state, superseded_by, receipt_number, findings }: Pick<Batch, "state" | "superseded_by" | "receipt_number" | "findings">, isOfAgency: boolean, canDecide: boolean): Step {
  if (superseded_by) return "none";
  if (state === "sealed" && isOfAgency) return "send";
  // What the check itself rejected has no receipt: it is sealed again, not answered for.
  if (state === "rejected" && isOfAgency && receipt_number && findings.length > 0) return "answer";
  if (state === "received" && canDecide) return "decide";
  return "none";
}

export function stateClass(state: string): string {
  if (state === "accepted" || state === "sent") return "state-good";
  if (state === "rejected" || state === "missing" || state === "late") return "state-wrong";
  return state === "sealed" || state === "pending" ? "state-ask" : "";
}
