// Where notices lead: one's own to the phone, those to officials to the desks, and those about somebody else nowhere.
import { expect, test } from "vitest";
import { ownPage, type Notice } from "../../src/notice";
import { onward } from "../../src/officer/onward";

const notice = (kind: string, facts: object): Notice => ({ id: "n", kind, facts, title: "", body: "", created_at: "" }) as unknown as Notice;

test("what is about oneself leads to its page of the phone", () => {
  expect(ownPage(notice("case_opened", { case_id: "c1" }))).toBe("temuan/c1");
  expect(ownPage(notice("activity_reviewed", { activity_id: "a1" }))).toBe("kegiatan/a1");
  expect(ownPage(notice("day_corrected", { work_date: "2026-11-27" }))).toBe("hari/2026-11-27");
  expect(ownPage(notice("leave_decided", {}))).toBe("cuti");
  expect(onward(notice("leave_decided", {}))).toBe("/app/#/cuti");
});

test("what is about somebody else leads no superior to a page of their own", () => {
  for (const kind of ["team_case_upheld", "team_case_withdrawn", "team_absence_counted", "activity_escalated", "objection_made"]) {
    expect(ownPage(notice(kind, { case_id: "c1", activity_id: "a1", employee_id: "e1" })), kind).toBeUndefined();
  }
  expect(onward(notice("team_case_upheld", { case_id: "c1" }))).toBeUndefined();
});

test("officials go on at the desk that has the thing", () => {
  expect(onward(notice("batch_rejected", { batch_id: "b1" }))).toBe("/desk/#/kiriman/b1");
  expect(onward(notice("objection_made", { audit_id: "a1", case_id: "c1" }))).toBe("/audit/#/kasus/a1/c1");
  expect(onward(notice("cases_waiting", { what: "objection" }))).toBe("/audit/#/keberatan");
  expect(onward(notice("cases_waiting", { what: "review" }))).toBe("/audit/#/kasus");
});

test("where a fact is missing, or a kind is not known, nothing is offered", () => {
  expect(onward(notice("batch_rejected", {}))).toBeUndefined();
  expect(onward(notice("something_new", { case_id: "c1" }))).toBeUndefined();
});
