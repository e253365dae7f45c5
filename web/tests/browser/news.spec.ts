// What the person is told, and the word that they have: a notice opened, a case explained, with a draft that stays.
import { expect, type Page } from "@playwright/test";
import { caller, doubt, uphold } from "./calls";
import type { SignIn } from "./demo";
import { demo, employee, expectAccessible, fillIn, official, signIn, test, untilKept } from "./person";
import { picture } from "./picture";

interface OwnCase {
  id: string;
  may_reply: boolean;
  reply_due_at?: string | null;
  reply?: { text: string; witness?: string } | null;
}

/** A plain document, and a picture of one dot. */
const PDF = Buffer.from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n");
const PHOTO = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

async function casesOf(page: Page, person: SignIn): Promise<OwnCase[]> {
  const own = await caller(page, person);
  return (await own.get<{ items: OwnCase[] }>("/v1/me/cases")).items;
}

test("a case is told, explained with a file, upheld, objected to, and taken back by the head of BKD", async ({ page, context, browser }) => {
  test.setTimeout(180_000);
  // Not one of those with whom the other tests share: what they share first must be their first.
  const person = { ...official("superior"), position: employee(1).position };
  await doubt(page, [person]);
  await signIn(page, person);
  await untilKept(page);
  const link = page.getByRole("link", { name: /Kabar untuk Anda/ });
  await expect(link).toContainText("baru");
  await expectAccessible(page);
  await link.click();
  await expect(page.getByRole("heading", { name: "Kabar untuk Anda" })).toBeFocused();
  await expect(page.getByRole("heading", { name: "Menunggu penjelasan Anda" })).toBeVisible();
  await expectAccessible(page);

  // The clock of the reply starts when the notice is opened, not when it stands in a list.
  const open = (await casesOf(page, person)).filter(({ may_reply }) => may_reply);
  expect(open.map(({ reply_due_at }) => reply_due_at ?? null)).toEqual([null]);
  await page.getByRole("link", { name: /Tanggapan Anda diperlukan/ }).click();
  await page.getByRole("link", { name: "Jelaskan" }).click();
  await expect(page.getByRole("heading", { name: "Penjelasan Anda" })).toBeFocused();
  await expect(page.getByText("Sisa waktu")).toBeVisible();
  await expect(page.getByText("Titik ini jauh dari rumah terdaftar.")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Kirim penjelasan" }).click();
  await expect(page.getByRole("alert")).toHaveText(/sedikit lebih panjang/);
  const words = "Saya mendampingi orang tua berobat dan sudah memberi tahu atasan.";
  await page.getByLabel("Apa yang terjadi").fill(words);
  await page.getByLabel(/Yang dapat membenarkan/).fill("Atasan langsung");
  await expect(page.getByText("Tersimpan sebagai draf di ponsel ini.")).toBeVisible();
  // A file goes at once, may be taken off, and comes along when the words are sent.
  const files = page.locator("input[type=file]");
  await files.setInputFiles({ name: "surat.pdf", mimeType: "application/pdf", buffer: PDF });
  await expect(page.getByText("PDF, 1 kB")).toBeVisible();
  await files.setInputFiles({ name: "foto.png", mimeType: "image/png", buffer: PHOTO });
  await expect(page.getByText(/^Foto, \d+ kB$/)).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: "Foto, " }).getByRole("button", { name: "Hapus" }).click();
  await expect(page.getByText(/^Foto, /)).toHaveCount(0);
  await expectAccessible(page);

  await context.setOffline(true);
  await page.getByRole("button", { name: "Kirim penjelasan" }).click();
  await expect(page.getByRole("alert")).toHaveText(/Belum ada jaringan/);
  await page.reload();
  await expect(page.getByLabel("Apa yang terjadi")).toHaveValue(words);
  await expect(page.getByText(/Tidak ada jaringan\. Ini keadaan/)).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Kirim penjelasan" }).click();
  await expect(page.getByRole("button", { name: "Kirim penjelasan" })).toHaveCount(0);
  await expect(page.getByText(words)).toBeVisible();
  await expectAccessible(page);

  const replied = (await casesOf(page, person)).find(({ reply }) => reply?.text === words);
  expect(replied?.may_reply).toBe(false);
  expect(replied?.reply?.witness).toBe("Atasan langsung");
  await expect(page.getByRole("button", { name: "Simpan bukti 1" })).toBeVisible();

  // Upheld by the second person, it is objected to on the same page, with a file of its own.
  await uphold(page, replied?.id ?? "", person.password);
  await page.reload();
  await expect(page.getByText(/Keberatan dapat Anda ajukan kepada Kepala BKD/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Keberatan kepada Kepala BKD" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Ajukan keberatan" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "sepuluh huruf" })).toBeVisible();
  const objection = "Surat puskesmas hari itu saya lampirkan.";
  await page.getByLabel("Mengapa temuan itu keliru").fill(objection);
  await files.setInputFiles({ name: "surat.pdf", mimeType: "application/pdf", buffer: PDF });
  await expect(page.getByText("PDF, 1 kB")).toBeVisible();
  if (process.env.SCREENSHOTS) await picture(page, "phone-objection", []);
  await page.getByRole("button", { name: "Ajukan keberatan" }).click();
  await expect(page.getByText(/Selama itu temuan belum berlaku/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Keberatan Anda" })).toBeVisible();
  await expectAccessible(page);

  // The head of BKD finds it in a list, reads what was said, and takes the finding back.
  const office = await browser.newContext({ baseURL: demo().base_url, locale: "id-ID", viewport: { width: 1440, height: 900 } });
  const desk = await office.newPage();
  await desk.goto("/audit/#/keberatan");
  await fillIn(desk, official("bkd_head"));
  await expect(desk.getByRole("heading", { name: "Keberatan", exact: true })).toBeVisible();
  await expectAccessible(desk);
  if (process.env.SCREENSHOTS) await picture(desk, "audit-objections", []);
  await expect(desk.getByRole("row").filter({ hasText: "Keberatan, menunggu Kepala BKD" })).not.toHaveCount(0);
  // The same is told to the head of BKD, and leads to the case.
  await desk.getByRole("link", { name: /^Kabar \d+ belum dibuka$/ }).click();
  await desk.getByRole("row").filter({ hasText: "Keberatan baru" }).filter({ hasText: "Belum dibuka" }).getByRole("link").first().click();
  await expect(desk.getByRole("heading", { name: "Keberatan baru" })).toBeFocused();
  await expectAccessible(desk);
  await desk.getByRole("link", { name: "Buka", exact: true }).click();
  await expect(desk.getByText("Memutus keberatan pegawai")).toBeVisible();
  await desk.getByRole("button", { name: "Buka kasus" }).click();
  await expect(desk.getByText(objection)).toBeVisible();
  await expect(desk.getByRole("button", { name: "Simpan bukti 1" })).toHaveCount(2);
  const saved = desk.waitForEvent("download");
  await desk.getByRole("button", { name: "Simpan bukti 1" }).last().click();
  expect((await saved).suggestedFilename()).toMatch(/^bukti-.*\.pdf$/);
  await expectAccessible(desk);
  if (process.env.SCREENSHOTS) await picture(desk, "audit-objection", []);
  await desk.getByLabel("Keberatan diterima: temuan ditarik").check();
  await desk.getByLabel("Alasan").fill("Surat puskesmas menjelaskan jarak tersebut.");
  await desk.getByRole("button", { name: "Putuskan" }).click();
  await desk.getByRole("dialog").getByRole("button", { name: "Putuskan" }).click();
  await expect(desk.getByText("Sesuai, keberatan diterima").first()).toBeVisible();
  await expect(desk.getByRole("heading", { name: "Keputusan atas keberatan" })).toHaveCount(0);
  if (process.env.SCREENSHOTS) {
    await desk.goto(desk.url().replace(/#.*/, "#/laporan"));
    await desk.getByRole("listitem").filter({ hasText: "Selesai" }).getByRole("link").first().click();
    await desk.getByRole("heading", { name: "Pemeriksaan kedua" }).scrollIntoViewIfNeeded();
    await expectAccessible(desk);
    await picture(desk, "audit-agreement", []);
  }
  await office.close();

  await page.reload();
  await expect(page.getByText(/Kepala BKD menerima keberatan Anda/)).toBeVisible();
  await expect(page.getByText("Surat puskesmas menjelaskan jarak tersebut.")).toBeVisible();
});

test("what was told is read once without a network, and shares with a note say what it means", async ({ page, context }) => {
  const person = employee(0);
  await signIn(page, person);
  await untilKept(page);
  await page.getByRole("link", { name: /Kabar untuk Anda/ }).click();
  await page.getByRole("link", { name: "Lokasi dengan catatan" }).click();
  await expect(page.getByRole("heading", { name: "Lokasi dengan catatan" })).toBeFocused();
  await expect(page.getByText("Catatan hanya memberi tahu")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(true);
  await page.getByRole("link", { name: "Kabar untuk Anda" }).click();
  await expect(page.getByRole("heading", { name: "Pemberitahuan", exact: true })).toBeVisible();
  await expect(page.getByText(/Tidak ada jaringan\. Ini keadaan/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Pemberitahuan", exact: true })).toBeVisible();
  // Signed out, nothing of it is left on the phone.
  await page.getByRole("link", { name: "Hari ini" }).click();
  await page.getByRole("button", { name: "Keluar" }).click();
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  const left = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("sherlok-phone");
      request.onsuccess = () => resolve(request.result);
    });
    const count = await new Promise<number>((resolve) => {
      const request = database.transaction("known").objectStore("known").count();
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    return count;
  });
  expect(left).toBe(0);
});
