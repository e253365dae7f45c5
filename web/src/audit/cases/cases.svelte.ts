// The cases of an audit within the auditor's reach, and those that were opened: each is asked for once, with its purpose.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { officer } from "../../officer/officer.svelte";
import { api } from "../../officer/session";
import type { Key } from "../texts";

export type Case = components["schemas"]["CaseView"];
export type CaseFile = components["schemas"]["CaseFileView"];
export type Finding = "valid" | "inconclusive" | "invalid_proposed";
export type Outcome = "withdrawn" | "inconclusive" | "upheld";
export type ObjectionOutcome = "upheld" | "withdrawn";
export type SecondReview = components["schemas"]["SecondReviewView"];
export type SecondReviewFile = components["schemas"]["SecondReviewFileView"];
/** What is shown of a person's day, whether it is looked at first or again. */
export type DayFile = Pick<CaseFile, "agency" | "work_date" | "slot" | "person" | "record" | "sealed_row" | "duty_places" | "earlier"> & {
  is_without_positions?: boolean;
};
export type Method = "map" | "call" | "visit" | "documents";

class Cases {
  audit = $state("");
  /** In the order of the draw. */
  all: Case[] = $state.raw([]);
  /** What was opened, by the case's id: with names and positions, so it is gone with the session. */
  opened: Record<string, CaseFile> = $state.raw({});
  /** What is reviewed once more: one's own, or all for BKD's officers. */
  again: SecondReview[] = $state.raw([]);
  openedAgain: Record<string, SecondReviewFile> = $state.raw({});

  async load(audit: string): Promise<void> {
    const found: Case[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...(cursor && { cursor }) };
      const page = answerOf(await api.GET("/v1/audits/{id}/cases", { params: { path: { id: audit }, query } }));
      found.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    const again = answerOf(await api.GET("/v1/audits/{id}/second-reviews", { params: { path: { id: audit } } }));
    this.audit = audit;
    this.all = found;
    this.again = again.items;
  }

  /** Opens a case: the look is written down with its purpose before anything is shown, and the person reads it. */
  async open(id: string, purpose: string): Promise<void> {
    const params = { path: { id }, query: { purpose } };
    const file = answerOf(await api.GET("/v1/cases/{id}", { params }));
    this.opened = { ...this.opened, [id]: file };
    this.#put(file);
  }

  async review(id: string, finding: Finding, method: Method, note: string): Promise<void> {
    const body = { finding, method, ...(note && { note }) };
    const view = answerOf(await api.POST("/v1/cases/{id}/review", { params: this.#matching(id), body }));
    this.#change(view, { note });
  }

  async decide(id: string, outcome: Outcome, reason: string): Promise<void> {
    const body = { outcome, reason };
    const view = answerOf(await api.POST("/v1/cases/{id}/decision", { params: this.#matching(id), body }));
    this.#change(view, { reason });
  }

  async decideObjection(id: string, outcome: ObjectionOutcome, decision: string): Promise<void> {
    const body = { outcome, reason: decision };
    const view = answerOf(await api.POST("/v1/cases/{id}/objection/decision", { params: this.#matching(id), body }));
    const objection = this.opened[id]?.objection;
    const decided = objection ? { objection: { ...objection, outcome, decision } } : {};
    this.#change(view, decided);
  }

  /** Opens a case to look at it again: the same day, without what was found first. */
  async openAgain(id: string, purpose: string): Promise<void> {
    const params = { path: { id }, query: { purpose } };
    const file = answerOf(await api.GET("/v1/second-reviews/{id}", { params }));
    this.openedAgain = { ...this.openedAgain, [id]: file };
  }

  async reviewAgain(id: string, finding: Finding, method: Method, note: string): Promise<void> {
    const version = this.openedAgain[id]?.version ?? 0;
    const params = { path: { id }, header: { "If-Match": `"${version}"` } };
    const body = { finding, method, ...(note && { note }) };
    const view = answerOf(await api.POST("/v1/second-reviews/{id}", { params, body }));
    const file = this.openedAgain[id];
    if (file) this.openedAgain = { ...this.openedAgain, [id]: { ...file, ...view, note: note || null } };
    this.again = this.again.map((one) => (one.id === id ? view : one));
  }

  forget(): void {
    this.audit = "";
    this.all = [];
    this.opened = {};
    this.again = [];
    this.openedAgain = {};
  }

  #matching(id: string) {
    const version = this.opened[id]?.version ?? this.all.find((one) => one.id === id)?.version ?? 0;
    return { path: { id }, header: { "If-Match": `"${version}"` } };
  }

  #change(view: Case, written: Partial<CaseFile>): void {
    const file = this.opened[view.id];
    if (file) this.opened = { ...this.opened, [view.id]: { ...file, ...view, ...written } };
    this.#put(view);
  }

  #put(view: Case): void {
    this.all = this.all.map((one) => (one.id === view.id ? { ...one, ...view } : one));
  }
}

export const cases = new Cases();

/** Whether the caller has something to do with the case now. */
export function isToDo(one: Case): boolean {
  return mayReview(one) || (mayDecide(one) && one.part !== "review") || mayDecideObjection(one);
}

/** The head of BKD, as long as they did not decide the case themselves, which the service refuses. */
export function mayDecideObjection(one: Case): boolean {
  return one.state === "objected" && officer.has("bkd_head") && one.part !== "review" && one.part !== "decide";
}

export function mayReview(one: Case): boolean {
  return one.part === "review" && one.state === "assigned";
}

/** After the reply or its time: the second person, the head of BKD, or whoever proposed, who may only take it back. */
export function mayDecide(one: Case): boolean {
  const isHeard = one.state === "replied" || one.state === "no_reply";
  return isHeard && (one.part === "decide" || one.part === "review" || officer.has("bkd_head"));
}

/** How a case stands, as a key of its words. */
export function standing(one: Case): Key {
  if (one.state === "objected") return "case_state.objected";
  if (one.objection_outcome) return `case_objection.${one.objection_outcome}` as Key;
  if (one.outcome) return `case_outcome.${one.outcome}` as Key;
  if (one.state === "reviewed" && one.is_disputed && !one.result) return "case_state.told";
  if (one.state === "reviewed" && one.result === "inconclusive") return "case_finding.inconclusive";
  if (one.state === "reviewed" && one.finding && one.finding !== "invalid_proposed") return `case_finding.${one.finding}` as Key;
  if (one.state === "closed" && one.finding && one.finding !== "invalid_proposed") return `case_finding.${one.finding}` as Key;
  if (one.state === "reviewed") return "case_state.told";
  return `case_state.${one.state}` as Key;
}
