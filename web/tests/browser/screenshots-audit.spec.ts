// Not a test: pictures of the auditor's desk for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { openDesk } from "./desk";
import { test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["audit-plan-new-1440", "audit-draw-population-1440", "audit-draw-tickets-1440-dark"];
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
