// Not a test: pictures of the agency's desk for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { openDesk } from "./desk";
import { test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["desk-people-1440"];
const picture = (page: Page, name: string) => take(page, `desk-${name}`, TELLING);

test.setTimeout(180_000);

test("the agency's people", async ({ page }) => {
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "people");
});
