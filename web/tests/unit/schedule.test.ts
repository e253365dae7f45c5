// Work schedules as they are made at the desk: hours and shifts read from a form, teams one behind the other, the coming two weeks, and who fills what.
import { expect, test } from "vitest";
import { endsOf, flawsOfTeams, flawsOfWeek, isWithoutMidday, minuteOf, teamSchedules, teamsOf, weekMinutes, weekOf, WEEKS, type HoursForm, type TeamsForm } from "../../src/desk/agency/making";
import { previewOf, unfilled } from "../../src/desk/agency/preview";
import { holding } from "../../src/desk/agency/schedule";

const NAMES = { morning: "Pagi", afternoon: "Sore", night: "Malam", day: "Siang", duty: "Jaga" };
const NONE = new Map<string, string>();
const three = (changes: Partial<TeamsForm> = {}): TeamsForm => ({ ...teamsOf("three", NAMES, "2026-11-30"), ...changes });

test("times are read as offices write them, and nothing else is", () => {
  expect([minuteOf("07.30"), minuteOf(" 7:05 "), minuteOf("24.00"), minuteOf("00.00")]).toEqual([450, 425, 1_440, 0]);
  for (const wrong of ["", "7", "24.01", "12.60", "07.3", "tujuh"]) expect(minuteOf(wrong), wrong).toBeUndefined();
});

test("a shift that ends no later than it begins ends on the next day", () => {
  expect(endsOf({ from: "21.00", to: "07.00" })).toEqual({ starts_minute: 1_260, ends_minute: 1_860 });
  expect(endsOf({ from: "08.00", to: "08.00" })).toEqual({ starts_minute: 480, ends_minute: 1_920 });
  expect(endsOf({ from: "07.00", to: "14.00" })).toEqual({ starts_minute: 420, ends_minute: 840 });
  expect(endsOf({ from: "24.00", to: "07.00" })).toBeUndefined();
});

test("both usual weeks are 37.5 hours", () => {
  expect(weekMinutes(WEEKS.five)).toBe(2_250);
  expect(weekMinutes(WEEKS.six)).toBe(2_250);
});

test("a week goes out with its days in order", () => {
  const hours: HoursForm[] = [{ days: ["Fri", "Mon"], from: "07.30", to: "16.00", pause: "" }];
  expect(weekOf(" Layanan ", hours, true)).toEqual({
    name: "Layanan",
    schedule: { kind: "week", hours: [{ days: ["Mon", "Fri"], starts_minute: 450, ends_minute: 960, break_minutes: 0 }], works_on_holidays: true },
  });
});

test("what is amiss is named where it is", () => {
  const hours: HoursForm[] = [
    { days: ["Mon"], from: "07.30", to: "07.00", pause: "0" },
    { days: ["Mon"], from: "x", to: "16.00", pause: "0" },
    { days: [], from: "07.30", to: "", pause: "0" },
  ];
  expect(flawsOfWeek("", hours)).toEqual([
    { field: "make-name", key: "name" },
    { field: "make-to-0", key: "order" },
    { field: "make-days-1", key: "twice" },
    { field: "make-from-1", key: "time" },
    { field: "make-days-2", key: "days" },
    { field: "make-to-2", key: "time" },
  ]);
  const shifts = [{ name: "Pagi", from: "07.00", to: "14.00" }, { name: "pagi ", from: "", to: "21.00" }, { name: "", from: "21.00", to: "07.00" }];
  expect(flawsOfTeams("Regu", three({ shifts, pattern: [-1], first_day: "" }))).toEqual([
    { field: "make-shift-1", key: "same_name" },
    { field: "make-from-1", key: "time" },
    { field: "make-shift-2", key: "name" },
    { field: "make-day-0", key: "pattern" },
    { field: "make-first", key: "first_day" },
  ]);
  expect(flawsOfTeams("Regu", three())).toEqual([]);
  expect(flawsOfWeek("Lima hari", WEEKS.five)).toEqual([]);
});

test("three teams go by one pattern, each a day behind the one before it", () => {
  const made = teamSchedules("Regu", three({ teams: 3 }));
  expect(made.map(({ name }) => name)).toEqual(["Regu A", "Regu B", "Regu C"]);
  const days = previewOf(made.map(({ schedule }) => schedule), "2026-11-30", NONE);
  expect(days).toHaveLength(14);
  expect(days.slice(0, 5).map(({ cells }) => cells.map(({ shift }) => shift ?? "-").join(" "))).toEqual(["Pagi - Malam", "Sore Pagi -", "Malam Sore Pagi", "- Malam Sore", "Pagi - Malam"]);
  expect(days[0]?.cells[2]?.hours).toBe("21.00–07.00 (+1)");
  // Of four days a shift is filled on three: with a fourth team on all of them.
  expect(unfilled(made, days)).toEqual([{ shift: "Pagi", days: 3 }, { shift: "Sore", days: 4 }, { shift: "Malam", days: 4 }]);
  for (const kind of ["three", "two", "whole"] as const) {
    const whole = teamSchedules("Regu", teamsOf(kind, NAMES, "2026-11-30"));
    expect(unfilled(whole, previewOf(whole.map(({ schedule }) => schedule), "2026-11-30", NONE)), kind).toEqual([]);
  }
});

test("a pattern repeats in both directions, as the service has it", () => {
  // Of domain/schedule/tests.rs: morning, afternoon, night, night, free, free from 2 March 2026 on.
  const form = three({ pattern: [0, 1, 2, 2, -1, -1], teams: 1, first_day: "2026-03-02" });
  const schedules = teamSchedules("Rumah sakit", form).map(({ schedule }) => schedule);
  const on = (date: string) => previewOf(schedules, date, NONE)[0]?.cells[0]?.shift;
  expect(["2026-03-02", "2026-03-05", "2026-03-06", "2026-03-08", "2026-03-01", "2026-02-27"].map(on)).toEqual(["Pagi", "Malam", undefined, "Pagi", undefined, "Malam"]);
});

test("holidays are free for a week, and worked on by teams", () => {
  const holidays = new Map([["2026-12-25", "Hari Raya Natal"]]);
  const week = weekOf("Lima hari", WEEKS.five, false).schedule;
  const [day] = previewOf([week, teamSchedules("Regu", three({ teams: 1, first_day: "2026-12-25" }))[0]!.schedule], "2026-12-25", holidays);
  expect(day).toEqual({ date: "2026-12-25", holiday: "Hari Raya Natal", cells: [{ shift: undefined, hours: undefined }, { shift: "Pagi", hours: "07.00–14.00" }] });
  expect(previewOf([week], "2026-12-04", holidays)[0]?.cells[0]?.hours).toBe("07.30–16.30");
  expect(previewOf([week], "2026-12-05", holidays)[0]?.cells[0]?.hours).toBeUndefined();
  expect(previewOf([week], "", holidays)).toEqual([]);
});

test("shifts get words of their own, and short ones no share in the middle", () => {
  const shifts = [{ name: "Jaga Malam!", from: "19.00", to: "01.00" }, { name: "jaga malam", from: "01.00", to: "08.00" }, { name: "夜", from: "08.00", to: "19.00" }];
  const [made] = teamSchedules("Regu", three({ shifts, pattern: [0, 1, -1], teams: 1 }));
  const schedule = made!.schedule;
  if (schedule.kind !== "shifts") throw new Error("a pattern of shifts");
  expect(schedule.shifts.map(({ code }) => code)).toEqual(["jaga_malam", "jaga_malam_2", "shift_3"]);
  expect(schedule.pattern?.days).toEqual(["jaga_malam", "jaga_malam_2", null]);
  expect(isWithoutMidday(shifts)).toBe(true);
  expect(schedule.slots?.map(({ slot }) => slot)).toEqual(["morning", "afternoon"]);
  expect(isWithoutMidday([{ name: "a", from: "07.00", to: "13.41" }])).toBe(false);
  expect(isWithoutMidday([{ name: "a", from: "07.00", to: "13.40" }])).toBe(true);
});

test("who held a schedule that was ended or followed by another holds it no longer", () => {
  const start = (from: string, schedule_id: string | null) => ({ from, schedule_id });
  const [first, second, end] = [start("2026-03-01", "week"), start("2026-04-01", "shifts"), start("2026-05-01", null)];
  const all = [end, first, second];
  expect(holding(all, "2026-02-01")).toEqual([first, second]);
  expect(holding(all, "2026-03-01")).toEqual([first, second]);
  expect(holding(all, "2026-04-30")).toEqual([second]);
  expect(holding(all, "2026-05-01")).toEqual([]);
  expect(holding([], "2026-05-01")).toEqual([]);
});
