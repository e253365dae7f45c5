// Not a test: a picture of every page at three widths, light and dark, for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { picture as take } from "./picture";
import { employee, share, signIn, standAtHome, test, untilKept } from "./person";

/** Those that are committed. */
const TELLING = ["sign-in-360", "today-360", "notice-360", "waiting-360", "coarse-360", "today-360-dark", "today-1440"];

test.setTimeout(180_000);

const picture = (page: Page, name: string) => take(page, name, TELLING);

test("every page of the phone", async ({ page, context }) => {
  const person = employee(0);
  await page.clock.install();
  await page.goto("/app/");
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  await picture(page, "sign-in");
  await page.getByRole("button", { name: "Masuk" }).click();
  await picture(page, "sign-in-missing");

  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Bagikan lokasi" })).toBeVisible();
  await untilKept(page);
  await picture(page, "today");
  await page.getByRole("button", { name: "Bagikan lokasi" }).click();
  await expect(page.getByRole("heading", { name: "Sebelum lokasi pertama Anda" })).toBeVisible();
  await picture(page, "notice");

  await standAtHome(page, person, 140);
  await page.getByRole("button", { name: "Mengerti, lanjutkan" }).click();
  await expect(page.getByText("140 m", { exact: true })).toBeVisible();
  await picture(page, "share");
  await page.getByRole("button", { name: "Batal" }).click();

  await standAtHome(page, person, 3_000);
  await share(page);
  await expect(page.getByText("3.000 m", { exact: true })).toBeVisible();
  await page.clock.fastForward(31_000);
  await expect(page.getByRole("heading", { name: "Aktifkan lokasi akurat" })).toBeVisible();
  await picture(page, "coarse");
  await page.getByRole("button", { name: "Batal" }).click();

  await context.clearPermissions();
  await share(page);
  await expect(page.getByRole("heading", { name: "Izin lokasi belum diberikan" })).toBeVisible();
  await picture(page, "denied");
  await page.getByRole("button", { name: "Kembali" }).click();

  await standAtHome(page, person);
  await context.setOffline(true);
  await share(page);
  await expect(page.getByRole("heading", { name: "Tersimpan di ponsel" })).toBeVisible();
  await picture(page, "outcome-waiting");
  await page.getByRole("button", { name: "Selesai" }).click();
  await expect(page.getByRole("heading", { name: "Menunggu dikirim (1)" })).toBeVisible();
  await picture(page, "waiting");
  await context.setOffline(false);
  await expect(page.getByText(/Diterima \d\d\.\d\d/)).toBeVisible();
  await picture(page, "today-received");

  await context.setGeolocation({ latitude: person.position.latitude + 0.02, longitude: person.position.longitude, accuracy: 20 });
  await share(page);
  await expect(page.getByText(/dari rumah terdaftar/)).toBeVisible();
  await picture(page, "outcome-outside");
  await page.getByRole("button", { name: "Selesai" }).click();
});
