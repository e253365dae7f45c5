// The main way, and the ways that end otherwise: no permission, a coarse point, no account of staff, a wrong clock.
import { expect, type Page } from "@playwright/test";
import { caller, shareAt } from "./calls";
import { delivered, employee, expectAccessible, fillIn, official, share, signIn, standAtHome, test } from "./person";

const slots = (page: Page) => page.getByRole("region", { name: "Sesi hari ini" }).getByRole("listitem");

test("from signing in to the outcome of a share", async ({ page }) => {
  const person = employee(0);
  await standAtHome(page, person);
  await page.goto("/");
  await expect(page).toHaveURL(/\/app\/$/);
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  await expectAccessible(page);
  await fillIn(page, person);

  await expect(page.getByRole("heading", { name: "Bekerja dari rumah" })).toBeVisible();
  await expect(page.getByText("Surat Edaran 800/0002-SIMULASI/2026")).toBeVisible();
  await expect(slots(page)).toHaveCount(3);
  await expect(page.getByText(/tutup .* lagi/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Bagikan lokasi" }).click();
  await expect(page.getByRole("heading", { name: "Sebelum lokasi pertama Anda" })).toBeVisible();
  await expect(page.getByText(/UU 27\/2022 Pasal 20.*Surat Edaran 800\/0002/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Mengerti, lanjutkan" }).click();

  await expect(page.getByRole("heading", { name: "Diterima" })).toBeVisible();
  await expect(page.getByText(/Lokasi Anda di rumah\. Diterima untuk sesi/)).toBeVisible();
  await expect(page.getByText("12 m")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Selesai" }).click();
  await expect(page.getByText(/Diterima \d\d\.\d\d/)).toBeVisible();
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);

  // The notice is not shown a second time, and no position is taken because an address is opened.
  await page.goto("/app/#/bagikan");
  await expect(page.getByRole("button", { name: "Bagikan lagi" })).toBeVisible();
  const before = await delivered(page, person);
  await page.getByRole("button", { name: "Bagikan lagi" }).click();
  await expect(page.getByRole("heading", { name: "Tersimpan" })).toBeVisible();
  expect((await delivered(page, person)).length).toBe(before.length + 1);
});

test("without permission it says what to do, and goes on once it is given", async ({ page, context }) => {
  const person = employee(0);
  await context.clearPermissions();
  await signIn(page, person);
  // Chromium without a window refuses what nobody can be asked.
  await share(page);
  await expect(page.getByRole("heading", { name: "Izin lokasi belum diberikan" })).toBeVisible();
  await expect(page.getByText(/iPhone: .*Situs Web Safari/)).toBeVisible();
  await expectAccessible(page);
  await standAtHome(page, person);
  await page.getByRole("button", { name: "Coba lagi" }).click();
  await expect(page.getByRole("heading", { name: /Diterima|Tersimpan/ })).toBeVisible();
});

test("a coarse point is not sent without asking", async ({ page }) => {
  const person = employee(0);
  await page.clock.install();
  await standAtHome(page, person, 3_000);
  await signIn(page, person);
  const before = await delivered(page, person);
  await share(page);
  await expect(page.getByText("3.000 m", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pakai titik ini" })).toHaveCount(0);
  await expectAccessible(page);
  await page.clock.fastForward(31_000);
  await expect(page.getByRole("heading", { name: "Aktifkan lokasi akurat" })).toBeVisible();
  await expectAccessible(page);
  expect(await delivered(page, person)).toEqual(before);
  // Precise location turned on, it goes through by itself.
  await standAtHome(page, person, 15);
  await page.getByRole("button", { name: "Coba lagi" }).click();
  await expect(page.getByRole("heading", { name: /Diterima|Tersimpan/ })).toBeVisible();
  expect((await delivered(page, person)).length).toBe(before.length + 1);
});

test("a coarse point is sent where the person says so, and the outcome tells", async ({ page }) => {
  const person = employee(0);
  await page.clock.install();
  await standAtHome(page, person, 3_000);
  await signIn(page, person);
  await share(page);
  await expect(page.getByText("3.000 m", { exact: true })).toBeVisible();
  await page.clock.fastForward(31_000);
  await page.getByRole("button", { name: "Kirim titik ini saja" }).click();
  await expect(page.getByText("Akurasi lokasi terlalu rendah.")).toBeVisible();
});

test("a phone whose clock is three hours ahead shares into the right slot", async ({ page }) => {
  const person = employee(1);
  await page.clock.install({ time: Date.now() + 3 * 3_600_000 });
  await standAtHome(page, person);
  await signIn(page, person);
  await share(page);
  // Of the slot that is open now, whether or not an earlier share fills it; three hours later there would be none or another.
  await expect(page.getByText(/Diterima untuk sesi|sudah terisi kiriman Anda/)).toBeVisible();
  await expect(page.getByText(/Jam ponsel/)).toBeVisible();
});

test("an account without a member of staff is told so", async ({ page }) => {
  await signIn(page, official("administrator"));
  await expect(page.getByText("Akun ini bukan akun pegawai")).toBeVisible();
  await expect(page.getByRole("button", { name: "Bagikan lokasi" })).toHaveCount(0);
  await expectAccessible(page);
});

test("a wrong password is said in words, and English is one press away", async ({ page }) => {
  await page.goto("/app/");
  await page.getByLabel("NIP atau nama pengguna").fill("198001012005011001");
  await page.getByLabel("Kata sandi", { exact: true }).fill("bukan-ini-sandinya");
  await page.getByRole("button", { name: "Masuk" }).click();
  await expect(page.getByRole("alert")).toHaveText(/NIP atau kata sandi tidak cocok/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("nothing is wider than a screen of 320 pixels", async ({ page, context }) => {
  const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  const person = employee(0);
  await page.setViewportSize({ width: 320, height: 600 });
  await page.goto("/app/");
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  expect(await isWider()).toBe(false);
  await fillIn(page, person);
  await expect(slots(page)).toHaveCount(3);
  expect(await isWider()).toBe(false);
  await standAtHome(page, person);
  await context.setOffline(true);
  await page.getByRole("button", { name: /^Bagikan/ }).click();
  await expect(page.getByRole("heading", { name: "Sebelum lokasi pertama Anda" })).toBeVisible();
  expect(await isWider()).toBe(false);
  await page.getByRole("button", { name: "Mengerti, lanjutkan" }).click();
  await expect(page.getByRole("heading", { name: "Tersimpan di ponsel" })).toBeVisible();
  expect(await isWider()).toBe(false);
  await page.getByRole("button", { name: "Selesai" }).click();
  await expect(page.getByRole("heading", { name: "Menunggu dikirim (1)" })).toBeVisible();
  expect(await isWider()).toBe(false);
  await context.setOffline(false);
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);
});

test("of a slot that BKD does not hold yet there is no row, and that is said", async ({ page }) => {
  const person = employee(0);
  await shareAt(page, person);
  const { date } = await (await caller(page, person)).get<{ date: string }>("/v1/me/day");
  await signIn(page, person);
  await page.goto(`/app/#/hari/${date}`);
  await page.getByRole("button", { name: /Bukti baris saya/ }).first().click();
  await expect(page.getByText("Belum ada kiriman yang dipegang BKD untuk sesi ini.")).toBeVisible();
  await expectAccessible(page);
});
