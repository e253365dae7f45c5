// The guides: each opens without signing in, shows its pictures, and leads back.
import { expect } from "@playwright/test";
import { expectAccessible, test } from "./person";

test("every guide opens, with all its pictures, and can be used by everybody", async ({ page }) => {
  await page.goto("/guide/");
  const links = await page.getByRole("listitem").getByRole("link").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(links.length).toBe(5);
  await expectAccessible(page);
  for (const link of links) {
    const answer = await page.goto(link);
    expect(answer?.status(), link).toBe(200);
    const pictures = page.getByRole("img");
    expect(await pictures.count(), link).toBeGreaterThan(0);
    for (const picture of await pictures.all()) {
      await picture.scrollIntoViewIfNeeded();
      await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), link).toBeGreaterThan(0);
      expect(await picture.getAttribute("alt"), link).toBeTruthy();
    }
    await expectAccessible(page);
    await page.getByRole("link", { name: "Panduan" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Panduan" })).toBeVisible();
  }
});

test("the desks lead to the guides", async ({ page }) => {
  await page.goto("/desk/");
  await page.getByRole("link", { name: "Panduan" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Panduan" })).toBeVisible();
});
