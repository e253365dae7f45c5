// Today's board: numbers, exceptions first, and news that moves nothing under the reader's eyes.
import { expect, type APIRequestContext } from "@playwright/test";
import type { SignIn } from "./demo";
import { expectNarrow, goTo, openDesk } from "./desk";
import { as, of, uuid } from "./office";
import { demo, expectAccessible, test } from "./person";

test("what is new is told, and taken in when it is asked for", async ({ page, request }) => {
  await page.clock.install();
  await openDesk(page, "agency_operator");
  await expect(page).toHaveURL(/#\/hari-ini$/);
  await expect(page.getByRole("heading", { name: "Hari ini" })).toBeVisible();
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  const running = page.getByRole("button", { pressed: true });
  await expect(running).toContainText("0 dari 12 orang sudah berbagi");
  const someone = of("superior");
  const person = await as(request, someone);
  const { display_name: name } = await person.get<{ display_name: string }>("/v1/me");
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Masih ditunggu");

  // Somebody reads the list while a share comes in from elsewhere.
  await page.getByRole("searchbox").focus();
  await person.post("/v1/check-ins", { id: uuid(), captured_at: new Date().toISOString(), latitude: -6.5, longitude: 106.1, accuracy_metres: 20 });
  await page.clock.fastForward(16_000);
  await expect(running).toContainText("1 dari 12 orang sudah berbagi");
  await expect(running).toContainText("1 perlu dilihat");
  await expect(page.getByRole("status").filter({ hasText: "1 lokasi baru masuk." })).toBeVisible();
  await expect(row).toContainText("Masih ditunggu");

  await page.getByRole("button", { name: "Tampilkan" }).click();
  await expect(row).toContainText("Di luar tempat tugas");
  await expect(page.getByRole("row").nth(1)).toContainText(name);
  await expect(page.getByText("1 lokasi baru masuk.")).toHaveCount(0);
});

/** Somebody of the agency whom no other test signs in, with a password of their own. */
async function newcomer(request: APIRequestContext): Promise<SignIn> {
  const { agency } = of("agency_operator");
  const operator = await as(request, of("agency_operator"));
  const { items } = await operator.get<{ items: { id: string; number: string }[] }>(`/v1/agencies/${agency}/employees?limit=200`);
  const known = demo().sign_ins.map(({ username }) => username);
  const someone = items.find(({ number }) => !known.includes(number));
  const { code } = await operator.post<{ code: string }>(`/v1/employees/${someone?.id}/reset`);
  const password = "sandi-uji-papan-2026";
  const answer = await request.post("/v1/activations", { data: { username: someone?.number, code, password } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return { role: "employee", username: someone?.number ?? "", password, agency };
}

test("a share made elsewhere is seen by the stream of events: no reload, and nothing is asked for", async ({ page, request }) => {
  const asked: string[] = [];
  page.on("request", (sent) => void asked.push(new URL(sent.url()).pathname));
  const opened = page.waitForResponse((answer) => answer.url().endsWith("/day/events"));
  await openDesk(page, "agency_operator");
  const stream = await opened;
  expect([stream.status(), await stream.headerValue("content-type")]).toEqual([200, "text/event-stream"]);
  const running = page.getByRole("button", { pressed: true });
  const before = Number(/(\d+) dari \d+ orang sudah berbagi/.exec((await running.textContent()) ?? "")?.[1]);
  await page.getByRole("searchbox").focus();

  const person = await as(request, await newcomer(request));
  asked.length = 0;
  const at = Date.now();
  await person.post("/v1/check-ins", { id: uuid(), captured_at: new Date().toISOString(), latitude: -6.5, longitude: 106.1, accuracy_metres: 20 });
  await expect(running).toContainText(`${before + 1} dari 12 orang sudah berbagi`, { timeout: 10_000 });
  expect(Date.now() - at).toBeLessThan(10_000);
  expect(asked.filter((path) => path.endsWith("/day"))).toEqual([]);
});

test("a day that is over: exceptions first, found by their grounds", async ({ page }) => {
  await openDesk(page, "agency_operator", `hari-ini?tanggal=${demo().lived_on}`);
  await expect(page.getByRole("heading", { name: "Hari kerja" })).toBeVisible();
  await expect(page.getByRole("button", { pressed: true })).toContainText("Sore");
  const rows = page.locator("tbody tr[data-index]");
  await expect(page.getByText("12 baris", { exact: true })).toBeVisible();
  await expect(rows.first()).toContainText("Belum ada lokasi");
  const exceptions = Number(/(\d+) perlu dilihat/.exec((await page.getByRole("button", { pressed: true }).textContent()) ?? "")?.[1]);
  expect(exceptions).toBeGreaterThan(0);
  await page.getByRole("combobox", { name: "Keadaan" }).selectOption("missed");
  for (const row of await rows.all()) await expect(row).toContainText("Belum ada lokasi");
  await page.getByRole("combobox", { name: "Keadaan" }).selectOption("exceptions");
  expect(await rows.count()).toBeGreaterThanOrEqual(exceptions);
  await expect(rows.filter({ hasText: /^\S+.*Di tempat tugas$/ })).toHaveCount(0);

  await page.getByRole("button", { name: /^Pagi/ }).click();
  await expect(page.getByRole("heading", { name: "Pegawai, sesi Pagi" })).toBeVisible();
  await page.getByRole("link", { name: "Ke hari ini" }).click();
  await expect(page.getByRole("heading", { name: "Hari ini" })).toBeVisible();
  await expect(page.getByText(/Halaman ini memperbarui diri/)).toBeVisible();
});

test("each role has the pages that it can use", async ({ page }) => {
  const pages = async () => (await page.getByRole("navigation", { name: "Halaman" }).getByRole("link").allTextContents()).map((name) => name.trim());
  await openDesk(page, "superior");
  await expect(page.getByRole("heading", { name: "Koreksi" })).toBeVisible();
  expect(await pages()).toEqual(expect.arrayContaining(["Koreksi", "Cuti", "Dinas luar", "Kegiatan harian", "Laporan bulanan"]));
  expect(await pages()).not.toContain("Hari ini");
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "bkd_officer", "hari-ini");
  await expect(page.getByRole("heading", { name: "Hari ini" })).toBeVisible();
  expect(await pages()).toEqual(expect.arrayContaining(["Hari ini", "Kiriman ke BKD", "Rekap", "Gangguan layanan"]));
  expect(await pages()).not.toContain("Koreksi");
  await goTo(page, "kegiatan");
  await expect(page.getByText("Halaman ini tidak ada. Pilih salah satu di daftar.")).toBeVisible();
});
