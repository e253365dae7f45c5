// The report of an audit: one sentence, three plots each with its table, and a sheet for paper.
import { expect } from "@playwright/test";
import { expectNarrow, goTo, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

test("a report says one sentence and shows every number of its plots in a table", async ({ page }) => {
  await openDesk(page, "bkd_head", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByText(/^Dengan tingkat keyakinan 95 %, paling banyak \d+ dari \d+ slot .* menyimpang; dari 24 slot yang diperiksa/)).toBeVisible();
  for (const title of ["Yang diperiksa", "Yang terbukti", "Ketepatan tanda"]) {
    const section = page.getByRole("region", { name: title });
    await expect(section.getByRole("img")).toHaveAccessibleName(/tabel di bawah/);
    await expect(section.getByRole("table")).toBeVisible();
  }
  const checked = page.getByRole("region", { name: "Yang diperiksa" });
  await expect(checked.getByRole("row", { name: /^Semua bersama/ })).toContainText("24");
  await expect(page.getByRole("region", { name: "Ketepatan tanda" }).getByRole("row", { name: /^Di tempat tugas/ })).toBeVisible();
  await expect(page.getByText("31415926535897932384")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText(/^With 95 % confidence at most/)).toBeVisible();
});

test("a report with open cases says that it is provisional, and can't be closed yet", async ({ page }) => {
  await openDesk(page, "bkd_officer", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Perpustakaan dan Kearsipan" }).getByRole("link").click();
  await expect(page.getByText(/^Sementara: Dengan tingkat keyakinan/)).toBeVisible();
  await expect(page.getByText(/\d+ kasus belum selesai\./)).toBeVisible();
  await expect(page.getByRole("button", { name: "Tutup uji petik" })).toHaveCount(0);
  await expectAccessible(page);
});

test("on paper a report is the sheet alone", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Ketepatan tanda" })).toBeVisible();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("button", { name: "Cetak" })).toBeHidden();
  await expect(page.locator("#app > header")).toBeHidden();
  // Dark letters on white paper, whatever the screen's colours are.
  expect(await page.locator("p.claim").evaluate((claim) => getComputedStyle(claim).color)).toBe("rgb(0, 0, 0)");
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.length).toBeLessThanOrEqual(3);
  await goTo(page, "laporan");
});
