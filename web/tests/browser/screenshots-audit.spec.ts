// Not a test: pictures of the auditor's desk for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { DICE, drawn, free } from "./audits";
import { openDesk } from "./desk";
import { fillIn, official, test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = [
  "audit-plan-new-1440",
  "audit-draw-population-1440",
  "audit-draw-tickets-1440-dark",
  "audit-case-1440",
  "audit-report-1440",
];
const picture = (page: Page, name: string) => take(page, `audit-${name}`, TELLING);

test.setTimeout(180_000);

test("a plan and a draw", async ({ page }) => {
  await openDesk(page, "bkd_officer", "rencana", "audit");
  await expect(page.getByRole("link", { name: /^Uji petik \d/ }).first()).toBeVisible();
  await picture(page, "plan");
  await page.getByRole("link", { name: "Rencana baru" }).click();
  await page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ }).check();
  await page.getByText("Tentukan sendiri").click();
  await page.getByLabel("Kasus tiap perangkat daerah").fill("9");
  await expect(page.getByText(/9 kasus tanpa temuan/)).toBeVisible();
  await picture(page, "plan-new");
  await page.goto("/audit/#/undian");
  await page.getByRole("link", { name: /^Uji petik \d/ }).last().click();
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await picture(page, "draw-tickets");
  for (const [key, name] of [["Home", "population"], ["PageDown", "seed"], ["PageDown", "draw"], ["End", "again"]] as const) {
    await page.keyboard.press(key);
    await picture(page, `draw-${name}`);
  }
});

test("a plan with a beacon, its seed, and giving it up", async ({ page }) => {
  await free(page);
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  await page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ }).check();
  await expect(page.getByText(/kasus; tanpa temuan membuktikan/)).toHaveCount(2);
  await page.getByText("Apa itu suar acak publik?").click();
  await picture(page, "plan-rules");
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  await page.getByText("Batalkan rencana ini").click();
  await picture(page, "cancel");
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Populasi sudah ditetapkan" }).click();
  await page.keyboard.press("PageDown");
  await page.getByLabel("Dadu ke-1", { exact: true }).focus();
  await page.keyboard.type(DICE.slice(0, 7));
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await picture(page, "seed-beacon");
  await page.getByRole("button", { name: "Populasi" }).first().click();
  await page.getByText("Batalkan rencana ini").click();
  await page.getByLabel("Alasan").fill("Periode ini keliru; rencana baru menyusul.");
  await page.getByRole("button", { name: "Batalkan rencana" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Batalkan rencana" }).click();
  await expect(page.getByRole("heading", { name: "Rencana ini dibatalkan" })).toBeVisible();
  await picture(page, "cancelled");
  await page.goto("/audit/#/rencana");
  await expect(page.getByRole("listitem").filter({ hasText: "Dibatalkan" }).first()).toBeVisible();
  await picture(page, "plan-list");
});

test("a seed of dice, a sample that grows, the file for outsiders and the logs", async ({ page }) => {
  const audit = await drawn(page);
  await openDesk(page, "bkd_officer", `undian/${audit.id}`, "audit");
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageDown");
  await page.getByText("Bagaimana membuktikannya?").click();
  await picture(page, "seed-made");
  await page.goto(`/audit/#/laporan/${audit.id}`);
  await expect(page.getByRole("region", { name: "Tambah sampel" }).getByRole("cell", { name: /%$/ })).toBeVisible();
  await picture(page, "extension");
  await page.goto("/audit/#/laporan");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await page.getByText("Bagaimana pihak luar memeriksanya?").click();
  await picture(page, "bundle");
  await page.goto("/audit/#/log");
  await page.getByRole("listitem").filter({ hasText: "Log audit BKD" }).getByText("Akar dan kunci").click();
  await picture(page, "log");
});

test("cases", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "kasus", "audit");
  const audit = page.getByRole("listitem").filter({ hasText: "Dinas Perpustakaan dan Kearsipan" }).getByRole("link");
  await audit.click();
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "cases");
  const rows = page.getByRole("row");
  // Whom a draw meets is chance: without a point among this auditor's cases the pictures of one stay as they were.
  let hasPoint = false;
  for (let row = 1; row < (await rows.count()); row += 1) {
    await rows.nth(row).getByRole("link").first().click();
    if (row === 1) await picture(page, "case-purpose");
    await page.getByRole("button", { name: "Buka kasus" }).click();
    await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
    const canReview = (await page.getByRole("heading", { name: "Pemeriksaan Anda" }).count()) > 0;
    hasPoint = canReview && (await page.getByText("Titik jingga").count()) > 0;
    if (hasPoint) break;
    await page.goBack();
  }
  if (hasPoint) {
    await expect(page.locator("[data-drawn=true]")).toBeVisible();
    await picture(page, "case");
    await page.keyboard.press("t");
    await picture(page, "case-ask");
    await page.keyboard.press("Escape");
    await page.emulateMedia({ media: "print" });
    await page.pdf({ path: "../target/screenshots/audit-case.pdf", format: "A4" });
    await page.emulateMedia({ media: "screen" });
  }

  // The answered case, as its second person sees it.
  for (const auditor of [0, 1]) {
    await page.getByRole("button", { name: "Keluar" }).click();
    await page.goto("/audit/#/kasus");
    await fillIn(page, official("bkd_auditor", auditor));
    await audit.click();
    const waiting = page.getByRole("row").filter({ hasText: "Ada tanggapan" }).filter({ hasText: "Memutus" });
    await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
    if ((await waiting.count()) === 0) continue;
    await waiting.getByRole("link").click();
    await page.getByRole("button", { name: "Buka kasus" }).click();
    await expect(page.getByRole("heading", { name: "Putusan Anda" })).toBeVisible();
    await picture(page, "case-decision");
  }
});

test("the times of cases", async ({ page }) => {
  await openDesk(page, "bkd_officer", "tenggat", "audit");
  await expect(page.getByRole("row").filter({ hasText: "Bawaan" })).toBeVisible();
  await picture(page, "rules");
  await page.getByRole("button", { name: "Tetapkan tenggat" }).click();
  await expect(page.getByRole("dialog").getByLabel("Berlaku mulai")).toBeVisible();
  await picture(page, "rules-set");
});

test("a report on the screen and on paper", async ({ page }) => {
  await openDesk(page, "bkd_head", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Ketepatan tanda" })).toBeVisible();
  await picture(page, "report");
  await page.pdf({ path: "../target/screenshots/audit-report.pdf", format: "A4", preferCSSPageSize: true });
  execFileSync("pdftoppm", ["-png", "-r", "80", "../target/screenshots/audit-report.pdf", "../target/screenshots/audit-report-paper"]);
  copyFileSync("../target/screenshots/audit-report-paper-1.png", "screenshots/audit-report-paper.png");
});
