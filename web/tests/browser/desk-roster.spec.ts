// The roster of a month: made by rule, changed by keys, clicks and dragging, checked at once, and taken to publication.
import { expect, type Page } from "@playwright/test";
import { expectNarrow, openDesk, signInAgain } from "./desk";
import { expectAccessible, test } from "./person";
import { FIRST, issueCircular, LAST } from "./rules";

const grid = (page: Page) => page.getByRole("grid", { name: "Jadwal per orang dan hari" });
const cell = (page: Page, row: number, day: number) => page.locator(`td[data-row="${row}"][data-day="${day}"]`);
const letters = (page: Page, row: number) => grid(page).locator(`td[data-row="${row}"]`).allInnerTexts();

async function make(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Buat jadwal" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Mulai")).toHaveValue(FIRST);
  await expect(dialog.getByLabel("Sampai")).toHaveValue(LAST);
  await dialog.getByRole("button", { name: "Buat jadwal" }).click();
  await expect(grid(page)).toBeVisible();
  await expect(page.getByText("Tersimpan")).toBeVisible();
}

test("a month is made by rule, changed by hand with a reason, checked at once, and changes are taken back", async ({ page }) => {
  await issueCircular(page);
  await openDesk(page, "agency_operator", "roster");
  await expectAccessible(page);
  await make(page);
  await expect(grid(page).getByRole("row")).not.toHaveCount(1);
  await expect(page.getByText("Semua aturan terpenuhi.")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  // The first click asks for a reason, once.
  const firstDay = await grid(page).locator('td[data-day="0"]').allInnerTexts();
  const atHome = firstDay.findIndex((letter) => letter.trim() === "R");
  await cell(page, atHome, 0).click();
  await expect(page.locator(".why")).toContainText("SE 9 Tahun 2026");
  await page.getByRole("group", { name: "Isi hari yang dipilih" }).getByRole("button", { name: "Kantor" }).click();
  await page.getByLabel("Alasan").fill("Ada tamu dari pusat");
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(cell(page, atHome, 0)).toHaveText("K");
  await expect(cell(page, atHome, 0)).toHaveClass(/hand/);
  await expect(page.getByText("Tersimpan")).toBeVisible();

  // Everybody at home on the second day breaks the quota and the picket; the service says so at once.
  await cell(page, 0, 1).click();
  await cell(page, 0, 1).hover();
  await page.mouse.down();
  const rows = (await grid(page).getAttribute("aria-rowcount")) ?? "2";
  await cell(page, Number(rows) - 2, 1).hover();
  await page.mouse.up();
  await page.keyboard.press("r");
  await expect(page.getByText(/\d+ aturan belum terpenuhi/)).toBeVisible();
  await expect(page.getByText(/WFH paling banyak 50%/).first()).toBeVisible();
  await expect(grid(page).getByRole("columnheader", { name: /ada catatan/ })).toHaveCount(1);
  expect((await letters(page, 1))[1]?.trim()).toBe("R");

  await page.keyboard.press("Control+z");
  await expect(page.getByText(/WFH paling banyak 50%/)).toHaveCount(0);
  await page.getByRole("button", { name: "Ulangi" }).click();
  await expect(page.getByText(/WFH paling banyak 50%/).first()).toBeVisible();
  await page.getByRole("button", { name: "Urungkan" }).click();
  await expect(page.getByText(/WFH paling banyak 50%/)).toHaveCount(0);

  // The keyboard alone: two days to the right, two cells wide.
  await cell(page, 2, 3).click();
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, 2, 4)).toBeFocused();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByText("2 hari dipilih.")).toBeVisible();
  await page.keyboard.press("k");
  await expect(cell(page, 2, 4)).toHaveText("K");
  await expect(cell(page, 2, 5)).toHaveText("K");
  await expect(page.getByText("Tersimpan")).toBeVisible();

});

test("half a day is filled, shown in the cell and in words, kept by the service, and taken back", async ({ page }) => {
  await issueCircular(page);
  await openDesk(page, "agency_operator", "roster");
  await make(page);
  const days = await grid(page).locator('td[data-day="4"]').allInnerTexts();
  const row = days.findIndex((letter) => letter.trim() === "R");
  await cell(page, row, 4).click();
  await page.getByLabel("Bagian hari yang diisi").selectOption("Paruh siang");
  await page.getByRole("group", { name: "Isi hari yang dipilih" }).getByRole("button", { name: "Kantor" }).click();
  await page.getByLabel("Alasan").fill("Rapat siang di kantor");
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(cell(page, row, 4)).toHaveText("R/K");
  await expect(page.locator(".why")).toContainText("Pagi bekerja dari rumah, siang bekerja di kantor");
  await expect(cell(page, row, 4)).toHaveAccessibleName(/^R\/K, Pagi bekerja dari rumah, siang bekerja di kantor, /);
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await signInAgain(page, "agency_operator");
  await expect(cell(page, row, 4)).toHaveText("R/K");
  await expect(page.locator("tfoot td").filter({ hasText: /,5$/ }).first()).toBeVisible();
  await cell(page, row, 4).click();
  await expect(page.locator(".why")).toContainText("Rapat siang di kantor");

  // The morning too, so that the day is one again; and back.
  await page.getByLabel("Bagian hari yang diisi").selectOption("Paruh pagi");
  await cell(page, row, 4).click();
  await page.keyboard.press("k");
  await page.getByLabel("Alasan").fill("Rapat sehari penuh");
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(cell(page, row, 4)).toHaveText("K");
  await page.getByRole("button", { name: "Urungkan" }).click();
  await expect(cell(page, row, 4)).toHaveText("R/K");
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await page.reload();
  await signInAgain(page, "agency_operator");
  await expect(cell(page, row, 4)).toHaveText("R/K");
});

test("a roster goes to BKD, comes back with findings, goes again, is received and holds", async ({ page, browser }) => {
  await issueCircular(page);
  await openDesk(page, "agency_operator", "roster");
  await make(page);
  const address = page.url();
  const as = async (role: string) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const other = await context.newPage();
    await openDesk(other, role, address.split("#/")[1] ?? "");
    await expect(grid(other)).toBeVisible();
    return other;
  };
  const head = await as("agency_head");
  await head.getByRole("button", { name: "Ajukan ke BKD" }).click();
  await head.getByRole("dialog").getByRole("button", { name: "Ajukan ke BKD" }).click();
  await expect(head.getByText("Jadwal diajukan ke BKD.")).toBeVisible();

  const bkd = await as("bkd_officer");
  await bkd.getByRole("button", { name: "Kembalikan" }).click();
  await bkd.getByRole("dialog").getByRole("button", { name: "Kembalikan" }).click();
  await expect(bkd.getByRole("alert")).toContainText("Tulis paling sedikit satu temuan.");
  await bkd.getByLabel("Temuan").fill("Piket hari Senin belum ada kepala bidang");
  await bkd.getByRole("dialog").getByRole("button", { name: "Kembalikan" }).click();
  await expect(bkd.getByText("Jadwal dikembalikan.")).toBeVisible();

  await head.reload();
  await signInAgain(head, "agency_head");
  await expect(head.getByText("Piket hari Senin belum ada kepala bidang")).toBeVisible();
  await head.getByRole("button", { name: "Ajukan ke BKD" }).click();
  await head.getByLabel("Alasan diajukan seperti ini").fill("Kepala bidang sedang pelatihan");
  await head.getByRole("dialog").getByRole("button", { name: "Ajukan ke BKD" }).click();
  await expect(head.getByText("Jadwal diajukan ke BKD.")).toBeVisible();

  await bkd.reload();
  await signInAgain(bkd, "bkd_officer");
  await bkd.getByRole("button", { name: "Terima" }).click();
  await bkd.getByRole("dialog").getByRole("button", { name: "Terima" }).click();
  await expect(bkd.getByText("Jadwal diterima.")).toBeVisible();

  await head.reload();
  await signInAgain(head, "agency_head");
  await head.getByRole("button", { name: "Berlakukan" }).click();
  await head.getByRole("dialog").getByRole("button", { name: "Berlakukan" }).click();
  await expect(head.getByText("Jadwal berlaku.")).toBeVisible();
  const [file] = await Promise.all([head.waitForEvent("download"), head.getByRole("button", { name: "Unduh PDF" }).click()]);
  expect(file.suggestedFilename()).toBe(`jadwal-${FIRST}.pdf`);
  await bkd.context().close();
  await head.context().close();
});
