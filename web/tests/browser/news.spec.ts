// What the person is told, and the word that they have: a notice opened, a case explained, with a draft that stays.
import { expect, type Page } from "@playwright/test";
import { caller, doubt } from "./calls";
import type { SignIn } from "./demo";
import { employee, expectAccessible, official, signIn, test, untilKept } from "./person";

interface OwnCase {
  may_reply: boolean;
  reply_due_at?: string | null;
  reply?: { text: string; witness?: string } | null;
}

async function casesOf(page: Page, person: SignIn): Promise<OwnCase[]> {
  const own = await caller(page, person);
  return (await own.get<{ items: OwnCase[] }>("/v1/me/cases")).items;
}

test("a case is told, explained with a draft that survives, and sent once", async ({ page, context }) => {
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
