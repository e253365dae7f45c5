// An official at a desk: what the browser tests of both desks begin with.
import { expect, type Page } from "@playwright/test";
import type { SignIn } from "./demo";
import { fillIn, official } from "./person";

/** Signs an official in at the desk and opens one of its pages, as `people`. */
export async function openDesk(page: Page, role: string, place = "", room = "desk"): Promise<SignIn> {
  const someone = official(role);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/${room}/#/${place}`);
  await signInAgain(page, role);
  return someone;
}

/** Signs the official in where the desk asks for it, as after a reload where the session was not kept. */
export async function signInAgain(page: Page, role: string): Promise<void> {
  const asked = page.getByLabel("NIP atau nama pengguna");
  await asked.or(page.getByRole("button", { name: "Keluar" })).waitFor();
  if (await asked.isVisible()) await fillIn(page, official(role));
}

/** Goes to another page of the desk that is open. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((place) => (location.hash = `#/${place}`), place);
}

/** The page does not scroll sideways at the width of a small phone, and comes back to that of a desk. */
export async function expectNarrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, "pixels to the side at 320 px").toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}
