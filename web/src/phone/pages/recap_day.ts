// A day of one's month in words, and how a month is read.
import { api } from "../../session";
import type { RecapDay } from "./recap_sign";
import { say } from "./texts";

export function readMonth(month: string) {
  return api.GET("/v1/me/month", { params: { query: { month } } });
}

/** What the day was, or is to be, in a few words; of both halves where each has a mode of its own. */
export function wordOf(day: RecapDay): string {
  if (!day.afternoon) return halfWord(day);
  return say("mode.halves", { morning: halfWord(day).toLowerCase(), afternoon: halfWord(day.afternoon).toLowerCase() });
}

function halfWord(day: Pick<RecapDay, "mode" | "status">): string {
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
