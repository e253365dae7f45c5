// What schedules say of the coming days, by the service's own reading: a pattern goes on in both directions, holidays are free unless worked on.
import { laterBy, type Made, type WorkSchedule } from "./making";
import { stretchOf, WEEKDAYS } from "./schedule";

export interface PreviewDay {
  date: string;
  /** Why nobody works, for schedules that keep holidays. */
  holiday: string | undefined;
  /** For each schedule the name of the shift, where it has shifts, and the hours; nothing on a free day. */
  cells: { shift: string | undefined; hours: string | undefined }[];
}

/** So many days are shown. */
export const PREVIEW_DAYS = 14;

/** The days from a date on; `holidays` are names by date. */
export function previewOf(schedules: WorkSchedule[], from: string, holidays: ReadonlyMap<string, string>): PreviewDay[] {
  if (!laterBy(from, 0)) return [];
  return Array.from({ length: PREVIEW_DAYS }, (_, day) => {
    const date = laterBy(from, day);
    const holiday = holidays.get(date);
    const cells = schedules.map((schedule) => (holiday && !schedule.works_on_holidays ? { shift: undefined, hours: undefined } : dayOf(schedule, date)));
    return { date, holiday, cells };
  });
}

function dayOf(schedule: WorkSchedule, date: string): PreviewDay["cells"][number] {
  const at = Date.parse(`${date}T00:00:00Z`);
  if (schedule.kind === "week") {
    const weekday = WEEKDAYS[(new Date(at).getUTCDay() + 6) % 7]!;
    const hours = schedule.hours.find(({ days }) => days.includes(weekday));
    return { shift: undefined, hours: hours && stretchOf(hours) };
  }
  const { pattern, shifts } = schedule;
  if (!pattern || pattern.days.length === 0) return { shift: undefined, hours: undefined };
  const days = Math.round((at - Date.parse(`${pattern.first_day}T00:00:00Z`)) / 86_400_000);
  const code = pattern.days[((days % pattern.days.length) + pattern.days.length) % pattern.days.length];
  const shift = shifts.find((shift) => shift.code === code);
  return { shift: shift?.name, hours: shift && stretchOf(shift) };
}

/** Shifts that no team fills on some of the days, with how many days that is. */
export function unfilled(schedules: Made[], days: PreviewDay[]): { shift: string; days: number }[] {
  const [first] = schedules;
  if (schedules.length < 2 || first?.schedule.kind !== "shifts") return [];
  return first.schedule.shifts
    .map(({ name }) => ({ shift: name, days: days.filter(({ cells }) => !cells.some(({ shift }) => shift === name)).length }))
    .filter(({ days }) => days > 0);
}
