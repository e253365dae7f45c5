// How far a request for leave has come, and what its applicant may still do.
import { expect, test, vi } from "vitest";
import type { LeaveRequest } from "../../src/phone/pages/leave";

vi.mock("../../src/session", () => ({ api: {}, readFile: vi.fn() }));
vi.mock("../../src/phone/pages/texts", () => ({ say: (key: string) => key }));
const { isGood, mayCancel, mayWithdraw, STEPS, stepsDone, wordOf } = await import("../../src/phone/pages/leave");

const request = (state: string, more: Partial<LeaveRequest> = {}) => ({ state, is_granted: false, from: "2026-03-10", ...more }) as LeaveRequest;

test("each state has its steps behind it", () => {
  const done = ["draft", "submitted", "balance_checked", "considered", "decided", "letter_issued", "ended"].map((state) => stepsDone(request(state)));
  expect(done).toEqual([0, 1, 2, 3, 4, 5, STEPS.length]);
  expect(stepsDone(request("changed"))).toBe(3);
  expect(stepsDone(request("withdrawn"))).toBe(0);
});

test("before the decision it can be taken back, and once granted given up until it begins", () => {
  expect(mayWithdraw(request("considered"))).toBe(true);
  expect(mayWithdraw(request("decided"))).toBe(false);
  const granted = request("letter_issued", { is_granted: true });
  expect(mayCancel(granted, "2026-03-09")).toBe(true);
  expect(mayCancel(granted, "2026-03-10")).toBe(false);
  expect(mayCancel(request("decided"), "2026-03-09")).toBe(false);
});

test("a decision against it is told by its outcome, and what was given up is nothing granted", () => {
  const refusal = { outcome: "refuse" } as NonNullable<LeaveRequest["decision"]>;
  expect(wordOf(request("decided", { decision: refusal }))).toBe("leave_outcome.refuse");
  expect(wordOf(request("decided", { decision: refusal, is_granted: true }))).toBe("leave_state.decided");
  expect(isGood(request("cancelled", { is_granted: true }))).toBe(false);
  expect(isGood(request("running", { is_granted: true }))).toBe(true);
});
