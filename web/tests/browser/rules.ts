// Rules that a test lives by: a circular of next month, issued as BKD does, that leaves today as it is.
import type { Page } from "@playwright/test";
import { account } from "./account";
import { official } from "./person";

const written = (date: Date) => date.toISOString().slice(0, 10);
const now = new Date();
export const FIRST = written(new Date(Date.UTC(now.getFullYear(), now.getMonth() + 1, 1)));
export const LAST = written(new Date(Date.UTC(now.getFullYear(), now.getMonth() + 2, 0)));

/** A circular of next month that lets half of each agency work at home and wants two on picket. */
export async function issueCircular(page: Page): Promise<void> {
  const officer = await account(page, official("bkd_officer"));
  const head = await account(page, official("bkd_head"));
  const { items } = await officer<{ items: { id: string; number: string; title: string }[] }>("get", "/v1/circulars?limit=200");
  const lived = items.find(({ title }) => title.startsWith("Simulasi bekerja dari rumah"));
  if (items.some(({ number }) => number === "9 Tahun 2026")) return;
  const circular = await officer<{ id: string; conflicts?: { circular_id: string; decides: string }[] }>("post", "/v1/circulars", {
    number: "9 Tahun 2026",
    title: "Setengah pegawai bekerja dari rumah",
    issuer: { office: "regional_secretary", name: "Sekretaris Daerah Simulasi" },
    jurisdiction_code: "36",
    signed_on: written(now),
    effective_from: FIRST,
    effective_to: LAST,
    relations: [{ kind: "revokes", target_id: lived?.id }],
    rules: [
      { kind: "quota", modes: ["wfh"], bound: "max", percent: 50, scope: "opd" },
      { kind: "picket", min_per_day: 2, levels: [] },
    ],
  });
  const precedence = (circular.conflicts ?? []).map(({ circular_id, decides }) => ({ circular_id, decides }));
  await head("post", `/v1/circulars/${circular.id}/issue`, { precedence });
}
