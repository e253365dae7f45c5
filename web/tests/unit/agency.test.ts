// What the agency's own pages reckon: hours in words, a fence out of a form, a unit as a row, dates one after the other.
import { expect, test } from "vitest";
import { fenceOf, formOf, placeOf } from "../../src/desk/agency/fence";
import { clockOf, hoursOf, stretchesOf, stretchOf } from "../../src/desk/agency/schedule";
import { unitRow } from "../../src/desk/agency/unit_row";
import { datesBetween } from "../../src/desk/people/dates";

test("hours are told by the clock, also past midnight", () => {
  expect(clockOf(450)).toBe("07.30");
  expect(stretchOf({ starts_minute: 1_260, ends_minute: 1_860 })).toBe("21.00–07.00 (+1)");
  expect(stretchOf({ starts_minute: 450, ends_minute: 1_440 })).toBe("07.30–00.00");
  expect(stretchesOf(["Sat", "Mon", "Tue", "Wed"])).toEqual([["Mon", "Wed"], ["Sat", "Sat"]]);
  expect(hoursOf({ days: ["Mon", "Tue", "Thu"], starts_minute: 450, ends_minute: 960 }, (day) => day)).toBe("Mon–Tue, Thu 07.30–16.00");
});

test("a point is read as maps write it, and nothing else is", () => {
  expect(placeOf(" -6.17012, 106.16034 ")).toEqual({ latitude: -6.17012, longitude: 106.16034 });
  expect(placeOf("-6.17012 106.16034")).toEqual({ latitude: -6.17012, longitude: 106.16034 });
  for (const wrong of ["", "-6.17", "-6,17, 106,16", "106.16034, -6.17012 x", "106.16034, 181", "a, b", "96.1, 106.1"]) expect(placeOf(wrong), wrong).toBeUndefined();
});

test("a fence comes out of the form as it went in, and not where a point is missing", () => {
  const circle = { shape: "circle" as const, centre: { latitude: -6.1, longitude: 106.1 }, radius_metres: 150 };
  const polygon = { shape: "polygon" as const, corners: [{ latitude: -6, longitude: 106 }, { latitude: -6, longitude: 107 }, { latitude: -7, longitude: 107 }] };
  for (const fence of [circle, polygon]) expect(fenceOf(formOf(fence))).toEqual(fence);
  expect(fenceOf({ ...formOf(circle), radius: "1.5" })).toBeUndefined();
  expect(fenceOf({ ...formOf(polygon), corners: "-6, 106\n-6, 107" })).toBeUndefined();
  expect(fenceOf({ ...formOf(polygon), corners: "-6, 106\n-6, 107\nx" })).toBeUndefined();
  expect(fenceOf(formOf(undefined))).toBeUndefined();
});

test("a unit is one row, with its quotes doubled, and the head is left out where it stays", () => {
  expect(unitRow({ code: "01", parent: "", head: "19860926", name: 'Bidang "A", satu' })).toBe('code,parent,head,name\r\n"01","","19860926","Bidang ""A"", satu"\r\n');
  expect(unitRow({ code: "01", parent: "00", name: "A" })).toBe('code,parent,name\r\n"01","00","A"\r\n');
});

test("dates follow one another over the end of a month, at most 31", () => {
  expect(datesBetween("2026-11-29", "2026-12-02")).toEqual(["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"]);
  expect(datesBetween("2026-11-29", "2026-11-29")).toEqual(["2026-11-29"]);
  expect(datesBetween("2026-11-29", "2026-11-28")).toEqual([]);
  expect(datesBetween("2026-11-01", "2026-12-02")).toEqual([]);
  expect(datesBetween("", "2026-11-28")).toEqual([]);
});
