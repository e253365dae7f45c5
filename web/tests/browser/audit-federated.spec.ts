// Agencies with an instance of their own: why they can't be planned yet, and which batches a plan's slots came from. The demo
// has none, so that the service's own answers are shown with one in place of another.
import { expect } from "@playwright/test";
import { planned } from "./audits";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

interface Counted {
  agencies: { agency: string; population: number; refusals: { code: string; message: string }[] }[];
}

test("an agency whose batches are not complete says which are missing and can't be chosen", async ({ page }) => {
  const message = "1 tanggal belum ada dalam kiriman yang diterima: 2026-03-02 (siang, sore).";
  await page.route("**/v1/audit-population?*", async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as Counted;
    for (const one of told.agencies) if (one.agency === "bkd") one.refusals = [{ code: "batch_missing", message }];
    await route.fulfill({ response: answer, json: told });
  });
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  const box = page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ });
  await expect(page.getByText(message)).toBeVisible();
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleDescription(message);
  await expect(page.getByText("Belum dapat direncanakan")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
});

test("a plan tells which batches its slots came from and of whom they tell nothing", async ({ page }) => {
  const { id } = await planned(page);
  await page.route(`**/v1/audits/${id}`, async (route) => {
    const answer = await route.fetch();
    const audit = (await answer.json()) as object;
    const batch = { id: "019cac40-0000-7000-8000-000000000001", from: "2026-03-02", to: "2026-03-02", version: 2, slots: 3 };
    const source = { agency: "bkd", batches: [batch, { ...batch, id: batch.id.replace(/1$/, "2"), slot: "midday" }], unlisted: 1, unlisted_numbers: ["198609262010051905"] };
    await route.fulfill({ response: answer, json: { ...audit, federated: [source] } });
  });
  await openDesk(page, "bkd_officer", `undian/${id}`, "audit");
  await page.getByRole("button", { name: "Populasi" }).first().click();
  await expect(page.getByText("1 pegawai di daftar BKD tidak ada dalam kiriman periode ini: 198609262010051905.")).toBeVisible();
  await page.getByText(/^Kiriman yang dipakai: /).click();
  await expect(page.getByRole("listitem").filter({ hasText: "versi 2" })).toHaveCount(2);
  await expect(page.getByText(/Siang, versi 2/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
});
