// The session of a desk: it lasts over a reload, ends for every tab at once, and never goes on as somebody else.
import { expect, type Page } from "@playwright/test";
import { goTo, openDesk } from "./desk";
import { fillIn, official, test } from "./person";

const out = (page: Page) => page.getByRole("button", { name: "Keluar" });
const form = (page: Page) => page.getByLabel("NIP atau nama pengguna");

/** Marks a person's account as it is already, by the page's own client: a call that changes something. */
const statusOfChange = (page: Page, token: string) =>
  page.evaluate(async (token) => {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": token };
    return (await fetch("/v1/me/password", { method: "PUT", headers, body: "{}" })).status;
  }, token);

test("a page that is loaded again is still signed in, and holds nothing that could be taken", async ({ page, context }) => {
  await openDesk(page, "agency_operator");
  await page.reload();
  await expect(out(page)).toBeVisible();
  const cookie = (await context.cookies()).find(({ name }) => name === "__Host-sherlok");
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
  const kept = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  expect(kept).not.toContain(cookie?.value);
  expect(await statusOfChange(page, "")).toBe(403);
  const token = await page.evaluate(async () => ((await (await fetch("/v1/sessions/browser")).json()) as { csrf_token: string }).csrf_token);
  expect(await statusOfChange(page, token), "the body is looked at").toBe(422);
  await out(page).click();
  await expect(form(page)).toBeVisible();
  await page.reload();
  await expect(form(page)).toBeVisible();
});

test("signing out in one tab ends the other, and a new sign-in serves both", async ({ page, context }) => {
  const someone = await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  const other = await context.newPage();
  await other.goto("/desk/#/people");
  await out(other).click();
  await expect(form(other)).toBeVisible();
  await fillIn(other, someone);
  // The first tab still has the token of the session before.
  await out(page).click();
  await expect(form(page)).toBeVisible();
  await other.reload();
  await expect(form(other), "the sign-out of the first tab ended the new session").toBeVisible();
});

test("a tab whose person is not the one who is signed in now asks for a sign-in", async ({ page, context }) => {
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  const other = await context.newPage();
  await other.goto("/desk/");
  await out(other).click();
  await fillIn(other, official("bkd_officer"));
  await out(page).click();
  await expect(form(page)).toBeVisible();
  await other.reload();
  await expect(out(other), "the other person's session goes on").toBeVisible();
});

test("a session that ended is noticed where a list is opened, and leads to signing in", async ({ page, context }) => {
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await context.clearCookies();
  await goTo(page, "kiriman");
  await expect(form(page)).toBeVisible();
});
