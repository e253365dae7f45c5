// The report of an audit: one sentence, three plots each with its table, and a sheet for paper.
import { expect } from "@playwright/test";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { auditOf, drawn } from "./audits";
import { expectNarrow, goTo, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

test("a report says one sentence and shows every number of its plots in a table", async ({ page }) => {
  await openDesk(page, "bkd_head", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByText(/^Dengan tingkat keyakinan 95 %, paling banyak \d+ dari \d+ slot .* menyimpang; dari 24 slot yang diperiksa/)).toBeVisible();
  for (const title of ["Yang diperiksa", "Yang terbukti", "Ketepatan tanda"]) {
    const section = page.getByRole("region", { name: title });
    await expect(section.getByRole("img")).toHaveAccessibleName(/tabel di bawah/);
    await expect(section.getByRole("table")).toBeVisible();
  }
  const checked = page.getByRole("region", { name: "Yang diperiksa" });
  await expect(checked.getByRole("row", { name: /^Semua bersama/ })).toContainText("24");
  await expect(page.getByRole("region", { name: "Ketepatan tanda" }).getByRole("row", { name: /^Di tempat tugas/ })).toBeVisible();
  await expect(page.getByText("31415926535897932384")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByText(/^With 95 % confidence at most/)).toBeVisible();
});

test("a report with open cases says that it is provisional, and can't be closed yet", async ({ page }) => {
  await openDesk(page, "bkd_officer", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Perpustakaan dan Kearsipan" }).getByRole("link").click();
  await expect(page.getByText(/^Sementara: Dengan tingkat keyakinan/)).toBeVisible();
  await expect(page.getByText(/\d+ kasus belum selesai\./)).toBeVisible();
  await expect(page.getByRole("button", { name: "Tutup uji petik" })).toHaveCount(0);
  // Its size was fixed with its plan, and there is no file of it yet.
  await expect(page.getByRole("region", { name: "Tambah sampel" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Unduh berkas audit" })).toHaveCount(0);
  await expectAccessible(page);
});

test("a closed audit is a file that the program checks, and four lines draw its sample again", async ({ page }, info) => {
  await openDesk(page, "bkd_head", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  // The sheet says how long BKD's log was when it was read, and its root.
  const logs = (await (await page.request.get("/v1/logs")).json()) as { items: { name: string; size: number; newest: { root: string } }[] };
  const log = logs.items.find(({ name }) => name === "audit");
  await expect(page.getByText(log?.newest.root ?? "?", { exact: true })).toBeVisible();
  const part = page.getByRole("region", { name: "Berkas untuk pihak luar" });
  const [file] = await Promise.all([page.waitForEvent("download"), part.getByRole("button", { name: "Unduh berkas audit" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^audit-[0-9a-f-]{36}\.zip$/);
  const path = info.outputPath(file.suggestedFilename());
  await file.saveAs(path);
  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const lines = execFileSync(binary, ["verify", path], { encoding: "utf8" }).trim().split("\n");
  expect(lines.filter((line) => line.startsWith("ok    "))).toHaveLength(12);

  await part.getByText("Bagaimana pihak luar memeriksanya?").click();
  await expect(part.getByText(`sherlok verify ${file.suggestedFilename()}`)).toBeVisible();
  const program = part.locator("pre").nth(1);
  expect((await program.innerText()).split("\n")).toHaveLength(4);
  await expectAccessible(page);
  await expectNarrow(page);
  // Where Python has the sampler, the four lines are run as they stand there.
  const python = process.env.TEST_PYTHON ?? "../target/test-tools/venv/bin/python";
  const folder = info.outputPath("bundle");
  const hasSampler = spawnSync(python, ["-c", "import consistent_sampler"]).status === 0;
  info.annotations.push({ type: "python", description: hasSampler ? "the sample was drawn again" : `${python} has no consistent_sampler` });
  if (hasSampler) {
    execFileSync(python, ["-m", "zipfile", "-e", path, folder]);
    const sample = readFileSync(`${folder}/sample.ndjson`, "utf8").trim().split("\n");
    const units = sample.map((line) => JSON.parse(line) as { stratum: string; unit: string });
    const stratum = await part.getByRole("combobox").inputValue();
    const again = execFileSync(resolve(python), ["-c", await program.innerText()], { cwd: folder, encoding: "utf8" }).trim().split("\n");
    expect(again).toEqual(units.filter((unit) => unit.stratum === stratum).map(({ unit }) => unit));
  }
});

test("an auditor looks at a closed audit and takes no file away", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Ketepatan tanda" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Unduh berkas audit" })).toHaveCount(0);
});

test("a sample that may be looked at early grows by the next tickets, and says before what they add", async ({ page }) => {
  const audit = await drawn(page);
  const [sample] = audit.samples;
  const before = sample?.size ?? 0;
  await openDesk(page, "bkd_officer", `laporan/${audit.id}`, "audit");
  const part = page.getByRole("region", { name: "Tambah sampel" });
  const size = part.getByLabel("Kasus menjadi");
  await size.fill(String(before));
  await part.getByRole("button", { name: "Tambah kasus" }).click();
  await expect(page.getByRole("alert")).toContainText("Isi angka yang lebih besar");
  await size.fill(String(before + 1));
  const row = part.getByRole("row", { name: /Badan Kepegawaian Daerah/ });
  await expect(row.getByRole("cell")).toHaveText([`${before} menjadi ${before + 1}`, "1", /%$/]);
  await expectAccessible(page);
  await expectNarrow(page);
  await part.getByRole("button", { name: "Tambah kasus" }).click();
  const asked = page.getByRole("dialog", { name: "Tambah 1 kasus?" });
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Tambah kasus" }).click();
  await expect(page.getByText("1 kasus ditambahkan.")).toBeVisible();
  await expect(page.getByRole("region", { name: "Yang diperiksa" }).getByRole("row", { name: /Badan Kepegawaian Daerah/ })).toContainText(String(before + 1));
  expect((await auditOf(page, audit.id)).samples[0]?.size).toBe(before + 1);
});

test("on paper a report is the sheet alone", async ({ page }) => {
  await openDesk(page, "bkd_auditor", "laporan", "audit");
  await page.getByRole("listitem").filter({ hasText: "Dinas Pendidikan dan Kebudayaan" }).getByRole("link").click();
  await expect(page.getByRole("region", { name: "Ketepatan tanda" })).toBeVisible();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("button", { name: "Cetak" })).toBeHidden();
  await expect(page.locator("#app > header")).toBeHidden();
  // Dark letters on white paper, whatever the screen's colours are.
  expect(await page.locator("p.claim").evaluate((claim) => getComputedStyle(claim).color)).toBe("rgb(0, 0, 0)");
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.length).toBeLessThanOrEqual(3);
  await goTo(page, "laporan");
});
