// Where a notice leads: the page of the phone on which the person it is about goes on.
import type { components } from "../generated/schema";

export type Notice = components["schemas"]["NoticeView"];

/** Pages of the phone by kind of notice; `{activity_id}` stands for that fact of the notice. Those to officials are not among them. */
const OWN_PAGES: Record<string, string> = {
  home_verified: "rumah",
  home_returned: "rumah",
  home_rejected: "rumah",
  activity_reviewed: "kegiatan/{activity_id}",
  monthly_report_assessed: "laporan/{month}",
  case_opened: "temuan/{case_id}",
  reply_due: "temuan/{case_id}",
  case_decided: "temuan/{case_id}",
  case_upheld: "temuan/{case_id}",
  objection_decided: "temuan/{case_id}",
  leave_decided: "cuti",
  leave_returned: "cuti",
  leave_changed: "cuti",
  leave_ended: "cuti",
  day_corrected: "hari/{work_date}",
  correction_decided: "koreksi",
  absence_counted: "bulan",
  roster_published: "bulan",
  travel_excepted: "dinas",
  travel_decided: "dinas",
  travel_ended: "dinas",
};

/** The page on which the person goes on, such as `temuan/019a…`; none where there is nothing to go on with. */
export function ownPage(notice: Notice): string | undefined {
  return pageOf(OWN_PAGES, notice);
}

/** The page that a table names for the kind of a notice, with its facts filled in; none where a fact is missing. */
export function pageOf(pages: Record<string, string>, { kind, facts }: Notice): string | undefined {
  const known = facts as Record<string, unknown>;
  const page = pages[kind]?.replace(/\{(\w+)\}/g, (place, fact: string) => (typeof known[fact] === "string" ? known[fact] : place));
  return page?.includes("{") ? undefined : page;
}
