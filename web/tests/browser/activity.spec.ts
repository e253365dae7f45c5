// Daily entries: typed without a network, kept over a reload, sent once with a photo made small; mended where they are refused.
import { expect, type Page } from "@playwright/test";
import { caller } from "./calls";
import { employee, expectAccessible, official, signIn, test, untilKept } from "./person";

interface Activity {
  id: string;
  start: string;
  description: string;
  state: string;
  evidence: { id: string; media_type: string; size_bytes: number }[];
}

/** Yesterday where people work: all of its hours are over. */
const DATE = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Jakarta", dateStyle: "short" }).format(Date.now() - 86_400_000);

/** A photo as large as phones take them. */
async function largePhoto(page: Page): Promise<Buffer> {
  const data = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [3_200, 2_400];
    const context = canvas.getContext("2d");
    for (let index = 0; index < 400; index += 1) {
      context?.fillRect((index * 97) % 3_200, (index * 53) % 2_400, 80, 60);
      if (context) context.fillStyle = `hsl(${index * 7} 60% 50%)`;
    }
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1] ?? "";
  });
  return Buffer.from(data, "base64");
}

/** Width and height of a JPEG, from its frame header. */
function sizeOf(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; ) {
    const [marker, length] = [jpeg.readUInt8(at + 1), jpeg.readUInt16BE(at + 2)];
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
    at += 2 + length;
  }
  throw new Error("no frame in the picture");
}

async function fill(page: Page, start: string, end: string, description: string): Promise<void> {
  await page.getByLabel("Tanggal").fill(DATE);
  await page.getByLabel("Mulai").fill(start);
  await page.getByLabel("Selesai", { exact: true }).fill(end);
  await page.getByLabel("Apa yang dikerjakan").fill(description);
  await page.getByLabel("Hasil", { exact: true }).fill("Notula rapat");
}

test("an entry with a photo is typed without a network, survives a reload, and is sent once", async ({ page, context }) => {
  test.setTimeout(120_000);
  const person = employee(0);
  await signIn(page, person);
  await untilKept(page);
  const photo = await largePhoto(page);
  await page.getByRole("link", { name: "Kegiatan", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Kegiatan", exact: true })).toBeFocused();
  await expect(page.getByRole("link", { name: "Catat kegiatan" })).toBeVisible();
  await expectAccessible(page);

  await context.setOffline(true);
  await page.getByRole("link", { name: "Catat kegiatan" }).click();
  await page.getByRole("button", { name: "Serahkan" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Isi jam mulai." })).toBeVisible();
  await expect(page.getByLabel("Mulai")).toBeFocused();
  await fill(page, "13:00", "14:30", "Rapat daring koordinasi program");
  await page.setInputFiles("input[type=file]", { name: "foto.jpg", mimeType: "image/jpeg", buffer: photo });
  await expect(page.getByRole("button", { name: "Hapus Foto 1" })).toBeVisible();
  await expectAccessible(page);
  await page.waitForTimeout(500);
  await page.reload();
  await expect(page.getByLabel("Apa yang dikerjakan")).toHaveValue("Rapat daring koordinasi program");
  await expect(page.getByRole("button", { name: "Hapus Foto 1" })).toBeVisible();
  await page.getByRole("button", { name: "Serahkan" }).click();
  await expect(page.getByText("13.00–14.30, menunggu dikirim")).toBeVisible();
  await page.goto("/app/");
  await expect(page.getByRole("link", { name: /Kegiatan/ })).toContainText("1 menunggu dikirim");
  const own = await caller(page, person);
  const list = async () => (await own.get<{ items: Activity[] }>("/v1/me/activities?limit=200")).items.filter(({ start }) => start === "13:00");
  expect(await list()).toEqual([]);

  // The first answer gets lost; it is sent again by itself.
  await page.route("**/v1/activities", async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  const lost = page.waitForEvent("requestfailed", (request) => request.method() === "POST");
  await context.setOffline(false);
  await lost;
  await page.getByRole("link", { name: /Kegiatan/ }).click();
  // After a pause, a longer one where the network went and came meanwhile.
  await expect(page.getByText("13.00–14.30, menunggu atasan")).toBeVisible({ timeout: 60_000 });
  const sent = await list();
  expect(sent.map(({ description, state }) => [description, state])).toEqual([["Rapat daring koordinasi program", "submitted"]]);
  const [file] = sent[0]?.evidence ?? [];
  expect(sent[0]?.evidence).toHaveLength(1);
  expect(file?.media_type).toBe("image/jpeg");
  const kept = await page.request.get(`/v1/evidence/${file?.id}`, { headers: { Authorization: `Bearer ${own.token}` } });
  expect(sizeOf(await kept.body())).toEqual([1_600, 1_200]);
});

test("an entry whose hours are taken says so, and is mended and sent", async ({ page }) => {
  const person = employee(0);
  await signIn(page, person);
  await page.goto("/app/#/kegiatan/baru");
  await fill(page, "14:00", "15:00", "Menyusun bahan paparan");
  await page.getByRole("button", { name: "Serahkan" }).click();
  const entry = page.getByRole("link", { name: /Menyusun bahan paparan/ });
  await expect(entry).toContainText("perlu diperbaiki");
  await entry.click();
  await expect(page.getByLabel("Mulai")).toHaveValue("14:00");
  await expectAccessible(page);
  await page.getByLabel("Mulai").fill("14:30");
  await page.getByRole("button", { name: "Serahkan" }).click();
  await expect(entry).toContainText("14.30–15.00, menunggu atasan");
});

test("an entry that the superior sent back is completed and handed in again", async ({ page }) => {
  const person = employee(1);
  await signIn(page, person);
  await page.goto("/app/#/kegiatan/baru");
  await fill(page, "15:10", "15:40", "Memeriksa kelengkapan berkas");
  await page.getByRole("button", { name: "Serahkan" }).click();
  const entry = page.getByRole("link", { name: /Memeriksa kelengkapan berkas/ });
  await expect(entry).toContainText("menunggu atasan");
  const own = await caller(page, person);
  const { items } = await own.get<{ items: Activity[] }>("/v1/me/activities?limit=200");
  const id = items.find(({ start }) => start === "15:10")?.id;
  const superior = await caller(page, official("superior"));
  await superior.post(`/v1/activities/${id}/review`, { decision: "returned", note: "Mohon lengkapi hasil yang dicapai." });
  await page.reload();
  await expect(entry).toContainText("dikembalikan");
  await entry.click();
  await expect(page.getByText("Mohon lengkapi hasil yang dicapai.")).toBeVisible();
  await page.getByLabel("Hasil", { exact: true }).fill("Daftar periksa 14 berkas");
  await page.getByRole("button", { name: "Serahkan" }).click();
  await expect(entry).toContainText("menunggu atasan");
  const again = await own.get<{ output: string; state: string }>(`/v1/activities/${id}`);
  expect([again.output, again.state]).toEqual(["Daftar periksa 14 berkas", "submitted"]);
});

test("a month's report is saved and counts the entries", async ({ page }) => {
  const person = employee(0);
  await signIn(page, person);
  await page.goto(`/app/#/laporan/${DATE.slice(0, 7)}`);
  await expect(page.getByRole("heading", { level: 1, name: /^Laporan / })).toBeFocused();
  await page.getByLabel("Yang terpenting").fill("Rapat koordinasi program berjalan, notula dibagikan.");
  await page.getByLabel(/Kendala/).fill("Jaringan di pagi hari.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Simpan dan hitung" }).click();
  await expect(page.getByText("Tersimpan, kegiatan sudah dihitung.")).toBeVisible();
  const own = await caller(page, person);
  const { items } = await own.get<{ items: { highlights: string; totals: { entries: number } }[] }>(`/v1/me/monthly-reports?month=${DATE.slice(0, 7)}`);
  expect(items[0]?.highlights).toContain("Rapat koordinasi");
  expect(items[0]?.totals.entries).toBeGreaterThan(1);
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Yang terpenting" })).toHaveValue(/Rapat koordinasi/);
});
