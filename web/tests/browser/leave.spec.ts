// Leave from the phone: asked for a step at a time, checked and decided by others, and the letter kept as a file.
import { expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { caller } from "./calls";
import { employee, expectAccessible, official, signIn, test, untilKept } from "./person";

/** A Monday a week ahead or more, and its Tuesday, in one year. */
function twoDays(): [string, string] {
  for (let ahead = 7; ; ahead += 1) {
    const [monday, tuesday] = [new Date(Date.now() + ahead * 86_400_000), new Date(Date.now() + (ahead + 1) * 86_400_000)];
    if (monday.getUTCDay() !== 1 || monday.getUTCFullYear() !== tuesday.getUTCFullYear()) continue;
    return [monday.toISOString().slice(0, 10), tuesday.toISOString().slice(0, 10)];
  }
}

interface Request {
  id: string;
  state: string;
  kind: string;
  from: string;
}

test("leave is asked for in steps, decided, and its letter downloaded", async ({ page, context }) => {
  test.setTimeout(120_000);
  const person = employee(1);
  const [from, to] = twoDays();
  await signIn(page, person);
  await untilKept(page);
  await page.getByRole("link", { name: "Cuti", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Cuti", exact: true })).toBeFocused();
  await expect(page.getByRole("heading", { name: /yang dapat diambil/ })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Ajukan cuti" }).click();
  await expect(page.getByRole("heading", { name: "Jenis cuti" })).toBeFocused();
  await page.getByLabel("Cuti Tahunan").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await expect(page.getByRole("heading", { name: "Dari kapan sampai kapan" })).toBeFocused();
  await page.getByLabel("Hari pertama").fill(to);
  await page.getByLabel("Hari terakhir").fill(from);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await expect(page.getByRole("alert")).toHaveText(/tidak sebelum hari pertama/);
  await page.getByLabel("Hari pertama").fill(from);
  await page.getByLabel("Hari terakhir").fill(to);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await page.getByLabel("Alasan", { exact: true }).fill("Mengantar anak masuk pesantren.");
  await page.getByLabel("Alamat selama cuti").fill("Jalan Melati 4, Pandeglang");
  await expectAccessible(page);
  // What was typed and the step survive a reload; counting the days needs a network.
  await page.waitForTimeout(500);
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: "Lanjut" }).click();
  await expect(page.getByRole("alert")).toHaveText(/Belum ada jaringan/);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await expect(page.getByRole("heading", { name: "Periksa, lalu ajukan" })).toBeFocused();
  await expect(page.getByText("2 hari").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByText("menunggu petugas cuti")).toBeVisible();
  await expectAccessible(page);

  const own = await caller(page, person);
  const requests = await own.get<{ items: Request[] }>("/v1/me/leave-requests");
  const those = requests.items.filter((one) => one.from === from);
  expect(those.map((one) => [one.kind, one.state])).toEqual([["annual", "submitted"]]);
  const path = `/v1/leave-requests/${those[0]?.id}`;
  await (await caller(page, official("leave_officer"))).post(`${path}/check`);
  await (await caller(page, official("superior"))).post(`${path}/consideration`, { outcome: "approve" });
  const head = await caller(page, official("agency_head"));
  await head.post(`${path}/decision`, { outcome: "approve" });
  await head.post(`${path}/letter`);
  await page.reload();
  await expect(page.getByText("surat cuti terbit", { exact: true })).toBeVisible();
  await expectAccessible(page);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /Unduh surat cuti/ }).click()]);
  expect(file.suggestedFilename()).toBe(`surat-cuti-${from}.pdf`);
  expect(readFileSync(await file.path()).subarray(0, 5).toString()).toBe("%PDF-");

  // Given up before it begins, its days come back.
  await page.getByRole("button", { name: "Batalkan cuti" }).click();
  await page.getByLabel("Alasan").fill("Acara keluarga ditunda.");
  await page.getByRole("button", { name: "Batalkan cuti" }).click();
  await expect(page.getByText("dibatalkan", { exact: true })).toBeVisible();
});

test("what the rules do not allow leads back to its step", async ({ page }) => {
  const person = employee(1);
  await signIn(page, person);
  await page.goto("/app/#/cuti/baru");
  await page.getByLabel("Cuti Tahunan").check();
  await page.getByRole("button", { name: "Lanjut" }).click();
  const [from] = twoDays();
  // More days than anyone has.
  const to = `${from.slice(0, 4)}-12-31`;
  const isShort = Date.parse(to) - Date.parse(from) < 21 * 86_400_000;
  test.skip(isShort, "the year has too few days left");
  await page.getByLabel("Hari pertama").fill(from);
  await page.getByLabel("Hari terakhir").fill(to);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await page.getByLabel("Alasan", { exact: true }).fill("Perjalanan panjang.");
  await page.getByLabel("Alamat selama cuti").fill("Jalan Melati 4, Pandeglang");
  await page.getByRole("button", { name: "Lanjut" }).click();
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByRole("heading", { name: /Dari kapan|Jenis cuti/ })).toBeFocused();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expectAccessible(page);
});
