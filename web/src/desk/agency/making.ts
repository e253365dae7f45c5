// What an operator fills in to make work schedules, and the schedules of the service that come of it: a week, or a pattern of shifts for one team or several.
import type { components } from "../../../generated/schema";
import { WEEKDAYS, type Weekday } from "./schedule";

export type WorkSchedule = components["schemas"]["WorkScheduleView"];

/** Hours of some days of the week, as they are typed. */
export interface HoursForm {
  days: Weekday[];
  from: string;
  to: string;
  pause: string;
}

/** A shift as it is typed. */
export interface ShiftForm {
  name: string;
  from: string;
  to: string;
}

export interface TeamsForm {
  shifts: ShiftForm[];
  /** For each day of the pattern the place of a shift, or -1 where it is free. */
  pattern: number[];
  teams: number;
  /** So many days later the next team begins the pattern. */
  apart: number;
  first_day: string;
  on_holidays: boolean;
}

/** A schedule to be made, under its name. */
export interface Made {
  name: string;
  schedule: WorkSchedule;
}

/** What is amiss in a form: a place in it, and which sentence says so. */
export interface Flaw {
  field: string;
  key: "time" | "order" | "days" | "twice" | "name" | "same_name" | "pattern" | "first_day";
}

const MINUTES_A_DAY = 1_440;
/** The service's windows: 90 minutes and 10 of grace from the start, two hours from the fourth on, and the last 30 minutes. */
const SHORTEST_WITH_MIDDAY = 401;

/** Usual weeks: the hours of Perpres 21/2023 on five days, and the same 37.5 hours on six. */
export const WEEKS: Record<"five" | "six", HoursForm[]> = {
  five: [
    { days: ["Mon", "Tue", "Wed", "Thu"], from: "07.30", to: "16.00", pause: "60" },
    { days: ["Fri"], from: "07.30", to: "16.30", pause: "90" },
  ],
  six: [
    { days: ["Mon", "Tue", "Wed", "Thu", "Sat"], from: "07.30", to: "14.30", pause: "30" },
    { days: ["Fri"], from: "07.30", to: "13.00", pause: "30" },
  ],
};

export type TeamKind = "three" | "two" | "whole";

/** Usual patterns in which every shift is filled every day. */
export function teamsOf(kind: TeamKind, names: Record<"morning" | "afternoon" | "night" | "day" | "duty", string>, first_day: string): TeamsForm {
  const shift = (name: string, from: string, to: string): ShiftForm => ({ name, from, to });
  const kinds: Record<TeamKind, Pick<TeamsForm, "shifts" | "pattern" | "teams">> = {
    three: { shifts: [shift(names.morning, "07.00", "14.00"), shift(names.afternoon, "14.00", "21.00"), shift(names.night, "21.00", "07.00")], pattern: [0, 1, 2, -1], teams: 4 },
    two: { shifts: [shift(names.day, "07.00", "19.00"), shift(names.night, "19.00", "07.00")], pattern: [0, 1, -1, -1], teams: 4 },
    whole: { shifts: [shift(names.duty, "08.00", "08.00")], pattern: [0, -1, -1], teams: 3 },
  };
  return { ...kinds[kind], apart: 1, first_day, on_holidays: true };
}

/** Minutes after midnight of `07.30` or `7:30`; 24.00 is the end of the day. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^\s*(\d{1,2})[.:](\d{2})\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= MINUTES_A_DAY ? minute : undefined;
}

/** The two ends of a shift; one that ends no later than it begins ends on the next day. */
export function endsOf({ from, to }: { from: string; to: string }): { starts_minute: number; ends_minute: number } | undefined {
  const starts_minute = minuteOf(from);
  const end = minuteOf(to);
  if (starts_minute === undefined || end === undefined || starts_minute === MINUTES_A_DAY) return undefined;
  return { starts_minute, ends_minute: end > starts_minute ? end : end + MINUTES_A_DAY };
}

/** Minutes of work in a week, breaks left out. */
export function weekMinutes(hours: HoursForm[]): number {
  return hours.reduce((sum, { days, from, to, pause }) => {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    return start === undefined || end === undefined || end <= start ? sum : sum + days.length * Math.max(0, end - start - (Number(pause) || 0));
  }, 0);
}

export function flawsOfWeek(name: string, hours: HoursForm[]): Flaw[] {
  const named = hours.flatMap(({ days }) => days);
  return [
    ...(name.trim() ? [] : [{ field: "make-name", key: "name" } as const]),
    ...hours.flatMap(({ days, from, to }, at): Flaw[] => {
      const [start, end] = [minuteOf(from), minuteOf(to)];
      const isTwice = days.some((day) => named.indexOf(day) !== named.lastIndexOf(day));
      return [
        ...(days.length === 0 ? [{ field: `make-days-${at}`, key: "days" } as const] : []),
        ...(isTwice && at > 0 ? [{ field: `make-days-${at}`, key: "twice" } as const] : []),
        ...(start === undefined ? [{ field: `make-from-${at}`, key: "time" } as const] : []),
        ...(end === undefined ? [{ field: `make-to-${at}`, key: "time" } as const] : []),
        ...(start !== undefined && end !== undefined && end <= start ? [{ field: `make-to-${at}`, key: "order" } as const] : []),
      ];
    }),
  ];
}

export function flawsOfTeams(name: string, { shifts, pattern, first_day }: TeamsForm): Flaw[] {
  const names = shifts.map(({ name }) => name.trim().toLowerCase());
  return [
    ...(name.trim() ? [] : [{ field: "make-name", key: "name" } as const]),
    ...shifts.flatMap(({ from, to }, at): Flaw[] => [
      ...(names[at] ? [] : [{ field: `make-shift-${at}`, key: "name" } as const]),
      ...(names[at] && names.indexOf(names[at]) !== at ? [{ field: `make-shift-${at}`, key: "same_name" } as const] : []),
      ...(minuteOf(from) === undefined ? [{ field: `make-from-${at}`, key: "time" } as const] : []),
      ...(minuteOf(to) === undefined ? [{ field: `make-to-${at}`, key: "time" } as const] : []),
    ]),
    ...(pattern.some((place) => place >= 0) ? [] : [{ field: "make-day-0", key: "pattern" } as const]),
    ...(first_day ? [] : [{ field: "make-first", key: "first_day" } as const]),
  ];
}

/** The week as the service takes it. */
export function weekOf(name: string, hours: HoursForm[], works_on_holidays: boolean): Made {
  const day = (at: Weekday) => WEEKDAYS.indexOf(at);
  const spans = hours.map(({ days, from, to, pause }) => ({
    days: [...days].sort((one, other) => day(one) - day(other)),
    starts_minute: minuteOf(from) ?? 0,
    ends_minute: minuteOf(to) ?? 0,
    break_minutes: Number(pause) || 0,
  }));
  return { name: name.trim(), schedule: { kind: "week", hours: spans, works_on_holidays } };
}

/** Whether a shift is too short for a share in the middle of it. */
export function isWithoutMidday(shifts: ShiftForm[]): boolean {
  return shifts.some((shift) => {
    const ends = endsOf(shift);
    return ends !== undefined && ends.ends_minute - ends.starts_minute < SHORTEST_WITH_MIDDAY;
  });
}

/** A schedule for each team: the same shifts, each team so many days behind the one before it. */
export function teamSchedules(name: string, form: TeamsForm): Made[] {
  const codes = codesOf(form.shifts);
  const shifts = form.shifts.map((shift, at) => ({ code: codes[at]!, name: shift.name.trim(), ...(endsOf(shift) ?? { starts_minute: 0, ends_minute: 0 }) }));
  const edges = isWithoutMidday(form.shifts)
    ? {
        slots: [
          { slot: "morning" as const, from: "start" as const, opens_minutes: 0, closes_minutes: 90, grace_minutes: 10 },
          { slot: "afternoon" as const, from: "end" as const, opens_minutes: -30, closes_minutes: 60, grace_minutes: 10 },
        ],
      }
    : {};
  return Array.from({ length: form.teams }, (_, team) => ({
    name: form.teams === 1 ? name.trim() : `${name.trim()} ${String.fromCharCode(65 + team)}`,
    schedule: {
      kind: "shifts",
      shifts,
      pattern: { first_day: laterBy(form.first_day, team * form.apart), days: form.pattern.map((place) => codes[place] ?? null) },
      works_on_holidays: form.on_holidays,
      ...edges,
    } as WorkSchedule,
  }));
}

/** Lower-case words, each its own: `Malam` is `malam`, a second one `malam_2`. */
function codesOf(shifts: ShiftForm[]): string[] {
  const codes: string[] = [];
  shifts.forEach(({ name }, at) => {
    const word = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 16) || `shift_${at + 1}`;
    let code = word;
    for (let count = 2; codes.includes(code); count += 1) code = `${word}_${count}`;
    codes.push(code);
  });
  return codes;
}

/** A date so many days later. */
export function laterBy(date: string, days: number): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? "" : new Date(at + days * 86_400_000).toISOString().slice(0, 10);
}
