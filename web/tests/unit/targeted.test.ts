// Targeted slots: counted by their flags, left out of what is drawn from, and of the program that draws again.
import { expect, test } from "vitest";
import type { Audit } from "../../src/audit/audits.svelte";
import { bundlePython, python } from "../../src/audit/draw/python";
import { flagsOf, populations, targetedOf, type Counted } from "../../src/audit/plan/question";
import { isTargeted, randomStrata } from "../../src/audit/targeted";

const counted = new Map<string, Counted>([
  ["dpk", { agency: "dpk", population: 18, flags: [{ flag: "mock_provider", slots: 3 }, { flag: "clock_skew", slots: 1 }], targeted: 4, refusals: [] }],
  ["bkd", { agency: "bkd", population: 6, flags: [{ flag: "mock_provider", slots: 2 }], targeted: 2, refusals: [] }],
]);

test("slots are counted by flag over the chosen agencies, a chosen flag that none has among them", () => {
  expect(flagsOf(["dpk", "bkd"], counted, ["no_accuracy"])).toEqual([
    { flag: "clock_skew", slots: 1 },
    { flag: "mock_provider", slots: 5 },
    { flag: "no_accuracy", slots: 0 },
  ]);
  expect(flagsOf([], counted, [])).toEqual([]);
  expect([targetedOf(["dpk", "bkd"], counted), targetedOf([], counted)]).toEqual([6, 0]);
});

test("what is targeted is not drawn from", () => {
  expect(populations("agency", ["dpk", "bkd"], counted)).toEqual([14, 4]);
  expect(populations("whole", ["dpk", "bkd"], counted)).toEqual([18]);
});

test("only strata that are left to chance are extended", () => {
  const samples = [
    { name: "dpk", population: 14, size: 5 },
    { name: "targeted", population: 4, size: 4 },
  ];
  expect(randomStrata({ samples, targeted: { flags: ["mock_provider"], most: 9 } } as Audit)).toEqual(samples.slice(0, 1));
  expect(randomStrata({ samples } as Audit)).toEqual(samples);
});

test("a case is of a targeted slot by its stratum alone", () => {
  expect([{ stratum: "targeted" }, { stratum: "bkd" }, { stratum: "all" }].map(isTargeted)).toEqual([true, false, false]);
});

test("the program that draws again leaves marked lines out, or takes them alone", () => {
  const line = (name: string, hasMarks: boolean) => python("1", { name, size: 3, hasMarks }).split("\n")[2];
  expect(line("all", false)).toBe("units = lines");
  expect(line("dpk", false)).toBe('units = [unit for unit in lines if unit.startswith("dpk/")]');
  expect(line("all", true)).toBe('units = [unit for unit in lines if "\\t" not in unit]');
  expect(line("dpk", true)).toBe('units = [unit for unit in lines if unit.startswith("dpk/") and "\\t" not in unit]');
  expect(line("targeted", true)).toBe('units = [unit.split("\\t")[0] for unit in lines if "\\t" in unit]');
  expect(bundlePython({ name: "dpk", size: 3, hasMarks: true })).toContain('splitlines() if line.startswith("dpk/") and "\\t" not in line]');
});
