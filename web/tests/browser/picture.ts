// A picture of a page at three widths, light and dark, for people to look at.
import type { Locator, Page } from "@playwright/test";
import { copyFileSync, mkdirSync } from "node:fs";

const FOLDER = "../target/screenshots";
const WIDTHS = [360, 768, 1440];

/** Takes the pictures, and keeps those of `telling` beside the source. Where a part is `shown`, it begins at the top. Ends at the width that the page had. */
export async function picture(page: Page, name: string, telling: string[], shown?: Locator): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  mkdirSync("screenshots", { recursive: true });
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
    await shown?.evaluate((part) => part.scrollIntoView({ block: "start" }));
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      const file = `${name}-${width}${scheme === "dark" ? "-dark" : ""}`;
      await page.screenshot({ path: `${FOLDER}/${file}.png` });
      if (telling.includes(file)) copyFileSync(`${FOLDER}/${file}.png`, `screenshots/${file}.png`);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before) await page.setViewportSize(before);
}
