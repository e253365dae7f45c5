// Where an official goes on from a notice: at one of the desks, or on the phone where it is about the official's own days.
import { ownPage, pageOf, type Notice } from "../notice";

/** Addresses at the desks by kind of notice; `{batch_id}` stands for that fact of the notice. */
const DESK_PAGES: Record<string, string> = {
  activity_escalated: "/desk/#/kegiatan/{activity_id}",
  batch_accepted: "/desk/#/kiriman/{batch_id}",
  batch_rejected: "/desk/#/kiriman/{batch_id}",
  roster_decided: "/desk/#/roster/{roster_id}",
  objection_made: "/audit/#/kasus/{audit_id}/{case_id}",
  decision_reviewed: "/audit/#/kasus/{audit_id}/{case_id}",
};

export function onward(notice: Notice): string | undefined {
  if (notice.kind === "cases_waiting") return (notice.facts as { what?: unknown }).what === "objection" ? "/audit/#/keberatan" : "/audit/#/kasus";
  const own = ownPage(notice);
  return own ? `/app/#/${own}` : pageOf(DESK_PAGES, notice);
}
