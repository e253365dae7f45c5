// What a day of one's month is by the letters of the printed recap; a day may have two, one a half.
import type { components } from "../../../generated/schema";

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

export function isPlanned(day: RecapDay): boolean {
  return day.status === "pending";
}

/** What stands in the cell of a day: one sign, or one for each half. */
export function signOf(day: RecapDay): string {
  if (!isPlanned(day)) return day.sign;
  return day.afternoon ? `${PLANNED[day.mode]}/${PLANNED[day.afternoon.mode]}` : PLANNED[day.mode];
}

/** Whether the day, or a half of it, waits for a word, or for a correction, of the person's. */
export function asks(day: RecapDay): boolean {
  return [day, day.afternoon].some((half) => half?.status === "to_explain" || half?.status === "incomplete" || half?.status === "absent");
}

/** Why the day is what it is, with what is said of its second half. */
export function reasonsOf(day: RecapDay): RecapDay["reasons"] {
  const said = [...day.reasons, ...(day.afternoon?.reasons ?? [])];
  return said.filter(({ message }, at) => said.findIndex((other) => other.message === message) === at);
}
