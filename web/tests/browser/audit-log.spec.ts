// The logs of the deployment: how far they have grown, who has seen them, and for whoever asks the root and the keys.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

test("the page of the logs says what the signed checkpoints say", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "log", "audit");
  await expect(page.getByRole("heading", { name: "Log", exact: true })).toBeVisible();
  const audit = page.getByRole("listitem").filter({ hasText: "Log audit BKD" });
  await expect(audit).toContainText("Disaksikan oleh");
  await expectAccessible(page);
  await expectNarrow(page);
  await audit.getByText("Akar dan kunci").click();
  const [origin, size, root] = (await (await page.request.get("/logs/audit/checkpoint")).text()).split("\n");
  await expect(audit.getByText(root ?? "?", { exact: true })).toBeVisible();
  await expect(audit.getByText(origin ?? "?", { exact: true })).toBeVisible();
  await expect(audit).toContainText(`${new Intl.NumberFormat("id-ID").format(Number(size))} entri`);
  await expect(audit.getByRole("link", { name: "/logs/audit/checkpoint" })).toHaveAttribute("href", "/logs/audit/checkpoint");
  await page.getByText("Kunci tanda terima dan saksi").click();
  const { receipts_key } = (await (await page.request.get("/v1/logs")).json()) as { receipts_key: string };
  await expect(page.getByText(receipts_key, { exact: true })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  // Those of agencies follow BKD's, by name.
  await expect(page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" })).toContainText("Kiriman yang disegel");
});

test("the head of BKD has another log witnessed, and a wrong key is named", async ({ page }) => {
  await openDesk(page, "bkd_head", "log", "audit");
  await page.getByText("Saksikan log lain").click();
  await page.getByLabel("Kunci log", { exact: true }).fill("bukan kunci");
  await page.getByRole("button", { name: "Simpan kunci" }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveText([/^Kunci penanda tangan log diperlukan/]);
  await expectAccessible(page);
  // The example of api-spec/log-format.md.
  const key = "log.example/bkd+be697809+ASZj39YJh1mKgn48tWr9HUcwcEFzACQmRPe1bE9cxCjL";
  await page.getByLabel("Kunci log", { exact: true }).fill(key);
  await page.getByRole("button", { name: "Simpan kunci" }).click();
  const log = page.getByRole("listitem").filter({ hasText: "log.example/bkd" });
  await expect(log).toContainText("Belum pernah meminta disaksikan.");
  await expectAccessible(page);
  await expectNarrow(page);
});

test("whoever is of an agency reads the logs as well", async ({ page }) => {
  await openDesk(page, "agency_operator", "log", "audit");
  await expect(page.getByRole("listitem").filter({ hasText: "Log audit BKD" })).toContainText("entri");
});
