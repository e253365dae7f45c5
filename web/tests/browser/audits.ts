// Audits of the demo as browser tests need them: straight through the API, by the officer who may.
import type { Page } from "@playwright/test";
import { caller } from "./calls";
import { official } from "./person";

export const DICE = "63454660390103169462";

export interface Audit {
  id: string;
  state: string;
  stopping: string;
  from: string;
  agencies: string[];
  seed?: string;
  seed_rule: { kind: string; round?: number };
  samples: { name: string; population: number; size: number }[];
}

async function listed(page: Page): Promise<Audit[]> {
  return (await (await caller(page, official("bkd_officer"))).get<{ items: Audit[] }>("/v1/audits?limit=200")).items;
}

/** BKD's own audit that stands, whatever became of it; the demo leaves BKD's day free. */
export async function ofBkd(page: Page): Promise<Audit | undefined> {
  return (await listed(page)).find(({ agencies, state }) => agencies.includes("bkd") && state !== "cancelled");
}

/** Gives up a plan of BKD's day that an earlier attempt may have left. */
export async function free(page: Page): Promise<void> {
  const found = await ofBkd(page);
  const officer = await caller(page, official("bkd_officer"));
  if (found?.state === "planned") await officer.post(`/v1/audits/${found.id}/cancellation`, { reason: "Rencana dari percobaan sebelumnya." });
}

/** A plan of BKD's own day that may be looked at early and waits for its dice: the one that is there, or a new one. */
export async function planned(page: Page): Promise<Audit> {
  const found = await ofBkd(page);
  if (found) return found;
  // The day that the demo lived, which its closed audit is about.
  const date = (await listed(page)).find(({ state }) => state === "closed")?.from;
  const officer = await caller(page, official("bkd_officer"));
  const plan = { from: date, to: date, agencies: ["bkd"], size: 6, stopping: "sequence", seed_rule: { kind: "dice" } };
  return officer.post<Audit>("/v1/audits", plan, { "Idempotency-Key": `bkd-${Date.now()}` });
}

/** The same, drawn. */
export async function drawn(page: Page): Promise<Audit> {
  const audit = await planned(page);
  if (audit.state !== "planned") return audit;
  const officer = await caller(page, official("bkd_officer"));
  if (!audit.seed) await officer.post(`/v1/audits/${audit.id}/seed`, { dice: DICE, evidence: "Dua puluh dadu di aula BKD." });
  return officer.post<Audit>(`/v1/audits/${audit.id}/draw`);
}

/** An audit as it stands. */
export async function auditOf(page: Page, id: string): Promise<Audit> {
  return (await caller(page, official("bkd_officer"))).get<Audit>(`/v1/audits/${id}`);
}
