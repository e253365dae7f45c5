// Draws the icons that phones want as PNG from public/app/icon.svg: `node tools/icons.js`, needed only when the drawing changes.
import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";

const drawing = readFileSync("public/app/icon.svg", "utf8");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
/** @type {[string, number, boolean][]} */
const icons = [
  ["icon-180", 180, true],
  ["icon-192", 192, false],
  ["icon-512", 512, false],
  ["icon-maskable-512", 512, true],
];
for (const [name, size, isWhole] of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  // A whole icon fills its square, since the phone cuts the corners itself; the sign stays within the safe middle.
  const whole = drawing
    .replace('viewBox="0 0 64 64"', 'viewBox="-6 -6 76 76"')
    .replace('<rect width="64" height="64" rx="14"', '<rect x="-6" y="-6" width="76" height="76"');
  const svg = isWhole ? whole : drawing;
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${svg}`);
  await page.screenshot({ path: `public/app/${name}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
