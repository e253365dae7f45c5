// A day of one's month: what it was in words, and the letters that the printed recap has for it.
import type { components } from "../../../generated/schema";
import { api } from "../../session";
import { say } from "./texts";

export type RecapDay = components["schemas"]["RecapDayView"];

/** The letters of a mode as it is planned; what was is told by the service. */
const PLANNED: Record<RecapDay["mode"], string> = {
  wfo: "K",
  wfh: "R",
  wfa: "R",
  picket: "P",
  duty_travel: "DL",
  training: "DL",
  leave: "C",
  sick: "S",
  off: "-",
};

export function readMonth(month: string) {
  return api.GET("/v1/me/month", { params: { query: { month } } });
}

export function isPlanned(day: RecapDay): boolean {
  return day.status === "pending";
}

/** What stands in the cell of a day. */
export function signOf(day: RecapDay): string {
  return isPlanned(day) ? PLANNED[day.mode] : day.sign;
}

/** Whether the day waits for a word, or for a correction, of the person's. */
export function asks(day: RecapDay): boolean {
  return day.status === "to_explain" || day.status === "incomplete" || day.status === "absent";
}

/** What the day was, or is to be, in a few words. */
export function wordOf(day: RecapDay): string {
  const mode = say(`mode.${day.mode}`);
  switch (day.status) {
    case "present":
    case "pending":
      return mode;
    case "incomplete":
      return say("day.incomplete", { mode });
    case "to_explain":
      return say("day.to_explain", { mode });
    default:
      return say(`day.${day.status}`);
  }
}
