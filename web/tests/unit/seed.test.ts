// How a seed is made: rounds of the beacon, what is pasted, dates of draws; and how a sample grows.
import { expect, test } from "vitest";
import { bundlePython } from "../../src/audit/draw/python";
import { beaconAddress, beaconOf, drawFault, instantOf, roundAt, usualDrawDate } from "../../src/audit/plan/seed";
import { added, usualSize } from "../../src/audit/report/extension";

test("a date and a time are the round that the service fixes", () => {
  // Round 123 was published on 23 August 2023 at 15:15:33 UTC, round 1000 at 15:59:24.
  expect(roundAt("2023-08-23T15:15:33Z")).toBe(123);
  expect(roundAt("2023-08-23T15:15:35.999Z")).toBe(123);
  expect(roundAt("2023-08-23T15:15:36Z")).toBe(124);
  expect(roundAt("2023-08-23T15:59:24Z")).toBe(1_000);
  expect(beaconAddress(123)).toBe("https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/public/123");
});

test("times are read as offices write them, in western Indonesia", () => {
  expect(instantOf("2026-11-30", "10.00")).toBe("2026-11-30T03:00:00.000Z");
  expect(instantOf("2026-11-30", " 7:05 ")).toBe("2026-11-30T00:05:00.000Z");
  for (const [date, time] of [["", "10.00"], ["2026-11-30", ""], ["2026-11-30", "24.00"], ["2026-11-30", "10.60"], ["2026-02-31x", "10.00"], ["2026-13-01", "10.00"]] as const) {
    expect(instantOf(date, time), `${date} ${time}`).toBeUndefined();
  }
});

test("a draw is proposed for the next day on which people work", () => {
  expect(usualDrawDate("2026-11-26")).toBe("2026-11-27");
  expect(usualDrawDate("2026-11-27")).toBe("2026-11-30");
  expect(usualDrawDate("2026-11-28")).toBe("2026-11-30");
});

test("a draw lies ten minutes to 92 days ahead", () => {
  const now = Date.parse("2026-11-28T00:00:00Z");
  expect(drawFault(undefined, now)).toBe("wrong");
  expect(drawFault("2026-11-28T00:09:59Z", now)).toBe("too_soon");
  expect(drawFault("2026-11-28T00:10:00Z", now)).toBeUndefined();
  expect(drawFault("2027-02-28T00:00:00Z", now)).toBeUndefined();
  expect(drawFault("2027-02-28T00:00:01Z", now)).toBe("too_late");
});

test("a beacon is read as drand's servers give it, and nothing else is one", () => {
  const beacon = { round: 123, randomness: "ab", signature: "cd" };
  expect(beaconOf(JSON.stringify({ ...beacon, previous_signature: "" }))).toEqual(beacon);
  for (const text of ["", "{", "null", "[]", "7", JSON.stringify({ ...beacon, round: "123" }), JSON.stringify({ round: 123 })]) {
    expect(beaconOf(text), text).toBeUndefined();
  }
});

test("a sample grows to the size that is asked for, never beyond its stratum, and never shrinks", () => {
  const samples = [
    { name: "a", population: 100, size: 20 },
    { name: "b", population: 25, size: 20 },
    { name: "c", population: 10, size: 10 },
  ];
  expect(added(samples, 30).map(({ then, more }) => [then, more])).toEqual([[30, 10], [25, 5], [10, 0]]);
  expect(added(samples, 5).every(({ more }) => more === 0)).toBe(true);
  expect(usualSize(samples)).toBe(25);
  expect(usualSize([{ name: "a", population: 21, size: 20 }])).toBe(21);
});

test("the draw out of a bundle is four lines, of one stratum or of all", () => {
  expect(bundlePython({ name: "1.01", size: 10, hasMarks: false }).split("\n")).toEqual([
    "import json; from consistent_sampler import sampler",
    'seed = json.load(open("report.json"))["seed"]',
    'units = [line for line in open("population.txt").read().split() if line.startswith("1.01/")]',
    'print(*sampler(units, seed=seed, take=10, output="id"), sep="\\n")',
  ]);
  expect(bundlePython({ name: "all", size: 3, hasMarks: false })).not.toContain("startswith");
});
