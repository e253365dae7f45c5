// Not a test: pictures of the pages for agencies' own instances, for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { DICE } from "./audits";
import { goTo } from "./desk";
import { bringDay, dispatchOf, keyOf, registerKey, sent, startPair } from "./pair";
import { test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["desk-dispatches-1440", "desk-federation-1440", "desk-bring-360", "audit-federated-case-1440"];
const picture = (page: Page, name: string) => take(page, `desk-${name}`, TELLING);

test.setTimeout(400_000);

test("an agency's own instance and BKD's", async ({ page, request }) => {
  const pair = await startPair();
  try {
    await pair.bkd.open(page, "bkd_officer", "layanan");
    await picture(page, "federation-empty");
    await goTo(page, "layanan/kunci?agency=diskominfo");
    await page.getByLabel("Kunci log").fill(await keyOf(pair.dinas));
    await picture(page, "federation-key");
    await page.getByRole("button", { name: "Lanjutkan" }).click();
    await picture(page, "federation-key-sure");
    await page.getByRole("dialog").getByRole("button", { name: "Daftarkan" }).click();
    await expect(page.getByText(/terdaftar\.$/)).toBeVisible();
    const batch = await sent(request, pair.dinas, "midday");
    const file = await dispatchOf(request, pair.dinas, batch);
    await goTo(page, "layanan/paket");
    await page.locator('input[type="file"]').setInputFiles({ name: "lain.zip", mimeType: "application/zip", buffer: Buffer.from("bukan paket") });
    await expect(page.getByRole("alert")).toBeVisible();
    await picture(page, "bring-refused");
    await page.locator('input[type="file"]').setInputFiles({ name: "paket.zip", mimeType: "application/zip", buffer: file });
    await expect(page.getByText("Paket diterima.")).toBeVisible();
    await picture(page, "bring");
    const other = await pair.other();
    const story = await dispatchOf(request, other, await sent(request, other, "afternoon"));
    await page.locator('input[type="file"]').setInputFiles({ name: "lain.zip", mimeType: "application/zip", buffer: story });
    await expect(page.getByRole("alert")).toContainText("isi lain");
    await goTo(page, "layanan");
    await expect(page.getByRole("region", { name: "Log yang bercabang" })).toBeVisible();
    await picture(page, "federation");
    await sent(request, pair.dinas, "afternoon");
    await pair.dinas.open(page, "agency_operator", "paket");
    await expect(page.getByText("2 baris")).toBeVisible();
    await picture(page, "dispatches");
    await page.getByRole("row").filter({ hasText: "Menunggu bukti" }).getByRole("button").click();
    await picture(page, "dispatch");
  } finally {
    await pair.stop();
  }
});

test("an audit of an agency with an instance of its own", async ({ page, request }) => {
  const pair = await startPair();
  const look = (name: string) => take(page, `audit-federated-${name}`, TELLING);
  try {
    const { lived_on } = pair.bkd;
    await registerKey(request, pair, "bkd");
    await pair.bkd.open(page, "bkd_officer", "rencana/baru", "audit");
    await page.getByLabel("Dari tanggal").fill(new Date(Date.parse(lived_on) - 21 * 86_400_000).toISOString().slice(0, 10));
    await page.getByLabel("Sampai tanggal").fill(lived_on);
    await expect(page.getByText(/belum ada dalam kiriman yang diterima/)).toBeVisible();
    await look("refused");
    await bringDay(request, pair, "bkd");
    const headers = await pair.bkd.as(request, "bkd_officer");
    const targeted = { flags: ["mock_provider"], most: 50 };
    const plan = { from: lived_on, to: lived_on, agencies: ["bkd"], size: 9, seed_rule: { kind: "dice" }, targeted };
    const planned = await request.post(`${pair.bkd.base_url}/v1/audits`, { headers: { ...headers, "Idempotency-Key": `federated-${Date.now()}` }, data: plan });
    const { id } = (await planned.json()) as { id: string };
    await goTo(page, `undian/${id}`);
    await page.getByText("Kiriman yang dipakai: Badan Kepegawaian Daerah").click();
    await look("plan");
    const url = `${pair.bkd.base_url}/v1/audits/${id}`;
    await request.post(`${url}/seed`, { headers, data: { dice: DICE, evidence: "Dua puluh dadu di aula BKD." } });
    expect((await request.post(`${url}/draw`, { headers })).ok()).toBe(true);
    for (const auditor of [0, 1]) {
      await pair.bkd.open(page, "bkd_auditor", `kasus/${id}`, "audit", auditor);
      await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
      const flagged = page.locator("tbody tr[data-index]").filter({ hasText: "Slot bertanda" });
      if ((await flagged.count()) === 0) continue;
      await look("cases");
      await flagged.first().getByRole("link").click();
      await page.getByRole("button", { name: "Buka kasus" }).click();
      await expect(page.locator("[data-drawn=true]")).toBeVisible();
      await look("case");
      break;
    }
  } finally {
    await pair.stop();
  }
});
