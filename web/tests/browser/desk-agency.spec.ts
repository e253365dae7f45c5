// An agency's own: its sites and units, changed; its schedules, read; and the ground of maps, where the operator mounted one.
import { expect } from "@playwright/test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectNarrow, openDesk } from "./desk";
import { as, of } from "./office";
import { expectAccessible, test } from "./person";
import { basemap, picture, vectors } from "./tiles";

test("a site is added with a circle, becomes a polygon, and the old one ends", async ({ page }) => {
  await openDesk(page, "agency_operator", "sites");
  await page.getByRole("button", { name: "Tambah lokasi" }).click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Tulis nama lokasinya.");
  await expect(dialog.getByRole("alert")).toContainText("Tulis lintang dan bujur");
  await dialog.getByLabel("Nama").fill("Pos Layanan Uji");
  await dialog.getByLabel("Jenis").selectOption("Pos tugas");
  await dialog.getByLabel("Titik tengah").fill("-6.17012, 106.16034");
  await expect(dialog.getByRole("img")).toHaveAccessibleName("Peta Pos Layanan Uji");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(page.getByText("Lokasi disimpan.")).toBeVisible();
  await expect(dialog).toHaveCount(0);

  await page.getByRole("button", { name: "Pos Layanan Uji" }).click();
  await expect(dialog.getByText("Lingkaran 100 m")).toBeVisible();
  await dialog.getByRole("button", { name: "Ubah" }).click();
  await expect(dialog.getByText(/yang baru mulai besok/)).toBeVisible();
  await dialog.getByLabel("Batas").selectOption("Bidang");
  await dialog.getByLabel("Sudut").fill("-6.1700, 106.1600\n-6.1700, 106.1612\n-6.1712, 106.1612\n-6.1712, 106.1600");
  await expect(dialog.locator("svg path.fence")).toHaveCount(1);
  expect((await dialog.locator("figure").boundingBox())?.height, "the map as high as it is").toBeGreaterThan(150);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog).toHaveCount(0);
  const rows = page.getByRole("row").filter({ hasText: "Pos Layanan Uji" });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "Bidang 4 sudut" })).toHaveCount(1);
  await expectNarrow(page);
});

test("a unit is added below another one and gets a head", async ({ page }) => {
  await openDesk(page, "agency_operator", "units");
  await page.getByRole("button", { name: "Tambah unit" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Nama")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Tulis kode dan nama unit.");
  await dialog.getByLabel("Kode").fill("uji-9");
  await dialog.getByLabel("Nama").fill('Seksi "Uji", dua');
  await dialog.getByLabel("Di bawah").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog).toHaveCount(0);
  const row = page.getByRole("row").filter({ hasText: 'Seksi "Uji", dua' });
  await expect(row).toContainText("Kosong");
  await row.getByRole("button").click();
  await dialog.getByLabel("Pimpinan").selectOption({ index: 1 });
  const name = await dialog.getByLabel("Pimpinan").evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text ?? "");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText(name);
});

test("schedules are told by their days and hours, and by who has them", async ({ page, request }) => {
  const { agency } = of("agency_operator");
  const operator = await as(request, of("agency_operator"));
  const week = { kind: "week", hours: [{ days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat"], starts_minute: 450, ends_minute: 840 }] };
  await operator.post(`/v1/agencies/${agency}/schedules`, { name: "Enam hari", schedule: week });
  await openDesk(page, "agency_operator", "schedules");
  const row = page.getByRole("row").filter({ hasText: "Enam hari" });
  await expect(row).toContainText("Senin–Sabtu 07.30–14.00");
  await expect(row).toContainText("Belum dipakai");
  await expectAccessible(page);
  await expectNarrow(page);
  await row.getByRole("button").click();
  await expect(page.getByRole("dialog").getByText("Senin–Sabtu 07.30–14.00")).toBeVisible();
  await expectAccessible(page);
});

/** The colour in the middle of the map, as it is on the screen; the shapes leave it free. */
async function colourOf(page: import("@playwright/test").Page, x: number, y: number): Promise<number[]> {
  const shot = (await page.locator("[data-drawn=true]").screenshot()).toString("base64");
  return page.evaluate(
    async ({ shot, x, y }) => {
      const bytes = Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      return [...(context?.getImageData(Math.round(bitmap.width * x), Math.round(bitmap.height * y), 1, 1).data ?? [])].slice(0, 3);
    },
    { shot, x, y },
  );
}

test("a basemap that the operator mounts lies below the desk's maps, and without one nothing is brought for it", async ({ page }) => {
  const file = join(process.env.SHERLOK_DEMO_DIRECTORY ?? "", "basemap.pmtiles");
  const brought: { path: string; status: number }[] = [];
  page.on("response", (answer) => void brought.push({ path: new URL(answer.url()).pathname, status: answer.status() }));
  const open = async () => {
    brought.length = 0;
    await openDesk(page, "agency_operator", "sites");
    await page.getByRole("table").getByRole("button", { name: /./ }).nth(6).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  };
  await open();
  await expect(page.getByRole("dialog").locator("figure").getByRole("img")).toBeVisible();
  expect(brought.filter(({ path }) => /LargeMap|maplibre|pmtiles|basemap/.test(path))).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Tutup" }).click();
  await page.getByRole("button", { name: "Keluar" }).click();

  for (const [content, colour] of [[picture([18, 140, 60]), [18, 140, 60]], [vectors("water"), undefined]] as const) {
    writeFileSync(file, basemap(content));
    try {
      await page.goto("about:blank");
      await open();
      await expect(page.locator("[data-ground=file][data-drawn=true]")).toBeVisible();
      await expect(page.getByText("Peta dasar: © Kontributor Uji")).toBeVisible();
      expect(brought.filter(({ path }) => path === "/map/basemap.pmtiles").map(({ status }) => status)).toContain(206);
      const seen = colour ?? (await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--paper"))).trim().match(/[0-9a-f]{2}/gi)?.map((part) => parseInt(part, 16));
      await expect.poll(() => colourOf(page, 0.2, 0.2)).toEqual(seen);
      await expectAccessible(page);
      await page.getByRole("dialog").getByRole("button", { name: "Tutup" }).click();
      await page.getByRole("button", { name: "Keluar" }).click();
    } finally {
      rmSync(file, { force: true });
    }
  }
});
