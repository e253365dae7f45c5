// Work schedules in words: days of the week in stretches, and minutes after midnight as clock times.
import type { components } from "../../../generated/schema";

export type Schedule = components["schemas"]["AgencyScheduleView"];
type Hours = components["schemas"]["WorkHoursView"];
export type Weekday = components["schemas"]["DayOfWeekView"];

export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const satisfies Weekday[];

/** `07.30`; past midnight the clock begins anew. */
export function clockOf(minute: number): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${part(Math.floor(minute / 60) % 24)}.${part(minute % 60)}`;
}

/** `07.30–16.00`, with a mark where it ends on the next day. */
export function stretchOf({ starts_minute, ends_minute }: { starts_minute: number; ends_minute: number }): string {
  return `${clockOf(starts_minute)}–${clockOf(ends_minute)}${ends_minute > 1_440 ? " (+1)" : ""}`;
}

/** Of one unit's or person's starts those that hold on a date or are still to come; one without a schedule ends what was before it. */
export function holding<Start extends { from: string; schedule_id?: string | null }>(starts: Start[], date: string): Start[] {
  const inOrder = [...starts].sort((one, other) => (one.from < other.from ? -1 : 1));
  const begun = inOrder.filter(({ from }) => from <= date).slice(-1);
  return [...begun, ...inOrder.filter(({ from }) => from > date)].filter(({ schedule_id }) => Boolean(schedule_id));
}

/** Days in the order of the week, as stretches: Monday to Thursday are one, Saturday alone is one. */
export function stretchesOf(days: Weekday[]): [Weekday, Weekday][] {
  const stretches: [Weekday, Weekday][] = [];
  let before = -2;
  WEEKDAYS.forEach((day, at) => {
    if (!days.includes(day)) return;
    if (at === before + 1) stretches[stretches.length - 1]![1] = day;
    else stretches.push([day, day]);
    before = at;
  });
  return stretches;
}

/** `Senin–Kamis 07.30–16.00`, by the names that `name` gives to days. */
export function hoursOf(hours: Hours, name: (day: Weekday) => string): string {
  const days = stretchesOf(hours.days).map(([first, last]) => (first === last ? name(first) : `${name(first)}–${name(last)}`));
  return `${days.join(", ")} ${stretchOf(hours)}`;
}
