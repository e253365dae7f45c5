// Not a test: pictures of the pages for agencies' own instances, for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { goTo } from "./desk";
import { dispatchOf, keyOf, sent, startPair } from "./pair";
import { test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["desk-dispatches-1440", "desk-federation-1440", "desk-bring-360"];
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
