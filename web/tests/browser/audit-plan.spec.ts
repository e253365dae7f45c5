// Planning an audit and drawing it: what a sample proves is told while the form is filled in, the population is fixed once, and
// the draw is held by the keyboard alone and done again by the program on the command line. In this order: they share a plan.
import { expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { auditOf, DICE, free, planned } from "./audits";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

/** Round 123 of drand's quicknet, published in August 2023: genuine, and of no plan of today. */
const ROUND_123 = {
  round: 123,
  randomness: "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc",
  signature: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
};

test("a plan with a beacon names its round ahead, takes no other, and is cancelled in public", async ({ page }, info) => {
  await free(page);
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  await page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ }).check();
  await expect(page.getByRole("radio", { name: /Suar acak publik dan dadu/ })).toBeChecked();
  await expect(page.getByText("Yang perlu dipercaya: mereka yang melihat dadunya.")).toBeVisible();
  await page.getByLabel("Pukul (WIB)").fill("25.00");
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi tanggal dan jam pengundian");
  await page.getByLabel("Pukul (WIB)").fill("10.00");
  await page.getByText("Apa itu suar acak publik?").click();
  await expect(page.getByText(/^Putaran [\d.]+ drand quicknet$/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Tetapkan populasi" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Suar acak publik dan dadu");
  await dialog.getByRole("button", { name: "Tetapkan populasi" }).click();
  await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
  const id = new URL(page.url()).hash.split("/")[2] ?? "";
  const { seed_rule } = await auditOf(page, id);

  // The address is told, and nobody asks it; what is missing is named at its field.
  await page.keyboard.press("PageDown");
  await expect(page.getByText(`/public/${seed_rule.round}`)).toBeVisible();
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveText([/^Tempel isi suar/, /^Isi setiap kotak/]);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByLabel("Dadu ke-1", { exact: true }).focus();
  await page.keyboard.type(`x${DICE}`);
  await expect(page.getByText("20 dari 20 terisi")).toBeVisible();
  const beacon = page.getByRole("textbox", { name: "Suar acak publik" });
  await beacon.fill("<html>");
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await expect(page.getByRole("alert")).toContainText("Ini bukan isi suar");
  const file = info.outputPath("round.json");
  writeFileSync(file, JSON.stringify(ROUND_123));
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.getByText("round.json dibaca.")).toBeVisible();
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await expect(page.getByRole("alert")).toContainText("Ini putaran 123.");
  // Another round's signature under this round's number: the service finds out.
  await beacon.fill(JSON.stringify({ ...ROUND_123, round: seed_rule.round }));
  await page.getByRole("button", { name: "Terima angka acak" }).click();
  await dialog.getByRole("button", { name: "Terima angka acak" }).click();
  await expect(page.getByRole("alert")).toContainText("bukan suar quicknet yang asli");
  await expect(beacon).toHaveAttribute("aria-invalid", "true");
  expect((await auditOf(page, id)).seed).toBeUndefined();
  await expectAccessible(page);

  // Given up, for everybody to read.
  await page.getByRole("button", { name: "Populasi" }).first().click();
  await page.getByText("Batalkan rencana ini").click();
  await page.getByLabel("Alasan").fill("pendek");
  await page.getByRole("button", { name: "Batalkan rencana" }).click();
  await expect(page.getByRole("alert")).toContainText("paling sedikit sepuluh huruf");
  await expectAccessible(page);
  const reason = "Periode ini keliru; rencana baru menyusul.";
  await page.getByLabel("Alasan").fill(reason);
  await page.getByRole("button", { name: "Batalkan rencana" }).click();
  await expect(dialog).toContainText("tidak dapat ditarik");
  await dialog.getByRole("button", { name: "Batalkan rencana" }).click();
  await expect(page.getByRole("heading", { name: "Rencana ini dibatalkan" })).toBeVisible();
  await expect(page.getByText(reason)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.goto("/audit/#/rencana");
  const given = page.getByRole("listitem").filter({ hasText: reason });
  await expect(given).toContainText("Dibatalkan");
  await expect(given.getByRole("link", { name: "Laporan" })).toHaveCount(0);
  await expectAccessible(page);
});

test("the form tells what a sample proves, and the plan that is fixed is the one that was told", async ({ page }) => {
  await free(page);
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

  // Both rules say what they cost here; the same cases prove less where one may look early.
  const proved = async (name: RegExp) => {
    const described = await page.getByRole("radio", { name }).getAttribute("aria-describedby");
    const words = page.locator(`[id="${described}"]`);
    await expect(words).toContainText("6 kasus; tanpa temuan membuktikan paling banyak");
    return Number(/paling banyak ([\d,]+) %/.exec(await words.innerText())?.[1]?.replace(",", "."));
  };
  expect(await proved(/^Kapan saja/)).toBeGreaterThanOrEqual(await proved(/^Sekali/));
  await page.getByRole("radio", { name: /^Kapan saja/ }).check();
  await page.getByRole("radio", { name: /^Dadu saja/ }).check();
  await expect(page.getByLabel("Pukul (WIB)")).toHaveCount(0);
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
  const audit = await planned(page);
  expect([audit.stopping, audit.seed_rule.kind]).toEqual(["sequence", "dice"]);
});

test("an auditor sees the audits and plans none", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "rencana", "audit");
  await expect(page.getByRole("link", { name: /^Uji petik \d/ }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Rencana baru" })).toHaveCount(0);
  await page.goto("/audit/#/rencana/baru");
  await expect(page.getByRole("heading", { name: "Rencana baru" })).toHaveCount(0);
});

test("a draw goes from the population to tickets that anyone draws again, by the keyboard alone", async ({ page }, info) => {
  const { id } = await planned(page);
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

  // Each digit leads on to the next field, and one that was misread is taken back.
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Dadu ke-1", { exact: true })).toBeFocused();
  await page.keyboard.type("6x9");
  await expect(page.getByLabel("Dadu ke-3", { exact: true })).toBeFocused();
  await page.keyboard.press("Backspace");
  await expect(page.getByLabel("Dadu ke-2", { exact: true })).toHaveValue("");
  // As the keys of a phone take a digit back: the field is empty, and no key says so.
  await page.getByLabel("Dadu ke-1", { exact: true }).fill("");
  await expect(page.getByText("0 dari 20 terisi")).toBeVisible();
  await page.getByLabel("Dadu ke-1", { exact: true }).focus();
  await page.keyboard.type(DICE);
  await expect(page.getByText("20 dari 20 terisi")).toBeVisible();
  // The keys of the presenter write where something is written.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Dua puluh dadu di aula BKD, disaksikan Inspektorat; f dan spasi tetap huruf.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const asked = page.getByRole("dialog", { name: "Angka acak ini sudah benar?" });
  await expect(asked).toContainText(DICE.replace(/(.{5})(?=.)/g, "$1 "));
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Undian", exact: true })).toBeVisible();
  const seed = (await auditOf(page, id)).seed ?? "";
  expect(seed).toMatch(/^[0-9a-f]{64}$/);
  await expect(page.getByText(seed)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Undi sekarang" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Yang terundi" })).toBeVisible();
  const cells = page.locator("tbody td:nth-child(2)");
  await expect(cells).toHaveCount(6);
  await expectAccessible(page);
  await expectNarrow(page);
  const shown = await cells.allInnerTexts();

  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const again = JSON.parse(execFileSync(binary, ["audit", "draw", "--json", "--seed", seed, "--size", "6", population], { encoding: "utf8" })) as {
    drawn: { id: string; ticket: string }[];
  };
  expect(again.drawn.map(({ id }) => id)).toEqual(shown);
  expect(readFileSync(population, "utf8").split("\n").length - 1).toBeGreaterThan(6);

  // What the seed was made of, and how that is proved.
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await expect(page.getByText(DICE, { exact: true })).toHaveCount(1);
  // The space of a presenter opens what it stands on.
  await page.getByText("Bagaimana membuktikannya?").focus();
  await page.keyboard.press(" ");
  await expect(page.getByText("bkd-audit-seed/v1")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.keyboard.press("End");
  await expect(page.getByRole("heading", { name: "Hitung ulang sendiri" })).toBeVisible();
  const program = page.locator("pre");
  await expect(program).toContainText(`sampler(units, seed="${seed}", take=6, output="id")`);
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
