// A slot goes on through its states by time alone, also without a network.
import { expect, test } from "vitest";
import { dateIn, holds, isRunning, standing, type Slot } from "../../src/slot";

const at = (time: string) => Date.parse(`2026-03-02T${time}+07:00`);
const morning: Slot = {
  slot: "morning",
  state: "expected",
  mode: "wfh",
  opens_at: "2026-03-02T07:30:00+07:00",
  closes_at: "2026-03-02T09:00:00+07:00",
  grace_minutes: 10,
  message: "",
};

test("an expected slot opens, closes, takes late shares, and is missed", () => {
  expect(standing(morning, at("07:29:59"))).toEqual({ state: "expected", until: at("07:30:00") });
  expect(standing(morning, at("07:30:00"))).toEqual({ state: "open", until: at("09:00:00") });
  expect(standing(morning, at("09:00:00"))).toEqual({ state: "open", until: at("09:00:00") });
  expect(standing(morning, at("09:00:01"))).toEqual({ state: "grace", until: at("09:10:00") });
  expect(standing(morning, at("09:10:01"))).toEqual({ state: "missed" });
});

test("what was received stays received, and its window goes on running", () => {
  const received: Slot = { ...morning, state: "received" };
  expect(standing(received, at("23:00:00"))).toEqual({ state: "received" });
  expect(isRunning(received, at("08:00:00"))).toBe(true);
  expect(isRunning(received, at("09:10:01"))).toBe(false);
});

test("a slot that asks for nothing never runs", () => {
  for (const state of ["excused", "not_required"] as const) {
    expect(standing({ ...morning, state }, at("08:00:00"))).toEqual({ state });
    expect(isRunning({ ...morning, state }, at("08:00:00"))).toBe(false);
  }
});

test("a point belongs to the slot in whose window or grace it was captured", () => {
  expect([holds(morning, at("07:29:59")), holds(morning, at("09:10:00")), holds(morning, at("09:10:01"))]).toEqual([false, true, false]);
});

test("the date is that of the zone of duty", () => {
  expect(dateIn("Asia/Jakarta", Date.parse("2026-03-01T17:00:00Z"))).toBe("2026-03-02");
  expect(dateIn("Asia/Jayapura", Date.parse("2026-03-01T14:59:00Z"))).toBe("2026-03-01");
});
