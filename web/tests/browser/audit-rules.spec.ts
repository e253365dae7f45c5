// The times of cases: read by everybody at the auditor's desk, set by BKD from a date on.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { as, date, of } from "./office";
import { expectAccessible, test } from "./person";

interface Rules {
  effective_from?: string;
  version: number;
  reply_working_days: number;
  objection_working_days: number;
  waiting_days: number;
}

test("BKD sets the times of cases from a date on, and changes them", async ({ page, request }) => {
  // Far ahead, so that no case of another test goes by them.
  const from = date(200);
  const officer = await as(request, of("bkd_officer", null));
  const read = async () => (await officer.get<{ items: Rules[] }>("/v1/case-rules")).items.find(({ effective_from }) => effective_from === from);
  await openDesk(page, "bkd_officer", "tenggat", "audit");
  const shipped = page.getByRole("row").filter({ hasText: "Bawaan" });
  await expect(shipped).toContainText("3 hari kerja");
  await expect(shipped).toContainText("14 hari kerja");
  await expect(shipped).toContainText("setelah 7 hari");
  await expect(shipped).toContainText("Berlaku sekarang");
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByRole("button", { name: "Tetapkan tenggat" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Hari kerja untuk menanggapi")).toHaveValue("3");
  await expectAccessible(page);
  await dialog.getByLabel("Berlaku mulai").fill(from);
  await dialog.getByLabel("Hari kerja untuk menanggapi").fill("61");
  await dialog.getByRole("button", { name: "Simpan tenggat" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Tulis 1 sampai 60 hari.");
  await dialog.getByLabel("Hari kerja untuk menanggapi").fill("5");
  await dialog.getByRole("button", { name: "Simpan tenggat" }).click();
  await expect(page.getByText(/^Tenggat tersimpan, berlaku mulai /)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  expect(await read()).toMatchObject({ version: 1, reply_working_days: 5, objection_working_days: 14, waiting_days: 7 });

  const coming = page.getByRole("row").filter({ hasText: "Akan berlaku" });
  await expect(coming).toContainText("5 hari kerja");
  await coming.getByRole("button").click();
  await expect(dialog.getByLabel("Berlaku mulai")).toHaveCount(0);
  await dialog.getByLabel("Hari menunggu sampai petugas diingatkan").fill("4");
  // Somebody else changes the same date meanwhile: nothing is overwritten unseen.
  const other = await request.put("/v1/case-rules", {
    headers: { ...officer.headers, "If-Match": '"1"' },
    data: { effective_from: from, reply_working_days: 6, objection_working_days: 14, waiting_days: 7 },
  });
  expect(other.ok()).toBe(true);
  await dialog.getByRole("button", { name: "Simpan tenggat" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  expect(await read()).toMatchObject({ version: 2, reply_working_days: 6, waiting_days: 7 });
  await dialog.getByRole("button", { name: "Kembali" }).click();
  await page.reload();
  await coming.getByRole("button").click();
  await expect(dialog.getByLabel("Hari kerja untuk menanggapi")).toHaveValue("6");
  await dialog.getByLabel("Hari menunggu sampai petugas diingatkan").fill("4");
  await dialog.getByRole("button", { name: "Simpan tenggat" }).click();
  await expect(coming).toContainText("setelah 4 hari");
  expect(await read()).toMatchObject({ version: 3, reply_working_days: 6, waiting_days: 4 });
});

test("an auditor reads the times of cases and is offered no change", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "tenggat", "audit");
  await expect(page.getByRole("row").filter({ hasText: "Bawaan" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Tetapkan tenggat" })).toHaveCount(0);
  await expect(page.getByRole("table").getByRole("button", { name: "Bawaan" })).toHaveCount(0);
  await expectAccessible(page);
});
