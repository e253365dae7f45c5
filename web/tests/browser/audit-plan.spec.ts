// Planning an audit and drawing it: what a sample proves is told while the form is filled in, the population is fixed once, and
// the draw is held by the keyboard alone and done again by the program on the command line. In this order: they share a plan.
import { expect, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, official, test } from "./person";

const SEED = "63454660390103169462";

/** A plan of BKD's own day that waits for its seed: the one that is there, or a new one; gives its id. */
async function planned(page: Page): Promise<string> {
  const { username, password } = official("bkd_officer");
  const signed = await page.request.post("/v1/sessions", { data: { username, password } });
  const { access_token } = (await signed.json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${access_token}` };
  const listed = (await (await page.request.get("/v1/audits", { headers })).json()) as { items: { id: string; from: string; agencies: string[]; seed?: string }[] };
  const found = listed.items.find(({ agencies }) => agencies.includes("bkd"));
  if (found) return found.id;
  const date = listed.items[0]?.from;
  const made = await page.request.post("/v1/audits", { headers, data: { from: date, to: date, agencies: ["bkd"], size: 6 } });
  return ((await made.json()) as { id: string }).id;
}

test("the form tells what a sample proves, and the plan that is fixed is the one that was told", async ({ page }) => {
  await openDesk(page, "bkd_officer", "rencana", "audit");
  await expect(page.getByRole("heading", { name: "Uji petik", exact: true })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Selesai" })).toContainText("24 dari");
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("link", { name: "Rencana baru" }).click();
  await expect(page.getByRole("heading", { name: "Rencana baru" })).toBeFocused();
  await expect(page.getByText("Pilih perangkat daerah untuk melihat")).toBeVisible();
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Pilih paling sedikit satu perangkat daerah.");
  await expectAccessible(page);

  // Those of the demo's two audits have a plan on one of these days.
  await expect(page.getByRole("checkbox", { name: /Dinas Perpustakaan dan Kearsipan/ })).toBeDisabled();
  const own = page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ });
  await expect(page.locator("label", { has: own })).toContainText(/[1-9]\d* slot/);
  const slots = Number(/(\d+) slot/.exec(await page.locator("label", { has: own }).innerText())?.[1]);
  await own.check();
  const told = page.getByRole("region", { name: "Yang dapat dibuktikan" });
  await expect(told.getByRole("status")).toContainText(`kasus tanpa temuan membuktikan paling banyak`);
  const byRate = await told.getByRole("status").innerText();
  await page.getByText("Tentukan sendiri").click();
  await page.getByLabel("Kasus tiap perangkat daerah").fill("6");
  await expect(told.getByRole("status")).toContainText("6 kasus tanpa temuan membuktikan paling banyak");
  expect(await told.getByRole("status").innerText()).not.toBe(byRate);
  await expect(told.getByRole("row", { name: /Badan Kepegawaian Daerah/ })).toContainText(`6 dari ${slots}`);
  const sentence = await told.getByRole("status").innerText();
  await page.getByRole("combobox", { name: "Tingkat keyakinan" }).selectOption("9000");
  await expect(told.getByRole("status")).toContainText("tingkat keyakinan 90 %");
  expect(await told.getByRole("status").innerText()).not.toBe(sentence);
  await page.getByLabel("Kasus tiap perangkat daerah").fill("0");
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi 1 sampai 10.000 kasus.");
  await page.getByLabel("Kasus tiap perangkat daerah").fill("6");
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  const asked = page.getByRole("dialog", { name: "Tetapkan populasi uji petik ini?" });
  await expect(asked).toContainText("tidak dapat diubah");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(asked).toHaveCount(0);
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await asked.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Badan Kepegawaian Daerah/ })).toContainText(String(slots));
});

test("an auditor sees the audits and plans none", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "rencana", "audit");
  await expect(page.getByRole("link", { name: /^Uji petik \d/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Rencana baru" })).toHaveCount(0);
  await page.goto("/audit/#/rencana/baru");
  await expect(page.getByRole("heading", { name: "Rencana baru" })).toHaveCount(0);
});

test("a draw goes from the population to tickets that anyone draws again, by the keyboard alone", async ({ page }, info) => {
  const id = await planned(page);
  await openDesk(page, "bkd_officer", `undian/${id}`, "audit");
  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Cocokkan sidik jari" }).press("Enter");
  await expect(page.getByText("Cocok: populasi ini yang ditetapkan.")).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Unduh populasi" }).press("Enter")]);
  const population = info.outputPath("population.txt");
  await file.saveAs(population);

  // Forward and back, as a presenter sends them.
  await page.keyboard.press("PageDown");
  await expect(page.getByRole("heading", { name: "Angka acak dari muka umum" })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("Undian menunggu angka acak")).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByText("Belum ada yang diundi.")).toBeVisible();
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  await expectAccessible(page);

  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Angka acak", { exact: true })).toBeFocused();
  await page.keyboard.type(SEED);
  // The keys of the presenter write where something is written.
  await page.keyboard.press("Tab");
  await page.keyboard.type("Dua puluh dadu di aula BKD, disaksikan Inspektorat; f dan spasi tetap huruf.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const asked = page.getByRole("dialog", { name: "Angka acak ini sudah benar?" });
  await expect(asked).toContainText(SEED);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Undian", exact: true })).toBeVisible();
  await expect(page.getByText(SEED)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undi sekarang" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Yang terundi" })).toBeVisible();
  const cells = page.locator("tbody td:nth-child(2)");
  await expect(cells).toHaveCount(6);
  await expectAccessible(page);
  await expectNarrow(page);
  const shown = await cells.allInnerTexts();

  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const again = JSON.parse(execFileSync(binary, ["audit", "draw", "--json", "--seed", SEED, "--size", "6", population], { encoding: "utf8" })) as {
    drawn: { id: string; ticket: string }[];
  };
  expect(again.drawn.map(({ id }) => id)).toEqual(shown);
  expect(readFileSync(population, "utf8").split("\n").length - 1).toBeGreaterThan(6);

  await page.keyboard.press("PageDown");
  await expect(page.getByRole("heading", { name: "Hitung ulang sendiri" })).toBeVisible();
  const program = page.locator("pre");
  await expect(program).toContainText(`sampler(units, seed="${SEED}", take=6, output="id")`);
  await expect(program).toContainText('unit.startswith("bkd/")');
  expect((await program.innerText()).split("\n").length).toBe(4);
  await expectAccessible(page);
  await expectNarrow(page);
});

test("on the full screen there is the draw and nothing else, and no name anywhere", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "undian", "audit");
  await page.getByRole("link", { name: /^Uji petik \d/ }).last().click();
  await expect(page.getByRole("heading", { name: "Yang terundi" })).toBeVisible();
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await page.keyboard.press("f");
  await expect(page.locator("#app > header")).toBeHidden();
  await expect(page.getByRole("heading", { name: "Yang terundi" })).toBeVisible();
  await page.keyboard.press("f");
  await expect(page.locator("#app > header")).toBeVisible();
  // An auditor watches; the seed stays, and there is nothing to press.
  await page.keyboard.press("PageUp");
  await expect(page.getByText("Undian sudah dilakukan.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undi sekarang" })).toHaveCount(0);
});
