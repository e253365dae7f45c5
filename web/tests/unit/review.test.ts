// What waits for whom, how much time is left, and which dates a page means.
import { expect, test } from "vitest";
import { coverage, stepOf as stepOfBatch, timeLeft, type Batch, type SlotReport } from "../../src/desk/batch/batch";
import { endOf, stepOf } from "../../src/desk/leave/leave";
import { canDecide, openBan } from "../../src/desk/leave/travel";
import { instant } from "../../src/desk/notice/moment";
import { daysOfMonth } from "../../src/desk/recap/recap";
import { dayOf, daysOf, momentOf, monthOf } from "../../src/format";

const leave = (state: string, values = {}) => ({ state, is_granted: false, authority: "agency_head", employee_id: "7", ...values });

test("each step of leave is for the role that takes it, and nobody takes one of their own", () => {
  expect(stepOf(leave("submitted"), ["leave_officer"])).toBe("check");
  expect(stepOf(leave("submitted"), ["superior", "agency_head"])).toBe("none");
  expect(stepOf(leave("balance_checked"), ["superior"])).toBe("consider");
  expect(stepOf(leave("considered"), ["agency_head"])).toBe("decide");
  expect(stepOf(leave("considered"), ["signer"])).toBe("none");
  expect(stepOf(leave("decided", { is_granted: true }), ["agency_head"])).toBe("letter");
  expect(stepOf(leave("decided"), ["agency_head"])).toBe("none");
  expect(stepOf(leave("balance_checked"), ["superior"], "7")).toBe("none");
});

test("leave that has its letter is given up before it begins, and cut short afterwards", () => {
  expect(endOf(leave("letter_issued"), ["leave_officer"])).toBe("cancel");
  expect(endOf(leave("running"), ["leave_officer"])).toBeUndefined();
  expect(endOf(leave("running"), ["agency_head"])).toBe("recall");
  expect(endOf(leave("running"), ["signer"])).toBeUndefined();
  expect(endOf(leave("ended"), ["agency_head", "leave_officer"])).toBeUndefined();
});

test("a ban holds a journey up until somebody lets it pass", () => {
  const ban = { circular_id: "1", circular_number: "4", is_ban: true };
  const exception = { reason: "Bencana", by: "Kepala", position: "Kepala", at: "2026-03-02T01:00:00Z" };
  expect(openBan({ restrictions: [{ ...ban, is_ban: false }] })).toBeUndefined();
  expect(openBan({ restrictions: [ban] })).toEqual(ban);
  expect(openBan({ restrictions: [{ ...ban, exception }] })).toBeUndefined();
  expect([canDecide(["superior"]), canDecide(["agency_operator"])]).toEqual([true, false]);
});

const batch = (values: Partial<Batch>) => ({ state: "sealed", superseded_by: null, receipt_number: null, findings: [], ...values }) as unknown as Batch;
const finding = { code: "remark", text: "Periksa" };

test("what comes next for a batch is its people's, until a newer version takes its place", () => {
  expect(stepOfBatch(batch({}), true, false)).toBe("send");
  expect(stepOfBatch(batch({}), false, true)).toBe("none");
  expect(stepOfBatch(batch({ superseded_by: "9" }), true, false)).toBe("none");
  expect(stepOfBatch(batch({ state: "received" }), false, true)).toBe("decide");
  expect(stepOfBatch(batch({ state: "received" }), true, false)).toBe("none");
  expect(stepOfBatch(batch({ state: "rejected", receipt_number: "T-1", findings: [finding] }), true, false)).toBe("answer");
  // A file that the check itself rejected has no receipt.
  expect(stepOfBatch(batch({ state: "rejected", findings: [finding] }), true, false)).toBe("none");
});

test("the time that is left for a report is told until it is sent", () => {
  const report = (reporting: string) => ({ slot: "morning", reporting, due_at: "2026-11-28T04:00:00Z", is_partial: false }) as SlotReport;
  const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);
  expect(timeLeft(report("pending"), at("02:30:00"), "id")).toBe("tinggal 1 jam 30 menit");
  expect(timeLeft(report("missing"), at("04:20:00"), "id")).toBe("lewat 20 menit");
  expect(timeLeft(report("sent"), at("02:30:00"), "id")).toBe("");
});

test("a batch is called by what it covers", () => {
  expect(coverage({ from: "2026-11-28", to: "2026-11-28", slot: "morning" }, "id")).toBe("28 November 2026, Pagi");
  expect(coverage({ from: "2026-11-23", to: "2026-11-28", slot: null }, "id")).toBe("23–28 November 2026");
});

test("a month has its days, also in a leap year", () => {
  expect(daysOfMonth("2026-02")).toHaveLength(28);
  expect(daysOfMonth("2028-02").at(-1)).toBe("2028-02-29");
  expect(daysOfMonth("2026-12").at(0)).toBe("2026-12-01");
});

test("times of day are read as offices write them, in the zone of the agency", () => {
  expect(instant("2026-11-28", "07.30", "Asia/Jakarta")).toBe("2026-11-28T07:30:00+07:00");
  expect(instant("2026-11-28", "7:05", "Asia/Jayapura")).toBe("2026-11-28T07:05:00+09:00");
  expect(instant("2026-11-28", "pagi", "Asia/Jakarta")).toBe("2026-11-28Tpagi");
});

test("dates are written out", () => {
  expect(dayOf("2026-11-28", "id")).toBe("28 November 2026");
  expect(daysOf("2026-11-28", "2026-12-02", "id").replace(/\s/g, " ")).toBe("28 November – 2 Desember 2026");
  expect(daysOf("2026-11-28", "2026-11-28", "id")).toBe("28 November 2026");
  expect(monthOf("2026-11", "en")).toBe("November 2026");
  expect(momentOf("2026-11-28T00:30:00Z", "Asia/Jakarta", "id")).toBe("28 Nov, 07.30");
});
