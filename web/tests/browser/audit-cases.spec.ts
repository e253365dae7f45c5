// The cases of an audit: a purpose before anything is shown, facts beside the map, the keyboard, and two people for a deviation.
import { expect, type Page } from "@playwright/test";
import { expectNarrow, goTo } from "./desk";
import { expectAccessible, fillIn, official, test } from "./person";
import { picture } from "./picture";

/** Signs in as the auditor at a place, and opens the cases of the audit that the demo leaves in review. */
async function openCases(page: Page, auditor: number): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/audit/#/kasus");
  await fillIn(page, official("bkd_auditor", auditor));
  await page.getByRole("listitem").filter({ hasText: "Dinas Perpustakaan dan Kearsipan" }).getByRole("link").click();
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
}

/** Opens the case whose row says so. */
async function openCase(page: Page, words: string): Promise<void> {
  await page.getByRole("row").filter({ hasText: words }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Untuk apa Anda membuka kasus ini?" })).toBeVisible();
}

const looks = (page: Page): string[] => {
  const found: string[] = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (request.method() === "GET" && /^\/v1\/cases\/[^/]+$/.test(path)) found.push(request.url());
  });
  return found;
};

test("a case is opened for a purpose, once, and its facts stand beside the map", async ({ page }) => {
  const looked = looks(page);
  await openCases(page, 0);
  await expect(page.getByText(/kasus menunggu Anda\./)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await openCase(page, "Belum diperiksa");
  expect(looked).toEqual([]);
  await expect(page.getByRole("heading", { name: "Yang diketahui" })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByText("Untuk hal lain").click();
  await page.getByLabel("Tujuannya").fill("x");
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await expect(page.getByRole("alert")).toContainText("paling sedikit tiga huruf");
  expect(looked).toEqual([]);
  await page.getByLabel("Tujuannya").fill("Memeriksa jarak dari rumah");
  await page.getByRole("button", { name: "Buka kasus" }).click();

  await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
  expect(looked.length).toBe(1);
  expect(looked[0]).toContain("purpose=Memeriksa");
  await expect(page.getByRole("heading", { name: "Kiriman sebelumnya" })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  // Forward and back: the case is not asked about again, nor looked at again.
  const address = page.url();
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(address);
  await expect(page.getByRole("heading", { name: "Yang diketahui" })).toHaveCount(0);
  await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(address);
  await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
  expect(looked.length).toBe(1);
});

test("the keys lead to a question and settle nothing by themselves", async ({ page }) => {
  await openCases(page, 0);
  await openCase(page, "Belum diperiksa");
  const written: string[] = [];
  page.on("request", (request) => void (request.method() === "POST" && written.push(request.url())));
  // Before the case is opened there is nothing to find.
  await page.keyboard.press("v");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await expect(page.getByRole("heading", { name: "Pemeriksaan Anda" })).toBeVisible();
  for (const [key, name] of [
    ["v", "Nyatakan sesuai?"],
    ["i", "Nyatakan belum dapat dipastikan?"],
    ["t", "Minta penjelasan pegawai?"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  expect(written).toEqual([]);
  await page.getByLabel("Pintasan papan tik").uncheck();
  await page.getByRole("heading", { level: 1 }).focus();
  await page.keyboard.press("v");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByLabel("Pintasan papan tik").check();
  await page.getByRole("heading", { level: 1 }).focus();

  await page.keyboard.press("v");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Sesuai" }).press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Tertulis: sesuai." })).toBeVisible();
  await expect(page.getByText("Menyatakan sesuai.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Pemeriksaan Anda" })).toHaveCount(0);
  expect(written.length).toBe(1);
});

test("a proposed deviation asks the person, in words that they read", async ({ page }) => {
  await openCases(page, 1);
  await openCase(page, "Belum diperiksa");
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await page.getByRole("button", { name: /^Minta penjelasan/ }).click();
  const asked = page.getByRole("dialog", { name: "Minta penjelasan pegawai?" });
  await expect(asked).toContainText("Belum ada yang diputuskan.");
  await asked.getByRole("button", { name: "Minta penjelasan" }).click();
  await expect(asked.getByRole("alert")).toContainText("paling sedikit sepuluh huruf");
  await expectAccessible(page);
  await asked.getByLabel("Yang perlu dijelaskan").fill("Lingkaran akurasi menyentuh batas rumah. Mohon penjelasan.");
  await asked.getByLabel("Cara memeriksa").selectOption("call");
  await asked.getByRole("button", { name: "Minta penjelasan" }).click();
  await expect(page.getByText("Lingkaran akurasi menyentuh batas rumah. Mohon penjelasan.")).toBeVisible();
  await expect(page.getByText("Lewat telepon")).toBeVisible();
  await expect(page.getByText(/Waktu menanggapi baru berjalan setelah dibaca/)).toBeVisible();
  await expectAccessible(page);
});

test("the second person reads the reply before deciding, and is asked once more", async ({ page }) => {
  // Whoever of the two is the second person of the case that the demo leaves answered.
  await openCases(page, 0);
  const waiting = page.getByRole("row").filter({ hasText: "Ada tanggapan, menunggu putusan" }).filter({ hasText: "Memutus" });
  if ((await waiting.count()) === 0) {
    await page.getByRole("button", { name: "Keluar" }).click();
    await openCases(page, 1);
  }
  await openCase(page, "Ada tanggapan, menunggu putusan");
  await expect(page.getByText("Memutus usulan pemeriksa pertama")).toBeVisible();
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await expect(page.getByText(/Saya mendampingi orang tua berobat/)).toBeVisible();
  await expect(page.getByText("Dapat dibenarkan oleh: Atasan langsung")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Putuskan" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Pilih salah satu putusan.");
  await page.getByLabel("Sesuai: penjelasan diterima").check();
  await page.getByLabel("Alasan").fill("Penjelasan didukung keterangan atasan langsung.");
  await page.getByRole("button", { name: "Putuskan" }).click();
  const asked = page.getByRole("dialog", { name: "Putuskan begini?" });
  await expect(asked).toContainText("Penjelasan didukung keterangan atasan langsung.");
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Putuskan" }).click();
  await expect(page.getByText("Putusan orang kedua")).toBeVisible();
  await expect(page.getByText("Sesuai, setelah penjelasan").first()).toBeVisible();
});

/** A case with a position, opened; those without a share have none to draw. */
async function openDrawn(page: Page): Promise<void> {
  const count = await page.getByRole("row").count();
  for (let row = 1; row < count; row += 1) {
    await page.getByRole("row").nth(row).getByRole("link").first().click();
    await page.getByRole("button", { name: "Buka kasus" }).click();
    await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
    if ((await page.getByText("Titik jingga: lokasi yang dibagikan.").count()) > 0) return;
    await page.goBack();
    await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  }
  throw new Error("no case has a position");
}

test("the large map is drawn by this service alone, and the small one stands on paper", async ({ page }) => {
  await openCases(page, 0);
  await openDrawn(page);
  await expect(page.locator("[data-drawn=true]")).toBeVisible();
  await expect(page.getByRole("button", { name: "Perbesar" })).toBeVisible();
  const small = page.locator("figure").getByRole("img");
  await expect(small).toBeHidden();
  await expectAccessible(page);
  await page.emulateMedia({ media: "print" });
  await expect(small).toBeVisible();
  await expect(page.locator("[data-drawn=true]")).toBeHidden();
});

test("a browser without WebGL 2 gets the small map and is spared the large one", async ({ page }) => {
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  const brought: string[] = [];
  page.on("request", (request) => void brought.push(request.url()));
  await openCases(page, 0);
  await openDrawn(page);
  await expect(page.locator("figure").getByRole("img")).toBeVisible();
  await expect(page.locator("figure").getByRole("img")).toHaveAccessibleName(/Lingkaran penuh: tempat tugas, radius 200 m\..*akurasi \d+ m\./);
  expect(brought.filter((address) => /LargeMap|maplibre/.test(address))).toEqual([]);
  await expectAccessible(page);
});

test("an auditor can't open a case of another, and the head of BKD sees no position", async ({ page }) => {
  await openCases(page, 0);
  const own = await page.getByRole("row").count();
  await page.getByRole("button", { name: "Keluar" }).click();
  await fillIn(page, official("bkd_head"));
  await goTo(page, "kasus");
  await page.getByRole("listitem").filter({ hasText: "Dinas Perpustakaan dan Kearsipan" }).getByRole("link").click();
  await expect(page.getByText(/^16 baris$/)).toBeVisible();
  expect(own).toBeLessThan(17);
  await page.getByRole("row").filter({ hasText: "Sesuai, setelah penjelasan" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await expect(page.getByText("Titik dan riwayat jarak hanya tampak bagi pemeriksa kasus ini.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Peta" })).toHaveCount(0);
});

test("a case that was drawn once more is looked at without the first finding, and nothing is decided by it", async ({ page }) => {
  // Whoever of the two has one of those that the demo leaves.
  await openCases(page, 0);
  const again = page.getByRole("region", { name: "Pemeriksaan kedua" });
  if ((await again.getByText("Menunggu pemeriksaan kedua").count()) === 0) {
    await page.getByRole("button", { name: "Keluar" }).click();
    await openCases(page, 1);
  }
  await expectAccessible(page);
  await expectNarrow(page);
  await again.getByRole("listitem").filter({ hasText: "Menunggu pemeriksaan kedua" }).getByRole("link").first().click();
  await expect(page.getByText("Pemeriksaan kedua tanpa melihat temuan pertama")).toBeVisible();
  await page.getByRole("button", { name: "Buka kasus" }).click();
  await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Percakapan" })).toHaveCount(0);
  await expectAccessible(page);
  await expectNarrow(page);
  if (process.env.SCREENSHOTS) await picture(page, "audit-second-review", []);
  await page.getByRole("button", { name: /^Belum pasti/ }).click();
  const asked = page.getByRole("dialog");
  await asked.getByRole("button", { name: "Belum pasti" }).click();
  await expect(page.getByText("Pemeriksaan kedua tertulis")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Belum pasti/ })).toHaveCount(0);
});
