// Targeted slots: chosen by their flags while a plan is made, told with their number, examined as a whole, and shown apart in the
// report. In this order: the second test goes on with the plan of the first.
import { expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Audit } from "./audits";
import { auditOf, DICE } from "./audits";
import { caller } from "./calls";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, official, test } from "./person";

type Targeting = Audit & { targeted?: { flags: string[]; most: number } };

interface Flagged {
  code: string;
  name: string;
  population: number;
  flags: { flag: string; slots: number }[];
}

async function audits(page: Page): Promise<Targeting[]> {
  return (await (await caller(page, official("bkd_officer"))).get<{ items: Targeting[] }>("/v1/audits?limit=200")).items;
}

/** An agency of which some slot of the day that the demo lived has a flag, and which the demo's audits leave free. */
async function flagged(page: Page): Promise<Flagged> {
  const officer = await caller(page, official("bkd_officer"));
  const all = await audits(page);
  for (const { id, state, targeted } of all) {
    // What an earlier attempt left.
    if (targeted && state === "planned") await officer.post(`/v1/audits/${id}/cancellation`, { reason: "Rencana dari percobaan sebelumnya." });
  }
  const date = all.find(({ state }) => state === "closed")?.from;
  const taken = all.filter(({ state, targeted }) => state !== "cancelled" && !targeted).flatMap(({ agencies }) => agencies);
  const known = (await officer.get<{ items: { code: string; name: string }[] }>("/v1/agencies?limit=200")).items;
  const free = known.filter(({ code }) => code !== "bkd" && !taken.includes(code));
  const query = `from=${date}&to=${date}&agencies=${free.map(({ code }) => code).join(",")}&flags=`;
  const told = await officer.get<{ agencies: (Omit<Flagged, "code" | "name"> & { agency: string })[] }>(`/v1/audit-population?${query}`);
  const found = told.agencies.find(({ flags }) => flags.length > 0);
  const agency = free.find(({ code }) => code === found?.agency);
  if (!found || !agency) throw new Error("no slot of a free agency of the demo has a flag");
  return { ...agency, population: found.population, flags: found.flags };
}

test("whoever plans chooses flags, is told how many slots have them, and all of these are a stratum of their own", async ({ page }) => {
  const agency = await flagged(page);
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  const own = page.getByRole("checkbox", { name: agency.name });
  await expect(page.locator("label", { has: own })).toContainText(/[1-9]\d* slot/);
  await own.check();
  await page.getByText("Tentukan sendiri").click();
  await page.getByLabel("Kasus tiap perangkat daerah").fill("4");
  await expect(page.getByText(/slot bertanda diperiksa semua/)).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Periksa semua slot dengan tanda tertentu" }).check();
  const part = page.getByRole("group", { name: "Slot bertanda" });
  const boxOf = (flag = "") => part.locator(`input[value="${flag}"]`);
  for (const { flag, slots } of agency.flags) {
    await expect(part.locator("label", { has: boxOf(flag) })).toContainText(`${slots} slot`);
  }
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih paling sedikit satu tanda.");
  await expectAccessible(page);
  await expectNarrow(page);

  const [first] = agency.flags;
  await boxOf(first?.flag).check();
  await expect(part.getByRole("status")).toHaveText(`${first?.slots} slot diperiksa semua.`);
  const told = page.getByRole("region", { name: "Yang dapat dibuktikan" });
  await expect(told).toContainText(`Di samping itu ${first?.slots} slot bertanda diperiksa semua.`);
  await part.getByLabel("Paling banyak slot bertanda").fill("0");
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi 1 sampai 10.000 slot.");
  if ((first?.slots ?? 0) > 1) {
    await part.getByLabel("Paling banyak slot bertanda").fill("1");
    await page.getByRole("button", { name: "Tetapkan populasi" }).click();
    await expect(page.getByRole("alert")).toContainText(`Ada ${first?.slots} slot bertanda, paling banyak 1.`);
  }
  await part.getByLabel("Paling banyak slot bertanda").fill("50");
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
  const audit: Targeting = await auditOf(page, id);
  expect(audit.targeted).toEqual({ flags: [first?.flag], most: 50 });
  expect(audit.samples.find(({ name }) => name === agency.code)?.size).toBe(4);
});

test("what was targeted stands apart from the draw, in the tickets, the report and the program that draws again", async ({ page }, info) => {
  const planned = (await audits(page)).find(({ state, targeted }) => targeted && state !== "cancelled");
  if (!planned) throw new Error("the test before fixed no plan");
  const officer = await caller(page, official("bkd_officer"));
  if (!planned.seed) await officer.post(`/v1/audits/${planned.id}/seed`, { dice: DICE, evidence: "Dua puluh dadu di aula BKD." });
  await officer.post(`/v1/audits/${planned.id}/draw`);
  const audit: Targeting = await auditOf(page, planned.id);
  const beside = audit.samples.find(({ name }) => name === "targeted")?.size ?? 0;
  expect(beside).toBeGreaterThan(0);
  const [stratum = ""] = audit.agencies;

  // Whoever draws again without knowing anything of flags draws the same.
  const { items } = await officer.get<{ items: { stratum: string; unit: string }[] }>(`/v1/audits/${audit.id}/tickets?limit=200`);
  const drawn = items.filter((ticket) => ticket.stratum === stratum).map(({ unit }) => unit);
  const headers = { Authorization: `Bearer ${officer.token}` };
  const population = info.outputPath("population.txt");
  writeFileSync(population, await (await page.request.get(`/v1/audits/${audit.id}/population`, { headers })).body());
  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const line = ["audit", "draw", "--json", "--seed", audit.seed ?? "", "--size", String(drawn.length), population];
  const again = JSON.parse(execFileSync(binary, line, { encoding: "utf8" })) as { drawn: { id: string }[] };
  expect(again.drawn.map(({ id }) => id)).toEqual(drawn);

  await openDesk(page, "bkd_officer", `undian/${audit.id}`, "audit");
  await expect(page.getByRole("region", { name: "Slot bertanda" }).locator("tbody tr")).toHaveCount(beside);
  await page.keyboard.press("End");
  await page.getByRole("combobox").selectOption("targeted");
  await expect(page.locator("pre")).toContainText('if "\\t" in unit]');
  await page.getByRole("combobox").selectOption(stratum);
  await expect(page.locator("pre")).toContainText('and "\\t" not in unit]');
  await expectAccessible(page);

  await page.goto(`/audit/#/laporan/${audit.id}`);
  await expect(page.getByText(new RegExp(`di samping itu ${beside} slot bertanda diperiksa semua`))).toBeVisible();
  const part = page.getByRole("region", { name: "Slot bertanda" });
  // Nothing was reviewed yet: each may still be a deviation, and none of them more than one.
  await expect(part.getByRole("cell")).toHaveText([beside, beside, 0, beside, 0, 0, beside].map(String));
  const rows = page.getByRole("region", { name: "Yang terbukti" }).locator("tbody").getByRole("rowheader");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toHaveText("Slot bertanda");
  await expect(rows.nth(2)).toHaveText("Semua bersama");
  await expect(page.getByRole("region", { name: "Yang diperiksa" }).getByRole("row", { name: /Slot bertanda/ })).toHaveCount(0);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText(new RegExp(`all ${beside} flagged slots are checked`))).toBeVisible();
});
