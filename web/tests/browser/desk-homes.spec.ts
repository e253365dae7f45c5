// Homes to verify: the list, the point on the small map, verifying, returning with a reason, and many at once.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { register } from "./home";
import { expectAccessible, test } from "./person";

test("a home is looked at on the map and verified", async ({ page }) => {
  await register(page, "Jl. Kontrakan No. 7, lantai dua");
  await openDesk(page, "agency_operator", "homes");
  await page.getByRole("table", { name: "Rumah" }).getByRole("link").first().click();
  const map = page.getByRole("img", { name: /Peta rumah: lingkaran rumah \d+ m, lingkaran ketelitian 140 m/ });
  await expect(map).toBeVisible();
  await expect(map.locator("circle.accuracy")).toHaveCount(1);
  await expect(map.locator("text").first()).toBeVisible();
  await expect(page.getByText("Jl. Kontrakan No. 7, lantai dua").last()).toBeVisible();
  await expect(page.getByText("pemiliknya dapat melihat siapa yang membuka")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByText("Atur radius sendiri untuk rumah ini").click();
  await page.getByLabel("Radius dalam meter").fill("150");
  await page.getByRole("button", { name: "Verifikasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi alasan radius ini.");
  await page.getByLabel("Alasan radius ini").fill("Pekarangan luas");
  await page.getByRole("button", { name: "Verifikasi" }).click();
  await expect(page.getByText(/^Rumah .+ terverifikasi\.$/)).toBeVisible();
  await expect(page.getByText("Tidak ada rumah yang menunggu.")).toBeVisible();
});

test("a home is returned with what has to be mended", async ({ page }) => {
  await register(page, "Jl. Kontrakan No. 8");
  await openDesk(page, "agency_operator", "homes");
  await page.getByRole("table", { name: "Rumah" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Kembalikan" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Kembalikan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Isi apa yang perlu diperbaiki.");
  await expectAccessible(page);
  await dialog.getByLabel("Yang perlu diperbaiki pegawai").fill("Titik berada di jalan raya, geser ke rumah.");
  await dialog.getByRole("button", { name: "Kembalikan" }).click();
  await expect(page.getByText(/^Rumah .+ dikembalikan\.$/)).toBeVisible();
  await page.getByLabel("Keadaan").selectOption("returned");
  await expect(page.getByRole("table", { name: "Rumah" }).getByText("Jl. Kontrakan No. 8")).toBeVisible();
});

test("many homes are verified at once, and the work can be left", async ({ page }) => {
  await register(page, "Jl. Kontrakan No. 9");
  await openDesk(page, "agency_operator", "homes");
  await page.getByRole("checkbox", { name: "Pilih semua baris yang tampak" }).check();
  await page.getByRole("button", { name: "Verifikasi 1 rumah" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Verifikasi 1 rumah" }).click();
  await page.getByRole("link", { name: "Pegawai" }).click();
  await expect(page.getByText("1 rumah terverifikasi.")).toBeVisible();
});
