// An agency's own instance and BKD's: a key is registered, a batch travels as a file, its proof comes back, and what is not sound is refused by name.
import { expect } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { expectNarrow, goTo, openDesk } from "./desk";
import { dispatchOf, keyOf, sent, startPair, type Pair } from "./pair";
import { expectAccessible, test } from "./person";

test.describe.configure({ mode: "serial" });
test.setTimeout(120_000);

let pair: Pair;
/** The receipt of the first batch, as the officer was given it. */
let receipt: Buffer;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  pair = await startPair();
});
test.afterAll(async () => pair?.stop());

test("only an agency's own instance has the page of dispatches", async ({ page }) => {
  await openDesk(page, "agency_operator", "kiriman");
  await expect(page.getByRole("link", { name: "Kiriman ke BKD" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Paket kiriman" })).toHaveCount(0);
});

test("an officer registers the key of an agency's log after reading what it means", async ({ page }) => {
  await pair.bkd.open(page, "bkd_officer", "layanan");
  await expect(page.getByText("Belum ada. Daftarkan kunci log perangkat daerah lebih dahulu.")).toBeVisible();
  await expect(page.getByText("Belum ada paket yang diterima.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Daftarkan kunci" }).click();
  await expect(page.getByText("Kirimannya tidak lagi disegel di layanan ini, tetapi di layanannya sendiri.")).toBeVisible();
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih perangkat daerahnya.");
  await expect(page.getByRole("alert")).toContainText("Tempel kunci lognya.");
  await expectAccessible(page);
  const key = await keyOf(pair.dinas);
  const dialog = page.getByRole("dialog");
  // A slip in copying is found.
  await page.locator("#key-agency").selectOption("diskominfo");
  await page.getByLabel("Kunci log").fill(key.replace("/agency/diskominfo", "/agency/dindik"));
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await dialog.getByRole("button", { name: "Daftarkan" }).click();
  await expect(page.getByRole("alert").getByRole("link", { name: /Ini bukan kunci log/ })).toBeVisible();
  await page.getByLabel("Kunci log").fill(key);
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(dialog.getByText(key)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Daftarkan" }).click();
  await expect(page.getByText(/^Kunci log .+ terdaftar\.$/)).toBeVisible();
  const row = page.getByRole("table", { name: "Perangkat daerah dengan layanan sendiri" }).locator("tbody tr[data-index]");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Belum ada");
  await expectNarrow(page);
});

test("the operator sees a sent batch wait, fetches its file, and the officer brings it", async ({ page, request }, info) => {
  await sent(request, pair.dinas, "midday");
  await pair.dinas.open(page, "agency_operator", "paket");
  const row = page.getByRole("table", { name: "Paket kiriman" }).locator("tbody tr[data-index]");
  await expect(row).toContainText("Siap diunduh");
  await page.getByText("Kunci BKD menurut setelan").click();
  await expect(page.getByText(/^bkd\.example\/witness\+/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await row.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page);
  const kept = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Unduh paket" }).click();
  const file = info.outputPath("paket.zip");
  await (await kept).saveAs(file);
  await expect(dialog.getByText("Menunggu bukti")).toBeVisible();

  await pair.bkd.open(page, "bkd_officer", "layanan/paket");
  await expectAccessible(page);
  const pieces: string[] = [];
  page.on("request", (sent) => void (sent.method() === "PUT" && pieces.push(sent.url())));
  // Something else first, larger than a piece: refused by its name, with nothing kept.
  await page.locator('input[type="file"]').setInputFiles({ name: "lain.zip", mimeType: "application/zip", buffer: randomBytes(5_000_000) });
  await expect(page.getByRole("alert")).toContainText("Berkas ini bukan paket kiriman yang utuh.");
  await expect(page.getByText(/^Tidak ada isinya yang disimpan/)).toBeVisible();
  expect(pieces).toHaveLength(3);
  await expectAccessible(page);
  const bytes = readFileSync(file);
  await page.locator('input[type="file"]').setInputFiles({ name: "paket.zip", mimeType: "application/zip", buffer: bytes });
  await expect(page.getByText("Paket diterima.")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expectAccessible(page);
  await expectNarrow(page);
  const given = page.waitForEvent("download");
  await page.getByRole("button", { name: "Unduh bukti terima" }).click();
  const proof = info.outputPath("bukti.tlog-proof");
  await (await given).saveAs(proof);
  receipt = readFileSync(proof);
  expect(receipt.toString()).toContain("\u2014 bkd.example/witness ");
  await page.getByRole("link", { name: "Buka kiriman" }).click();
  await expect(page.locator("b", { hasText: "Diterima BKD, menunggu keputusan" })).toBeVisible();

  // It is listed, and its receipt is the same whenever it is fetched.
  await goTo(page, "layanan");
  await expect(page.getByRole("table", { name: "Perangkat daerah dengan layanan sendiri" }).locator("tbody tr[data-index]")).toContainText("utuh");
  await expect(page.getByRole("table", { name: "Perangkat daerah dengan layanan sendiri" }).locator("tbody tr[data-index]")).not.toContainText("Belum ada");
  await page.getByRole("table", { name: "Paket yang diterima" }).locator("tbody tr[data-index]").getByRole("button").click();
  await expectAccessible(page);
  const again = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Unduh bukti terima" }).click();
  const second = info.outputPath("lagi.tlog-proof");
  await (await again).saveAs(second);
  expect(readFileSync(second).equals(receipt)).toBe(true);
});

test("the operator keeps BKD's proof, and nothing else for it", async ({ page }) => {
  await pair.dinas.open(page, "agency_operator", "paket");
  const row = page.getByRole("table", { name: "Paket kiriman" }).locator("tbody tr[data-index]");
  await expect(row).toContainText("Menunggu bukti");
  await row.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  const input = dialog.locator('input[type="file"]');
  const changed = receipt.toString().replace(/^index (\d+)$/m, (_, index: string) => `index ${Number(index) + 1}`);
  await input.setInputFiles({ name: "bukti.tlog-proof", mimeType: "text/plain", buffer: Buffer.from(changed) });
  await expect(dialog.getByRole("alert")).toContainText("Ini bukan bukti terima BKD untuk kiriman ini");
  await expectAccessible(page);
  await input.setInputFiles({ name: "bukti.tlog-proof", mimeType: "text/plain", buffer: receipt });
  await expect(dialog.getByText("Bukti tersimpan")).toBeVisible();
  await expect(page.getByText("Bukti BKD tersimpan. Kiriman ini sudah diterima.")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Unduh bukti" })).toBeVisible();
  await dialog.getByRole("link", { name: "Buka kiriman" }).click();
  await expect(page.locator("b", { hasText: "Diterima BKD, menunggu keputusan" })).toBeVisible();
});

test("a log that tells two stories is seen by the head of BKD, who changes nothing", async ({ page, request }) => {
  const other = await pair.other();
  // The same log, the same size, other rows.
  const story = await dispatchOf(request, other, await sent(request, other, "afternoon"));
  await pair.bkd.open(page, "bkd_officer", "layanan/paket");
  await page.locator('input[type="file"]').setInputFiles({ name: "cerita-lain.zip", mimeType: "application/zip", buffer: story });
  await expect(page.getByRole("alert")).toContainText("Log perangkat daerah pernah menyatakan isi lain untuk ukuran yang sama.");
  await pair.bkd.open(page, "bkd_head", "layanan");
  await expect(page.getByRole("region", { name: "Log yang bercabang" })).toContainText("dinas.example/agency/diskominfo menyatakan dua isi berbeda");
  await page.getByText("Kedua pernyataan yang ditandatangani").click();
  await expect(page.locator("pre")).toHaveCount(2);
  await expect(page.getByRole("table", { name: "Perangkat daerah dengan layanan sendiri" }).getByText("bercabang")).toBeVisible();
  await expect(page.getByRole("link", { name: "Bawa paket" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Daftarkan kunci" })).toHaveCount(0);
  await expectAccessible(page);
  await expectNarrow(page);
  // The address alone opens nothing either.
  await goTo(page, "layanan/kunci");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Layanan perangkat daerah");
});

test("a key is replaced by whoever saw the last one", async ({ page }) => {
  await pair.bkd.open(page, "bkd_officer", "layanan");
  await page.getByRole("table", { name: "Perangkat daerah dengan layanan sendiri" }).locator("tbody tr[data-index]").getByRole("button").click();
  await expect(page.getByRole("dialog").getByText("dinas.example/agency/diskominfo", { exact: true })).toBeVisible();
  await page.getByRole("dialog").getByRole("link", { name: "Ganti kunci" }).click();
  await expect(page.getByRole("heading", { name: "Ganti kunci log" })).toBeVisible();
  await expect(page.getByText("Kunci yang sekarang tidak dipercaya lagi.", { exact: false })).toBeVisible();
  await page.getByLabel("Kunci log").fill(await keyOf(pair.dinas));
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Ganti", exact: true }).click();
  await expect(page.getByText(/^Kunci log .+ terdaftar\.$/)).toBeVisible();
});
