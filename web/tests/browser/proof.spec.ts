// What a person keeps as proof: the receipt of every share, also of one from the queue, and one's own row of a sealed batch.
import { expect, type Page } from "@playwright/test";
import { execFileSync, spawnSync } from "node:child_process";
import { caller } from "./calls";
import { employee, expectAccessible, share, signIn, standAtHome, test, untilKept } from "./person";

const BINARY = process.env.SHERLOK ?? "../target/debug/sherlok";

interface Logs {
  receipts_key: string;
  items: { name: string; verifying_key: string }[];
}

const logsOf = async (page: Page) => (await (await page.request.get("/v1/logs")).json()) as Logs;
const verified = (file: string, key: string) => execFileSync(BINARY, ["verify", file, "--log-key", key], { encoding: "utf8" });

async function expectOnPhone(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await expectAccessible(page);
}

test("every share leaves a receipt on the phone, also from the queue, and the program believes its file", async ({ page, context }, info) => {
  const person = employee(1);
  await standAtHome(page, person);
  await signIn(page, person);
  await untilKept(page);
  await share(page);
  await expect(page.getByRole("heading", { name: "Diterima" })).toBeVisible();
  await page.getByRole("button", { name: "Selesai" }).click();
  await context.setOffline(true);
  await share(page);
  await expect(page.getByRole("heading", { name: "Tersimpan di ponsel" })).toBeVisible();
  await page.getByRole("button", { name: "Selesai" }).click();
  await context.setOffline(false);
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);

  const own = await caller(page, person);
  const { date } = await own.get<{ date: string }>("/v1/me/day");
  await page.goto(`/app/#/hari/${date}`);
  const receipts = page.getByText(/^✓ Tanda terima tersimpan, diterima \d\d\.\d\d$/);
  await expect(receipts).toHaveCount(2);
  await expectOnPhone(page);
  const shares = await own.get<{ items: { id: string; received_at: string }[] }>("/v1/me/check-ins?limit=200");
  const { receipts_key } = await logsOf(page);
  const told: string[] = [];
  for (const place of [0, 1]) {
    const button = page.getByRole("button", { name: "Simpan berkas" }).nth(place);
    const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
    expect(file.suggestedFilename()).toMatch(new RegExp(`^tanda-terima-${date}-\\d{4}\\.tlog-proof$`));
    const path = info.outputPath(`${place}.tlog-proof`);
    await file.saveAs(path);
    const line = verified(path, receipts_key);
    expect(line).toContain("ok    receipt: recorded: ");
    told.push(/"id":"([0-9a-f-]{36})"/.exec(line)?.[1] ?? "");
    // The position is not in the file.
    expect(Buffer.from(line).includes(String(person.position.latitude).slice(0, 7))).toBe(false);
  }
  expect(new Set(told).size).toBe(2);
  expect(shares.items.map(({ id }) => id)).toEqual(expect.arrayContaining(told));
  await expect(page.getByText(/lokasinya sendiri tidak ada di dalamnya/).first()).toBeVisible();
  await page.getByText("Bagaimana memeriksanya?").first().click();
  await expect(page.getByText(/^sherlok verify tanda-terima-/).first()).toBeVisible();
  await expectOnPhone(page);

  // They outlive the page, the session and the network; nobody else who signs in sees them.
  await page.goto("/app/");
  await page.getByRole("button", { name: "Keluar" }).click();
  await signIn(page, employee(0));
  await page.goto(`/app/#/hari/${date}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(/^Pagi/).first()).toBeVisible();
  await expect(receipts).toHaveCount(0);
  await page.goto("/app/");
  await page.getByRole("button", { name: "Keluar" }).click();
  await signIn(page, person);
  await page.goto(`/app/#/hari/${date}`);
  await expect(receipts).toHaveCount(2);
});

test("one's own row of a batch that BKD holds is a file that the program believes", async ({ page }, info) => {
  const person = employee(1);
  const own = await caller(page, person);
  const { items } = await own.get<{ items: { work_date: string }[] }>("/v1/me/check-ins?limit=200");
  // The oldest day is the one that the demo lived and sent to BKD.
  const date = items.map(({ work_date }) => work_date).sort()[0] ?? "";
  await signIn(page, person);
  await page.goto(`/app/#/hari/${date}`);
  const morning = page.getByRole("listitem").filter({ hasText: /^Pagi/ });
  await expect(morning.getByRole("button", { name: /^Bukti baris saya\s*, pagi$/ })).toBeVisible();
  await expectOnPhone(page);
  const [file] = await Promise.all([page.waitForEvent("download"), morning.getByRole("button", { name: /Bukti baris saya/ }).click()]);
  expect(file.suggestedFilename()).toBe(`baris-${date}-morning.json`);
  const path = info.outputPath("row.json");
  await file.saveAs(path);
  const { items: logs } = await logsOf(page);
  const keyOf = (log: string) => logs.find(({ name }) => name === log)?.verifying_key ?? "";
  const line = verified(path, keyOf(`agency/${person.agency}`));
  expect(line).toMatch(/^ok {4}row: in batch [0-9a-f-]{36}, sealed /);
  expect(line).toContain(`${date}/`);
  expect(line).toContain("/morning");
  expect(spawnSync(BINARY, ["verify", path, "--log-key", keyOf("audit")]).status, "another log's key").not.toBe(0);
  await expect(page.getByText(/persis seperti saat disegel/)).toBeVisible();
  await page.getByText("Bagaimana memeriksanya?").click();
  await expectOnPhone(page);
});
