// The history of an agency: who changed what, asked of the service by thing and date.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

test("who changed what is listed newest first, and leads to the thing", async ({ page }) => {
  await openDesk(page, "agency_operator", "history");
  const table = page.getByRole("table", { name: "Riwayat" });
  await expect(table.getByRole("row").nth(1)).toBeVisible();
  await page.getByLabel("Hal", { exact: true }).selectOption("agency");
  await expect(table.getByRole("row", { name: /Impor pegawai Perangkat daerah/ })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByLabel("Hal", { exact: true }).selectOption("home");
  await expect(table.getByRole("row", { name: /Impor pegawai/ })).toHaveCount(0);
  await expect(table.getByRole("row", { name: /terverifikasi/ }).first()).toBeVisible();
  await page.getByLabel("Sampai", { exact: true }).fill("2020-01-01");
  await expect(page.getByText("Belum ada perubahan.")).toBeVisible();
  await page.getByLabel("Sampai", { exact: true }).fill("");
  await table.getByRole("link", { name: "Rumah" }).first().click();
  await expect(page.getByRole("img", { name: /Peta rumah/ })).toBeVisible();
});
