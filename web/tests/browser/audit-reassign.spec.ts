// Giving an auditor's work to others: what is missing is named at its field, and whoever holds nothing has nothing to give.
import { expect } from "@playwright/test";
import { drawn } from "./audits";
import { expectNarrow, goTo, openDesk } from "./desk";
import { expectAccessible, official, test } from "./person";

test("an officer gives an auditor's work to others, by name and with a reason", async ({ page }) => {
  await openDesk(page, "bkd_officer", "kasus", "audit");
  const audit = await drawn(page);
  await goTo(page, `kasus/${audit.id}`);
  await page.getByText("Alihkan pekerjaan seorang auditor").click();
  await page.getByRole("button", { name: "Alihkan", exact: true }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveText(["Isi nama pengguna auditor.", /^Tulis alasan/]);
  await expectAccessible(page);
  await expectNarrow(page);
  const give = async (auditor: string) => {
    await page.getByLabel("Nama pengguna auditor").fill(auditor);
    await page.getByLabel("Alasan").fill("Auditor pindah tugas mulai hari ini.");
    await page.getByRole("button", { name: "Alihkan", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Alihkan" }).click();
  };
  await give("tidak.ada.orangnya");
  await expect(page.getByRole("alert").getByRole("link")).toHaveText(["Tidak ada akun dengan nama pengguna ini."]);
  await give(official("agency_operator").username);
  await expect(page.getByText("Tidak ada tugas yang perlu dialihkan.")).toBeVisible();
  await expect(page.getByLabel("Nama pengguna auditor")).toHaveValue("");
});
