// Lists on the phone go on: one press brings the next page, an old thing is found by its address, and a new reading keeps what was brought.
import { expect, type Page } from "@playwright/test";
import { caller } from "./calls";
import { date, uuid } from "./office";
import { employee, expectAccessible, signIn, test, untilKept } from "./person";

/** Has the service give pages of so many rows, whatever the page asks for. */
async function pagesOf(page: Page, path: string, rows: number): Promise<void> {
  await page.route(`**${path}?*`, async (route) => {
    const address = new URL(route.request().url());
    if (address.searchParams.get("limit") !== "1") address.searchParams.set("limit", String(rows));
    await route.continue({ url: address.href });
  });
}

test("a list of shares goes on to its end, also after it was read anew", async ({ page }) => {
  const person = employee(0);
  const own = await caller(page, person);
  const { items } = await own.get<{ items: { id: string }[] }>("/v1/me/check-ins?limit=200");
  expect(items.length).toBeGreaterThan(2);
  await pagesOf(page, "/v1/me/check-ins", 1);
  await signIn(page, person);
  await page.goto("/app/#/catatan/semua");
  const rows = page.locator("li.item");
  const more = page.getByRole("button", { name: "Muat lagi" });
  await expect(rows).toHaveCount(1);
  await expectAccessible(page);
  for (let count = 2; count <= items.length; count += 1) {
    await more.click();
    await expect(rows).toHaveCount(count);
    await expect(page.getByRole("status").filter({ hasText: "1 baris lagi dimuat." })).toHaveCount(1);
  }
  await expect(more).toHaveCount(0);
  await page.reload();
  await expect(rows).toHaveCount(items.length);
});

test("without a network the next page says so, and comes once there is one", async ({ page, context }) => {
  await signIn(page, employee(0));
  await untilKept(page);
  await pagesOf(page, "/v1/me/check-ins", 1);
  await page.goto("/app/#/catatan/semua");
  const rows = page.locator("li.item");
  await expect(rows).toHaveCount(1);
  const more = page.getByRole("button", { name: "Muat lagi" });
  await context.setOffline(true);
  await more.click();
  await expect(page.getByRole("alert")).toHaveText(/Belum ada jaringan/);
  await context.setOffline(false);
  await more.click();
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("every entry of the last days is there, whatever the service gives at once", async ({ page }) => {
  const person = employee(0);
  const own = await caller(page, person);
  for (const start of ["05:00", "05:30"]) {
    const end = start.replace(/.$/, "9");
    await own.post("/v1/activities", { id: uuid(), work_date: date(-1), start, end, description: `Menyusun daftar ${start}`, output: "Daftar" });
  }
  const { items } = await own.get<{ items: { id: string }[] }>("/v1/me/activities?limit=200");
  expect(items.length).toBeGreaterThan(1);
  await signIn(page, person);
  await pagesOf(page, "/v1/me/activities", 1);
  await page.goto("/app/#/kegiatan");
  await expect(page.locator('section ul.rows a[href^="#/kegiatan/"]')).toHaveCount(items.length);
  await expect(page.getByText("Menyusun daftar 05:30")).toBeVisible();
});
