// The government's own look: loaded by every page beside its own colours, and stronger than they are.
import { expect, type Page } from "@playwright/test";
import { expectAccessible, test, untilKept } from "./person";

const COLOURS = "/branding/colours.css";
// As the service writes it.
const CRIMSON = `:root:root{--government:"Pemerintah Provinsi Contoh";--action:#8a1538;--action-pressed:#670f2a;}\n`;

const button = (page: Page) => page.getByRole("button", { name: "Masuk" });
const nameShown = (page: Page) =>
  page.locator(".government").evaluate((place) => getComputedStyle(place, "::after").content);

test("without settings the pages look as they ship", async ({ page, request }) => {
  const answer = await request.get(COLOURS);
  expect([answer.status(), answer.headers()["content-type"], await answer.text()]).toEqual([200, "text/css; charset=utf-8", ""]);
  await page.goto("/desk/");
  await expect(button(page)).toHaveCSS("background-color", "rgb(15, 82, 87)");
  expect(await nameShown(page)).toBe('""');
});

for (const room of ["app", "desk", "audit"]) {
  test(`the page of ${room} takes the name and the colour`, async ({ page }) => {
    await page.route(`**${COLOURS}`, (route) => route.fulfill({ contentType: "text/css", body: CRIMSON }));
    await page.goto(`/${room}/`);
    await expect(button(page)).toHaveCSS("background-color", "rgb(138, 21, 56)");
    expect(await nameShown(page)).toBe('"Pemerintah Provinsi Contoh"');
    await expectAccessible(page);
  });
}

test("the phone keeps the look for when there is no network", async ({ page, context }) => {
  await page.goto("/app/");
  await untilKept(page);
  await page.evaluate(async (css) => {
    const kept = await caches.open("branding");
    await kept.put("/branding/colours.css", new Response(css, { headers: { "Content-Type": "text/css" } }));
  }, CRIMSON);
  await context.setOffline(true);
  await page.reload();
  await expect(button(page)).toHaveCSS("background-color", "rgb(138, 21, 56)");
});
