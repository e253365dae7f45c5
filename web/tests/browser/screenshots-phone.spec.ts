// Not a test: pictures of the phone's pages beyond the first screen. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { doubt } from "./calls";
import { employee, signIn, test, untilKept } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["news-360", "case-360"];
const picture = (page: Page, name: string) => take(page, name, TELLING);

test.setTimeout(180_000);

async function open(page: Page, address: string, heading: string | RegExp): Promise<void> {
  await page.goto(`/app/#/${address}`);
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
}

test("news and cases", async ({ page }) => {
  const person = employee(0);
  await doubt(page, [person]);
  await signIn(page, person);
  await untilKept(page);
  await expect(page.getByRole("link", { name: /baru/ })).toBeVisible();
  await picture(page, "today-links");
  await page.getByRole("link", { name: /Kabar/ }).click();
  await expect(page.getByRole("link", { name: /Tanggapan Anda/ })).toBeVisible();
  await picture(page, "news");
  await page.getByRole("link", { name: /Tanggapan Anda/ }).click();
  await expect(page.getByRole("link", { name: "Jelaskan" })).toBeVisible();
  await picture(page, "notice-opened");
  await page.getByRole("link", { name: "Jelaskan" }).click();
  await page.getByLabel("Apa yang terjadi").fill("Saya mendampingi orang tua berobat di Pandeglang dan sudah memberi tahu atasan.");
  await expect(page.getByText("Sisa waktu")).toBeVisible();
  await picture(page, "case");
  await open(page, "catatan", "Lokasi dengan catatan");
  await expect(page.getByText(/dari tempat tugas/).first()).toBeVisible();
  await picture(page, "flagged");
});
