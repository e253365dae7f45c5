// Calls to the API as somebody else: what officials do so that the person with the phone has something to see.
import { expect, type APIRequestContext, type APIResponse, type Page } from "@playwright/test";
import { uuid7 } from "../../src/uuid";
import type { SignIn } from "./demo";
import { official } from "./person";

export class Caller {
  constructor(
    readonly request: APIRequestContext,
    readonly token: string,
  ) {}

  async get<Answer = Record<string, unknown>>(path: string): Promise<Answer> {
    return this.#answer(await this.request.get(path, { headers: this.#headers }));
  }

  async post<Answer = Record<string, unknown>>(path: string, data: unknown = null, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#answer(await this.request.post(path, { data, headers: { ...this.#headers, ...headers } }));
  }

  get #headers() {
    return { Authorization: `Bearer ${this.token}` };
  }

  async #answer<Answer>(response: APIResponse): Promise<Answer> {
    expect(response.ok(), `${response.url()}: ${response.status()} ${await response.text()}`).toBe(true);
    return (await response.json()) as Answer;
  }
}

export async function caller(page: Page, { username, password }: Pick<SignIn, "username" | "password">): Promise<Caller> {
  const signed = await page.request.post("/v1/sessions", { data: { username, password } });
  return new Caller(page.request, ((await signed.json()) as { access_token: string }).access_token);
}

interface Case {
  id: string;
  version: number;
  person: { name: string };
}

/** Shares at the person's place of duty, or so many degrees north of it. */
export async function shareAt(page: Page, someone: Required<SignIn>, north = 0): Promise<void> {
  const own = await caller(page, someone);
  const now = Date.now();
  const captured_at = new Date(now).toISOString();
  const { latitude, longitude } = someone.position;
  await own.post("/v1/check-ins", { id: uuid7(now), captured_at, sent_at: captured_at, latitude: latitude + north, longitude, accuracy_metres: 15 });
}

/** The demo's two auditors, and a third, so that a case that two of them looked at is decided by another. */
const AUDITORS = ["auditor.satu", "auditor.dua", "auditor.tiga"];

async function addThirdAuditor(page: Page, password: string): Promise<void> {
  const { token } = await caller(page, official("administrator"));
  const data = { username: "auditor.tiga", display_name: "Auditor Tiga", password, roles: [{ role: "bkd_auditor" }] };
  const added = await page.request.post("/v1/accounts", { headers: { Authorization: `Bearer ${token}` }, data });
  expect([201, 409]).toContain(added.status());
}

/** Has an auditor doubt a share of today's, one for each person named, and whoever looks again agree. An agency's day can be drawn only once. */
export async function doubt(page: Page, people: Required<SignIn>[]): Promise<void> {
  const password = people[0]?.password ?? "";
  const names = new Set<string>();
  for (const someone of people) {
    await shareAt(page, someone, 0.02);
    names.add((await (await caller(page, someone)).get<{ display_name: string }>("/v1/me")).display_name);
  }
  await addThirdAuditor(page, password);
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Jakarta", dateStyle: "short" }).format(Date.now());
  const officer = await caller(page, official("bkd_officer"));
  const plan = { from: date, to: date, agencies: people.map(({ agency }) => agency), size: 10_000 };
  const audit = await officer.post<{ id: string }>("/v1/audits", plan, { "Idempotency-Key": `doubt-${Date.now()}` });
  await officer.post(`/v1/audits/${audit.id}/seed`, { seed: "27182818284590452353", evidence: "Dua puluh dadu bersisi sepuluh di hadapan saksi." });
  await officer.post(`/v1/audits/${audit.id}/draw`);
  const finding = { finding: "invalid_proposed", method: "map", note: "Titik ini jauh dari rumah terdaftar. Mohon penjelasan." };
  const doubted = new Set<string>();
  const auditors = await Promise.all(AUDITORS.map((username) => caller(page, { username, password })));
  for (const auditor of auditors) {
    const { items } = await auditor.get<{ items: Case[] }>(`/v1/audits/${audit.id}/cases?limit=200`);
    for (const { id } of items) {
      if (names.size === 0) break;
      const opened = await auditor.get<Case>(`/v1/cases/${id}?purpose=case_review`);
      if (!names.delete(opened.person.name)) continue;
      await auditor.post(`/v1/cases/${id}/review`, finding, { "If-Match": `"${opened.version}"` });
      doubted.add(id);
    }
  }
  expect([...names], "people without a case").toEqual([]);
  for (const auditor of auditors) {
    const { items } = await auditor.get<{ items: { id: string; version: number }[] }>(`/v1/audits/${audit.id}/second-reviews`);
    for (const { id, version } of items.filter(({ id }) => doubted.has(id))) {
      await auditor.post(`/v1/second-reviews/${id}`, finding, { "If-Match": `"${version}"` });
    }
  }
}

/** Has whoever is its second person uphold a case that was answered. */
export async function uphold(page: Page, id: string, password: string): Promise<void> {
  for (const username of AUDITORS) {
    const auditor = await caller(page, { username, password });
    const headers = { Authorization: `Bearer ${auditor.token}` };
    const opened = await page.request.get(`/v1/cases/${id}?purpose=case_decision`, { headers });
    if (!opened.ok()) continue;
    const file = (await opened.json()) as { part?: string; version: number };
    if (file.part !== "decide") continue;
    const body = { outcome: "upheld", reason: "Tanggapan belum menjelaskan jarak dari rumah." };
    await auditor.post(`/v1/cases/${id}/decision`, body, { "If-Match": `"${file.version}"` });
    return;
  }
  throw new Error("nobody is the second person of the case");
}
