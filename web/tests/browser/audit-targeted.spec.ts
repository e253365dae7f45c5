// A targeted audit from its plan to its closure, on a service of its own: the flagged slots stand apart in the population, are
// examined without a draw, and are counted one by one in the report. In this order: the tests share the audit.
import { expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { components } from "../../generated/schema";
import { DICE } from "./audits";
import { expectNarrow, goTo } from "./desk";
import { startAlone, type Service } from "./pair";
import { expectAccessible, test } from "./person";
import { settle } from "./settle";

test.describe.configure({ mode: "serial" });
test.setTimeout(120_000);

type Second = components["schemas"]["SecondReviewView"];

/** Slots that are drawn beside those with a flag. */
const DRAWN = 4;
const AUDITORS = [0, 1];
const binary = process.env.SHERLOK ?? "../target/debug/sherlok";

let service: Service;
let stop: (() => Promise<void>) | undefined;
/** The audit, and the units with the flag in the order of the population. */
let id = "";
let flagged: string[] = [];
/** The case that was looked at on the page and left unsettled. */
let unsettled = "";

test.beforeAll(async () => {
  test.setTimeout(300_000);
  ({ service, stop } = await startAlone());
});
test.afterAll(async () => stop?.());

/** Reads from the service in an official's name. */
async function get<Answer>(page: Page, role: string, path: string): Promise<Answer> {
  const headers = await service.as(page.request, role);
  const answer = await page.request.get(`${service.base_url}${path}`, { headers });
  expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  return (await answer.json()) as Answer;
}

/** Opens the cases of the audit as an officer, or as one of the auditors. */
async function openCases(page: Page, role: string, index = 0): Promise<void> {
  await service.open(page, role, `kasus/${id}`, "audit", index);
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
}

const flaggedRows = (page: Page) => page.locator("tbody tr[data-index]").filter({ hasText: "Slot bertanda" });

test("flagged slots of a plan are a stratum of their own, and dice alone draw from the others", async ({ page }, info) => {
  const date = service.lived_on;
  const path = `/v1/audit-population?from=${date}&to=${date}&agencies=bkd&flags=mock_provider`;
  const [counted] = (await get<components["schemas"]["PopulationView"]>(page, "bkd_officer", path)).agencies;
  const targeted = counted?.targeted ?? 0;
  expect(targeted).toBeGreaterThan(0);

  await service.open(page, "bkd_officer", "rencana/baru", "audit");
  await page.getByLabel("Dari tanggal").fill(date);
  await page.getByLabel("Sampai tanggal").fill(date);
  await page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ }).check();
  await page.getByText("Tentukan sendiri").click();
  await page.getByLabel("Kasus tiap perangkat daerah").fill(String(DRAWN));
  await page.getByRole("checkbox", { name: "Periksa semua slot dengan tanda tertentu" }).check();
  const found = page.getByRole("group", { name: "Slot bertanda" }).getByRole("status");
  // Until the service has counted, no number is told.
  let count = () => {};
  const counting = new Promise<void>((resume) => (count = resume));
  await page.route("**/v1/audit-population?*flags=mock_provider*", async (route) => counting.then(() => route.continue()));
  await page.getByRole("checkbox", { name: "Lokasi buatan menurut ponsel" }).check();
  expect(await found.innerText()).toBe("");
  count();
  await expect(found).toHaveText(`${targeted} slot diperiksa semua.`);
  await page.getByRole("radio", { name: /^Dadu saja/ }).check();
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Tetapkan populasi" }).click();

  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  id = new URL(page.url()).hash.split("/")[2] ?? "";
  await expect(page.getByText("Inilah seluruh slot yang dapat terundi, dan yang bertanda.", { exact: false })).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveText(["Sampel", "Slot wajib", "Akan diperiksa"]);
  const strata = page.locator("tbody");
  const others = (counted?.population ?? 0) - targeted;
  await expect(strata.getByRole("row", { name: /^Slot bertanda/ }).getByRole("cell")).toHaveText([String(targeted), String(targeted)]);
  await expect(strata.getByRole("row", { name: /^Badan Kepegawaian/ }).getByRole("cell")).toHaveText([String(others), String(DRAWN)]);
  await page.getByRole("button", { name: "Cocokkan sidik jari" }).click();
  await expect(page.getByText("Cocok: populasi ini yang ditetapkan.")).toBeVisible();

  await page.keyboard.press("PageDown");
  await page.getByLabel("Dadu ke-1", { exact: true }).focus();
  await page.keyboard.type(DICE);
  await page.getByLabel("Cara mendapatkannya").fill("Dua puluh dadu di aula BKD, disaksikan Inspektorat.");
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Terima angka acak" }).click();
  await page.getByRole("button", { name: "Undi sekarang" }).click();
  await expect(page.getByRole("heading", { name: "Yang terundi" })).toBeVisible();

  // Every flagged slot is there, none of them among the drawn, and the program draws the same from the same file.
  const headers = await service.as(page.request, "bkd_officer");
  const text = await (await page.request.get(`${service.base_url}/v1/audits/${id}/population`, { headers })).text();
  const marked = text.split("\n").filter((line) => line.endsWith("\ttargeted"));
  flagged = marked.map((line) => line.split("\t")[0] ?? "");
  const unitsOf = (name: string) => page.getByRole("region", { name }).locator("tbody td:nth-child(2)");
  await expect(unitsOf("Slot bertanda")).toHaveCount(targeted);
  expect((await unitsOf("Slot bertanda").allInnerTexts()).sort()).toEqual([...flagged].sort());
  await expect(page.getByRole("region", { name: "Slot bertanda" })).toContainText("Diperiksa semua, tanpa diundi.");
  await expect(page.getByRole("region", { name: "Badan Kepegawaian Daerah" })).not.toContainText("tanpa diundi");
  const shown = await unitsOf("Badan Kepegawaian Daerah").allInnerTexts();
  const population = info.outputPath("population.txt");
  writeFileSync(population, text);
  const { seed } = await get<components["schemas"]["AuditView"]>(page, "bkd_officer", `/v1/audits/${id}`);
  const again = JSON.parse(execFileSync(binary, ["audit", "draw", "--json", "--seed", seed ?? "", "--size", String(DRAWN), population], { encoding: "utf8" })) as {
    drawn: { id: string }[];
  };
  expect(again.drawn.map(({ id }) => id)).toEqual(shown);
  expect(shown.filter((unit) => flagged.includes(unit))).toEqual([]);
  await expectAccessible(page);
  await expectNarrow(page);

  // Either stratum can be done again by itself.
  await page.keyboard.press("End");
  const program = page.locator("pre");
  const stratum = page.getByRole("combobox");
  await stratum.selectOption({ label: "Badan Kepegawaian Daerah" });
  await expect(program).toContainText('"\\t" not in unit');
  await stratum.selectOption({ label: "Slot bertanda" });
  await expect(program).toContainText('if "\\t" in unit');
  await expect(program).toContainText(`take=${targeted}`);
});

test("every flagged slot is a case, and its auditor is told that it was not drawn", async ({ page }) => {
  await openCases(page, "bkd_officer");
  await expect(page.getByText(`${DRAWN + flagged.length} baris`)).toBeVisible();
  await expect(flaggedRows(page)).toHaveCount(flagged.length);
  await expect(page.locator("tbody tr[data-index]").filter({ hasText: "Undian" })).toHaveCount(DRAWN);
  await expectAccessible(page);
  await expectNarrow(page);

  // Whoever of the two was given one.
  for (const auditor of AUDITORS) {
    await openCases(page, "bkd_auditor", auditor);
    if ((await flaggedRows(page).count()) > 0) break;
  }
  await flaggedRows(page).first().getByRole("link").click();
  const standing = page.locator("p").filter({ hasText: "Slot bertanda, tanpa diundi:" });
  const unit = await standing.locator(".code").innerText();
  expect(flagged).toContain(unit);
  await expect(page.getByText(/Terundi ke-/)).toHaveCount(0);
  // The person reads this purpose: nothing about a draw.
  await expect(page.getByRole("radio", { name: "Memeriksa kasus slot bertanda" })).toBeChecked();
  await expectAccessible(page);
  const looked = page.waitForRequest((request) => new URL(request.url()).pathname.startsWith("/v1/cases/"));
  await page.getByRole("button", { name: "Buka kasus" }).click();
  expect(new URL((await looked).url()).searchParams.get("purpose")).toBe("Memeriksa kasus slot bertanda");
  await expect(page.getByText("Sistem ponsel menyebut titik ini lokasi buatan.")).toBeVisible();
  await expect(page.getByText("Tanda tidak memutuskan apa pun.", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  unsettled = new URL(page.url()).hash.split("/")[3] ?? "";
  await page.getByRole("button", { name: /^Belum pasti/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Belum pasti" }).click();
  await expect(page.getByText("Tertulis: belum dapat dipastikan.")).toBeVisible();

  // A case that was drawn says so still.
  await openCases(page, "bkd_officer");
  await page.locator("tbody tr[data-index]").filter({ hasText: "Undian" }).first().getByRole("link").click();
  await expect(page.getByText(/^Terundi ke-\d+:/)).toBeVisible();
  await expect(page.getByText("Slot bertanda")).toHaveCount(0);
});

test("while cases are open every flagged one is counted against the bound", async ({ page }) => {
  await service.open(page, "bkd_officer", `laporan/${id}`, "audit");
  await expect(page.getByText(/^Sementara: /)).toBeVisible();
  const all = String(flagged.length);
  const cells = page.getByRole("region", { name: "Slot bertanda" }).getByRole("cell");
  // A tenth of the cases is looked at twice, by chance this one too; it is open then until both have written.
  const again = await get<{ items: Second[] }>(page, "bkd_officer", `/v1/audits/${id}/second-reviews`);
  const written = again.items.some((one) => one.id === unsettled) ? 0 : 1;
  // In the population, examined, in order, open, unsettled, deviating, counted at most.
  await expect(cells).toHaveText([all, all, "0", String(flagged.length - written), String(written), "0", all]);
  await expect(page.getByRole("button", { name: "Tutup uji petik" })).toHaveCount(0);
});

test("the report counts flagged slots one by one, is closed, and its bundle is checked from outside", async ({ page }, info) => {
  await settle(page.request, service, id, unsettled);
  await service.open(page, "bkd_officer", `laporan/${id}`, "audit");
  const part = page.getByRole("region", { name: "Slot bertanda" });
  const all = String(flagged.length);
  await expect(part).toContainText("Lokasi buatan menurut ponsel");
  await expect(part.getByRole("cell")).toHaveText([all, all, String(flagged.length - 1), "0", "1", "0", "1"]);
  const checked = page.getByRole("region", { name: "Yang diperiksa" });
  await expect(checked.getByRole("row", { name: /^Badan Kepegawaian/ })).toContainText(String(DRAWN));
  await expect(checked.getByRole("row", { name: /Slot bertanda/ })).toHaveCount(0);

  // The bound of all slots is that of the drawn ones and the one that could not be settled.
  const rows = page.getByRole("region", { name: "Yang terbukti" }).locator("tbody").getByRole("row");
  const boundOf = async (name: RegExp) => Number(/^\d+/.exec(await rows.filter({ hasText: name }).getByRole("cell").last().innerText())?.[0]);
  expect(await boundOf(/^Slot bertanda/)).toBe(1);
  expect(await boundOf(/^Semua bersama/)).toBe((await boundOf(/^Badan Kepegawaian/)) + 1);
  const signals = page.getByRole("region", { name: "Ketepatan tanda" });
  await expect(signals.getByRole("row", { name: /^Lokasi buatan menurut ponsel/ }).getByRole("cell").first()).toHaveText(all);
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByRole("button", { name: "Tutup uji petik" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Tutup uji petik" }).click();
  await expect(page.getByText("Uji petik ditutup. Laporan ini tetap.")).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Unduh berkas audit" }).click()]);
  const bundle = info.outputPath(file.suggestedFilename());
  await file.saveAs(bundle);
  const lines = execFileSync(binary, ["verify", bundle], { encoding: "utf8" }).trim().split("\n");
  expect(lines.filter((line) => line.startsWith("ok    "))).toHaveLength(12);
  await goTo(page, "rencana");
  const listed = page.getByRole("listitem").filter({ hasText: "Badan Kepegawaian Daerah" });
  await expect(listed).toContainText("Selesai");
  await expect(listed).toContainText(`${DRAWN + flagged.length} dari `);
  await expect(listed).toContainText(`${all} di antaranya bertanda`);
});
