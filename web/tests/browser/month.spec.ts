// One's own days: a month with the recap's letters, the detail of a day, and a correction from there.
import { expect } from "@playwright/test";
import { caller } from "./calls";
import { demo, employee, expectAccessible, official, signIn, test, untilKept } from "./person";

interface Day {
  date: string;
  sign: string;
  status: string;
}

test("a month shows each day, a day leads to a correction, and the correction is listed", async ({ page, context }) => {
  const person = employee(0);
  const own = await caller(page, person);
  const shares = await own.get<{ items: { work_date: string }[] }>("/v1/me/check-ins?limit=200");
  const date = shares.items.at(-1)?.work_date ?? "";
  const month = date.slice(0, 7);
  const { days } = await own.get<{ days: Day[] }>(`/v1/me/month?month=${month}`);
  const lived = days.find((day) => day.date === date);

  await signIn(page, person);
  await untilKept(page);
  await page.getByRole("link", { name: "Hari-hari saya" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.goto(`/app/#/bulan/${month}`);
  // Each day that the service tells of is there, with its letter where it is over.
  await expect(page.getByRole("table").getByRole("link")).toHaveCount(days.length);
  const cell = page.locator(`a[href="#/hari/${date}"]`);
  await expect(cell.locator(".sign")).toHaveText(lived?.sign ?? "?");
  await expect(page.getByRole("heading", { name: "Keterangan" })).toBeVisible();
  await expectAccessible(page);

  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  const box = await cell.boundingBox();
  expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await page.setViewportSize({ width: 360, height: 740 });

  await cell.click();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByText(/^Pagi$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Perbaiki hari ini" }).click();
  await expect(page.getByRole("heading", { name: "Koreksi presensi" })).toBeFocused();
  await page.getByLabel("Sesi").selectOption("midday");
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByRole("alert")).toHaveText(/setidaknya sepuluh huruf/);
  const reason = "Ponsel saya mati sejak siang, saya tetap bekerja dari rumah.";
  await page.getByLabel("Alasan").fill(reason);
  await expectAccessible(page);
  await expect(page.getByText("Tersimpan sebagai draf")).toBeVisible();
  await context.setOffline(true);
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByRole("alert")).toHaveText(/Belum ada jaringan/);
  await page.reload();
  await expect(page.getByLabel("Alasan")).toHaveValue(reason);
  await expect(page.getByLabel("Sesi")).toHaveValue("midday");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByText("menunggu atasan").first()).toBeVisible();
  await expect(page.getByText(reason)).toBeVisible();
  await expectAccessible(page);

  const corrections = await own.get<{ items: { date: string; slot: string; reason: string }[] }>("/v1/me/corrections");
  const those = corrections.items.filter((one) => one.reason === reason);
  expect(those.map((one) => [one.date, one.slot])).toEqual([[date, "midday"]]);
  await page.goto(`/app/#/hari/${date}`);
  await expect(page.getByText("Saya bekerja, siang")).toBeVisible();
});

test("the months before and after are one press away, and stay readable without a network", async ({ page, context }) => {
  const person = employee(0);
  await signIn(page, person);
  await untilKept(page);
  await page.getByRole("link", { name: "Hari-hari saya" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(page.getByRole("table").getByRole("link").first()).toBeVisible();
  const title = (await heading.textContent()) ?? "";
  await context.setOffline(true);
  await page.reload();
  await expect(heading).toHaveText(title);
  await expect(page.getByRole("table").getByRole("link").first()).toBeVisible();
  await expect(page.getByText(/Tidak ada jaringan\. Ini keadaan/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/Tidak ada jaringan/)).toHaveCount(0);
  await page.getByRole("list").getByRole("link").nth(1).click();
  await expect(heading).not.toHaveText(title);
});

test("a day whose halves have modes of their own says both, in its cell, on its page and slot by slot", async ({ page }) => {
  const person = employee(0);
  const own = await caller(page, person);
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Jakarta" }).format(Date.now());
  const next = (month: string) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 7);
  const months = [today.slice(0, 7), next(today.slice(0, 7))];
  const listed = await Promise.all(months.map((month) => own.get<{ days: (Day & { mode: string })[] }>(`/v1/me/month?month=${month}`)));
  const day = listed.flatMap(({ days }) => days).find(({ date, mode }) => date > today && mode !== "off");
  const date = day?.date ?? "";
  const { employee_id } = await own.get<{ employee_id: string }>("/v1/me");
  const operator = demo().sign_ins.find(({ role, agency }) => role === "agency_operator" && agency === person.agency);
  const items = [
    { employee_id, date, slots: "morning", mode: "wfh" },
    { employee_id, date, slots: "afternoon", mode: "wfo" },
  ];
  await (await caller(page, operator ?? official("agency_operator"))).post("/v1/rosters", { agency: person.agency, items });

  await signIn(page, person);
  await untilKept(page);
  await page.goto(`/app/#/bulan/${date.slice(0, 7)}`);
  const cell = page.locator(`a[href="#/hari/${date}"]`);
  await expect(cell.locator(".sign")).toHaveText("R/K");
  await expect(cell).toHaveAccessibleName(/Pagi bekerja dari rumah, siang bekerja di kantor/);
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await cell.locator(".sign").evaluate((sign) => sign.scrollWidth - sign.clientWidth)).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectAccessible(page);
  await cell.click();
  await expect(page.getByText("Pagi bekerja dari rumah, siang bekerja di kantor")).toBeVisible();
  await expect(page.getByText(/Paruh pertama hari/)).toBeVisible();
  await expect(page.getByText(/Paruh kedua hari/)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^Pagi, bekerja dari rumah/ })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^Sore, bekerja di kantor/ })).toBeVisible();
  await expectAccessible(page);
});
