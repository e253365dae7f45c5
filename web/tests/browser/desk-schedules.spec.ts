// Work schedules made at the desk by somebody who knows nothing of the API: a week, teams with shifts, and giving them to a unit or to people.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { as, date, of } from "./office";
import { expectAccessible, test } from "./person";

interface Made {
  id: string;
  name: string;
  schedule: { kind: string; hours?: unknown[]; pattern?: { first_day: string; days: (string | null)[] } };
}

test("a week of five days is made, seen for two weeks, and given to a unit", async ({ page, request }) => {
  const operator = await as(request, of("agency_operator"));
  const { agency } = of("agency_operator");
  await openDesk(page, "agency_operator", "schedules");
  await page.getByRole("link", { name: "Buat jam kerja" }).click();
  await expect(page.getByRole("heading", { name: "Jam kerja baru" })).toBeFocused();
  await expect(page.getByText("37 jam 30 menit seminggu")).toBeVisible();
  const preview = page.getByRole("region", { name: "Dua minggu ke depan" });
  await expect(preview.locator("tbody tr")).toHaveCount(14);
  await expect(preview.locator("tbody tr").filter({ hasText: /^Jum/ }).first()).toContainText(/07\.30–16\.30|Libur/);
  await expect(preview.locator("tbody tr").filter({ hasText: /^Min/ }).first()).toContainText("Libur");
  await expectAccessible(page);
  await expectNarrow(page);

  // What is amiss is said before anything is sent, and leads to its field.
  await page.getByLabel("Selesai").first().fill("6.00");
  await expect(preview).toHaveCount(0);
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Tulis namanya.");
  await alert.getByRole("link", { name: "Jam selesai setelah jam mulai." }).click();
  await expect(page.getByLabel("Selesai").first()).toBeFocused();
  await expectAccessible(page);
  await page.getByLabel("Selesai").first().fill("16.00");
  await page.getByLabel("Nama", { exact: true }).fill("Layanan loket");
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();

  await expect(page.getByRole("heading", { name: "Berikan Layanan loket" })).toBeVisible();
  await expect(page.getByText("Tersimpan: Layanan loket.", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Berikan" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih unitnya.");
  const unit = page.getByLabel("Unit", { exact: true });
  await unit.selectOption({ index: 2 });
  const code = await unit.inputValue();
  await page.getByLabel("Mulai", { exact: true }).fill(date(3));
  await page.getByRole("button", { name: "Berikan" }).click();
  await expect(page.getByText(/^Diberikan mulai /)).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Layanan loket" })).not.toContainText("Belum dipakai");

  const { items } = await operator.get<{ items: Made[] }>(`/v1/agencies/${agency}/schedules?limit=200`);
  const made = items.find(({ name }) => name === "Layanan loket");
  expect(made?.schedule.hours).toEqual([
    { days: ["Mon", "Tue", "Wed", "Thu"], starts_minute: 450, ends_minute: 960, break_minutes: 60 },
    { days: ["Fri"], starts_minute: 450, ends_minute: 990, break_minutes: 90 },
  ]);
  const starts = await operator.get<{ items: { unit_code?: string; schedule_id?: string; from: string }[] }>(`/v1/agencies/${agency}/schedule-starts?limit=200`);
  expect(starts.items.filter(({ schedule_id }) => schedule_id === made?.id)).toEqual([{ unit_code: code, from: date(3), schedule_id: made?.id }]);

  // A name is taken once, which is said before anything is sent.
  await page.getByRole("link", { name: "Buat jam kerja" }).click();
  await page.getByLabel("Nama", { exact: true }).fill("Layanan loket");
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();
  await expect(page.getByRole("alert")).toContainText("Nama Layanan loket sudah dipakai.");

  // From a later date on the unit is back to the usual hours.
  await page.getByRole("link", { name: "Kembali", exact: true }).click();
  await page.getByRole("link", { name: "Kembali ke jam umum" }).click();
  await page.getByLabel("Unit", { exact: true }).selectOption(code);
  await page.getByLabel("Mulai", { exact: true }).fill(date(10));
  await page.getByRole("button", { name: "Kembalikan ke jam umum" }).click();
  await expect(page.getByText(/^Diberikan mulai /)).toBeVisible();
  const after = await operator.get<{ items: { unit_code?: string; schedule_id?: string; from: string }[] }>(`/v1/agencies/${agency}/schedule-starts?limit=200`);
  expect(after.items).toContainEqual({ unit_code: code, from: date(10) });
});

test("three teams and three shifts are made in one go, and one of them is given to people", async ({ page, request }) => {
  const operator = await as(request, of("agency_operator"));
  const { agency } = of("agency_operator");
  await openDesk(page, "agency_operator", "schedules/baru");
  await page.getByLabel("Regu", { exact: false }).first().check();
  await page.getByLabel("Nama", { exact: true }).fill("Regu");
  const preview = page.getByRole("region", { name: "Dua minggu ke depan" });
  await expect(preview.getByText("Setiap shift terisi setiap hari.")).toBeVisible();
  await page.getByLabel("Jumlah regu").selectOption("3");
  await expect(preview.getByText(/^Belum terisi dalam dua minggu ini: Pagi 3 hari, Sore 4 hari, Malam 4 hari\.$/)).toBeVisible();
  await expect(preview.getByRole("columnheader", { name: "Regu C" })).toBeVisible();
  await expect(preview.locator("tbody tr").first().locator("td")).toHaveText(["Pagi", "Libur", "Malam"]);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();
  await expect(page.getByText("Tersimpan: Regu A, Regu B, Regu C.", { exact: false })).toBeVisible();
  const { items } = await operator.get<{ items: Made[] }>(`/v1/agencies/${agency}/schedules?limit=200`);
  const teams = items.filter(({ name }) => /^Regu [A-Z]$/.test(name));
  expect(teams.map(({ name, schedule }) => [name, schedule.pattern?.first_day])).toEqual([["Regu A", date(1)], ["Regu B", date(2)], ["Regu C", date(3)]]);
  expect(teams[0]?.schedule.pattern?.days).toEqual(["pagi", "sore", "malam", null]);

  await page.getByRole("row").filter({ hasText: "Regu B" }).getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Berikan" }).click();
  await page.getByLabel("Untuk siapa").selectOption("Beberapa orang");
  await page.getByRole("button", { name: "Berikan" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih orangnya di daftar.");
  const people = page.getByRole("table", { name: "Beberapa orang" });
  await people.getByRole("checkbox").nth(1).check();
  await people.getByRole("checkbox").nth(2).check();
  await expect(page.getByText("2 orang dipilih.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Berikan" }).click();
  await expect(page.getByText(/^Diberikan mulai /)).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Regu B" })).toContainText("2 orang");
  const given = await operator.get<{ items: { starts: { schedule_id?: string }[] }[] }>(`/v1/agencies/${agency}/schedule-starts/people?limit=200`);
  const holders = given.items.filter(({ starts }) => starts.some(({ schedule_id }) => schedule_id === teams[1]?.id));
  expect(holders).toHaveLength(2);
});

test("a night that runs into the next morning is refused by the service, and the day of the order is named", async ({ page }) => {
  await openDesk(page, "agency_operator", "schedules/baru");
  await page.getByLabel("Regu", { exact: false }).first().check();
  await page.getByLabel("Nama", { exact: true }).fill("Rapat");
  await page.getByLabel("Hari 4", { exact: true }).selectOption("Pagi");
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();
  const link = page.getByRole("alert").getByRole("link").first();
  await expect(link).toContainText("belum selesai ketika sesi pertama shift hari berikutnya dibuka");
  await link.click();
  await expect(page.getByLabel("Hari 3", { exact: true })).toBeFocused();
});

test("whoever only reads is offered no making", async ({ page }) => {
  await openDesk(page, "bkd_officer", "schedules");
  await expect(page.getByRole("heading", { name: "Jam kerja" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Buat jam kerja" })).toHaveCount(0);
});
