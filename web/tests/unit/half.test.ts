// Days of a roster whose halves have modes of their own: what a change makes of them, and what the service is told.
import { expect, test } from "vitest";
import { filled, halvesOf, joined, steps } from "../../src/desk/roster/half";

test("a half is filled and the other one stays; two halves alike are a day", () => {
  expect(filled({ mode: "wfh" }, "afternoon", "wfo")).toEqual({ mode: "wfh", afternoon: "wfo" });
  expect(filled({ mode: "wfh" }, "morning", "picket")).toEqual({ mode: "picket", afternoon: "wfh" });
  expect(filled({ mode: "wfh", afternoon: "wfo" }, "morning", "wfo")).toEqual({ mode: "wfo" });
  expect(filled({ mode: "wfh", afternoon: "wfo" }, "all", "wfa")).toEqual({ mode: "wfa" });
  expect(filled({ mode: "wfh", afternoon: "wfo" }, "all", "wfh")).toEqual({ mode: "wfh" });
});

test("nothing is done where nothing changes, and what is granted stays", () => {
  expect(filled({ mode: "wfh" }, "all", "wfh")).toBeUndefined();
  expect(filled({ mode: "wfh" }, "afternoon", "wfh")).toBeUndefined();
  expect(filled({ mode: "wfh", afternoon: "duty_travel" }, "all", "wfo")).toBeUndefined();
  expect(filled({ mode: "wfh", afternoon: "duty_travel" }, "afternoon", "wfo")).toBeUndefined();
  expect(filled({ mode: "wfh", afternoon: "duty_travel" }, "morning", "wfo")).toEqual({ mode: "wfo", afternoon: "duty_travel" });
  expect(filled({ mode: "leave" }, "morning", "wfo")).toBeUndefined();
});

test("the service is told of each half that differs, of a day once, and of nothing that was taken back", () => {
  expect(steps({ mode: "wfh" }, { mode: "wfo" })).toEqual([{ slots: "all", mode: "wfo" }]);
  expect(steps({ mode: "wfh" }, { mode: "wfh", afternoon: "wfo" })).toEqual([{ slots: "afternoon", mode: "wfo" }]);
  expect(steps({ mode: "wfh", afternoon: "wfo" }, { mode: "wfo" })).toEqual([{ slots: "morning", mode: "wfo" }]);
  expect(steps({ mode: "wfh", afternoon: "duty_travel" }, { mode: "wfo", afternoon: "duty_travel" })).toEqual([{ slots: "morning", mode: "wfo" }]);
  expect(steps({ mode: "wfh", afternoon: "wfo" }, { mode: "picket", afternoon: "off" })).toEqual([
    { slots: "morning", mode: "picket" },
    { slots: "afternoon", mode: "off" },
  ]);
  expect(steps({ mode: "wfh", afternoon: "wfo" }, { mode: "wfh", afternoon: "wfo" })).toEqual([]);
});

test("whatever was filled, the steps lead there from where the service is", () => {
  const modes = ["wfo", "wfh", "wfa", "picket", "off"] as const;
  const applied = (before: { mode: (typeof modes)[number]; afternoon?: (typeof modes)[number] }, after: ReturnType<typeof joined>) => {
    let halves = halvesOf(before);
    for (const { slots, mode } of steps(before, after)) halves = [slots === "afternoon" ? halves[0] : mode, slots === "morning" ? halves[1] : mode];
    return joined(...halves);
  };
  for (const one of modes) for (const other of modes) for (const part of ["all", "morning", "afternoon"] as const) for (const mode of modes) {
    const before = joined(one, other) as { mode: (typeof modes)[number]; afternoon?: (typeof modes)[number] };
    const after = filled(before, part, mode);
    if (after) expect(applied(before, after)).toEqual(after);
  }
});
