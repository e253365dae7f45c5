// Targeted slots: chosen by their flags while a plan is made, told with their number, a stratum of their own, and shown apart in the
// report. The plan is given up again: BKD's day is that of the tests of plans.
import { expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { components } from "../../generated/schema";
import { auditOf, free, type Audit } from "./audits";
import { caller } from "./calls";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, official, test } from "./person";

type Counted = components["schemas"]["PopulationView"];
type Report = components["schemas"]["AuditReportView"];

test("whoever plans chooses flags, is told how many slots have them, and all of these are a stratum of their own", async ({ page }, info) => {
  await free(page);
  const officer = await caller(page, official("bkd_officer"));
  const date = (await officer.get<{ items: Audit[] }>("/v1/audits?state=closed")).items[0]?.from;
  const told = await officer.get<Counted>(`/v1/audit-population?from=${date}&to=${date}&agencies=bkd&flags=`);
  const flags = told.agencies[0]?.flags ?? [];
  expect(flags.map(({ flag }) => flag)).toContain("mock_provider");
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  const own = page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ });
  await expect(page.locator("label", { has: own })).toContainText(/[1-9]\d* slot/);
  await own.check();
  await page.getByText("Tentukan sendiri").click();
  await page.getByLabel("Kasus tiap perangkat daerah").fill("4");
  await expect(page.getByText(/slot bertanda diperiksa semua/)).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Periksa semua slot dengan tanda tertentu" }).check();
  const part = page.getByRole("group", { name: "Slot bertanda" });
  const boxOf = (flag = "") => page.locator(`input[value="${flag}"]`);
  for (const { flag, slots } of flags) {
    await expect(part.locator("label", { has: boxOf(flag) })).toContainText(`${slots} slot`);
  }
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih paling sedikit satu tanda.");
  await expectAccessible(page);
  await expectNarrow(page);

  const first = flags.find(({ flag }) => flag === "mock_provider");
  await boxOf(first?.flag).check();
  await expect(part.getByRole("status")).toHaveText(`${first?.slots} slot diperiksa semua.`);
  const forecast = page.getByRole("region", { name: "Yang dapat dibuktikan" });
  await expect(forecast).toContainText(`Di samping itu ${first?.slots} slot bertanda diperiksa semua.`);
  await part.getByLabel("Paling banyak slot bertanda").fill("0");
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi 1 sampai 10.000 slot.");
  if ((first?.slots ?? 0) > 1) {
    await part.getByLabel("Paling banyak slot bertanda").fill("1");
    await page.getByRole("button", { name: "Tetapkan populasi" }).click();
    await expect(page.getByRole("alert")).toContainText(`Ada ${first?.slots} slot bertanda, paling banyak 1.`);
    await expect(part.getByRole("status")).toHaveText("");
  }
  await part.getByLabel("Paling banyak slot bertanda").fill("50");
  await expect(part.getByRole("status")).toHaveText(`${first?.slots} slot diperiksa semua.`);
  await page.getByRole("radio", { name: /^Dadu saja/ }).check();
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  const asked = page.getByRole("dialog");
  await expect(asked).toContainText(`Di samping itu ${first?.slots} slot bertanda diperiksa semua.`);
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Tetapkan populasi" }).click();

  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Slot bertanda/ }).getByRole("cell")).toHaveText([String(first?.slots), String(first?.slots)]);
  await expect(page.getByText("Semua slot dengan tanda ini diperiksa, di luar undian")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  const id = new URL(page.url()).hash.split("/")[2] ?? "";
  const audit: components["schemas"]["AuditView"] = await officer.get(`/v1/audits/${id}`);
  expect(audit.targeted).toEqual({ flags: ["mock_provider"], most: 50 });
  expect(audit.samples.find(({ name }) => name === "bkd")?.size).toBe(4);
  // Whoever draws from the file leaves the marked lines out: there are so many units, and no more.
  const headers = { Authorization: `Bearer ${officer.token}` };
  const population = info.outputPath("population.txt");
  const text = await (await page.request.get(`/v1/audits/${id}/population`, { headers })).text();
  expect(text.split("\n").filter((line) => line.endsWith("\ttargeted"))).toHaveLength(first?.slots ?? 0);
  writeFileSync(population, text);
  const size = String(audit.population - (first?.slots ?? 0));
  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const again = JSON.parse(execFileSync(binary, ["audit", "draw", "--json", "--seed", "1", "--size", size, population], { encoding: "utf8" })) as {
    drawn: { id: string }[];
  };
  expect(again.drawn.some(({ id }) => id.includes("targeted"))).toBe(false);
  expect(() => execFileSync(binary, ["audit", "draw", "--seed", "1", "--size", `${Number(size) + 1}`, population], { stdio: "pipe" })).toThrow();
  await free(page);
  expect((await auditOf(page, id)).state).toBe("cancelled");
});

test("a report shows what was targeted apart from what was drawn, and adds it to the bound of all slots", async ({ page }) => {
  // The demo's closed audit, as if three flagged slots had been examined beside it.
  const counted = { sample: 3, deviations: 1, inconclusive: 1 };
  const targeted = { name: "targeted", population: 3, ...counted, open: 0, counted, interval: { lower: 1, upper: 2 }, upper: 2 };
  let upper = 0;
  await page.route("**/v1/audits/*/report", async (route) => {
    const answer = await route.fetch();
    const report = (await answer.json()) as Report;
    const { total } = report;
    upper = total.upper + targeted.upper;
    const audit = { ...report.audit, targeted: { flags: ["mock_provider"], most: 50 } };
    const whole = { ...total, population: total.population + 3, sample: total.sample + 3, upper };
    await route.fulfill({ json: { ...report, audit, random: { ...total, name: "random" }, targeted, total: whole } });
  });
  await openDesk(page, "bkd_auditor", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  const part = page.getByRole("region", { name: "Slot bertanda" });
  await expect(part).toContainText("Lokasi buatan menurut ponsel");
  await expect(part.getByRole("cell")).toHaveText(["3", "3", "1", "0", "1", "1", "2"]);
  const rows = page.getByRole("region", { name: "Yang terbukti" }).locator("tbody").getByRole("row");
  await expect(rows.filter({ hasText: /^Slot bertanda/ })).toHaveCount(1);
  await expect(rows.last()).toContainText("Semua bersama");
  await expect(rows.last().getByRole("cell").last()).toContainText(`${upper} (`);
  await expect(page.getByRole("region", { name: "Yang diperiksa" }).getByRole("row", { name: /Slot bertanda/ })).toHaveCount(0);
  await expectAccessible(page);
  await expectNarrow(page);
});
