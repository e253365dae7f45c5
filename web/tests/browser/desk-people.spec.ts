// The operator's people: the import with its preview, a person's page, marks, a new code, and the slips to be printed.
import { expect } from "@playwright/test";
import { expectNarrow, goTo, openDesk, signInAgain } from "./desk";
import { as, date, of } from "./office";
import { expectAccessible, test } from "./person";

const HEADER = "NIP BARU;NAMA;GELAR BELAKANG;JABATAN NAMA;GOL AKHIR NAMA;UNOR NAMA;HOBI\n";
const GOOD = "198503122010012003;ZAHRA CONTOH;S.Kom.;Pranata Komputer;III/c;Sekretariat;membaca\n";
const SHORT = "19850312;NIP PENDEK;;Analis;III/a;Sekretariat;\n";
const STRANGE = "199001012015031001;YANTO CONTOH;;Analis;III/a;Unit Yang Tidak Ada;\n";

test("a file is shown before it goes in, with what is to be mended beside each row", async ({ page }) => {
  await openDesk(page, "agency_operator", "people");
  await page.getByRole("link", { name: "Impor dari SIASN" }).click();
  await expect(page.getByRole("heading", { name: "Impor daftar pegawai" })).toBeFocused();
  await expectAccessible(page);

  await page.locator("input[type=file]").setInputFiles({ name: "bukan.csv", mimeType: "text/csv", buffer: Buffer.from("A;B\n1;2\n") });
  await expect(page.getByRole("alert")).toContainText("Kolom NIP BARU tidak ada");

  const file = { name: "siasn.csv", mimeType: "text/csv", buffer: Buffer.from(HEADER + GOOD + SHORT + STRANGE) };
  await page.locator("input[type=file]").setInputFiles(file);
  const preview = page.getByRole("region", { name: "Pratinjau" });
  await expect(preview.getByRole("heading")).toHaveText("siasn.csv, 3 baris");
  await expect(preview).toContainText("HOBI");
  const findings = page.getByRole("table", { name: "Catatan per baris" });
  await expect(findings.getByRole("row", { name: /3 NIP PENDEK NIP BARU 19850312 Belum masuk/ })).toBeVisible();
  await expect(findings.getByRole("row", { name: /4 YANTO CONTOH UNOR NAMA Unit Yang Tidak Ada Masuk/ })).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  // Nothing has changed yet.
  await goTo(page, "people");
  await page.getByRole("searchbox").fill("contoh");
  await expect(page.getByText(/^0 dari \d+ baris$/)).toBeVisible();
  await goTo(page, "people/import");
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Impor 2 pegawai" }).click();
  await expect(page.getByRole("heading", { name: "Pegawai", exact: true })).toBeVisible();
  await expect(page.getByText("2 pegawai baru, 0 berubah, 1 belum masuk.")).toBeVisible();
  await page.getByRole("link", { name: "Lihat hasil" }).click();
});

test("a person's page: post, home, marks set and ended, and a new code that is told once", async ({ page }) => {
  await openDesk(page, "agency_operator", "people");
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Jabatan dan akun" })).toBeVisible();
  await expect(page.getByText("Tidak ada kekhususan.")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);

  await page.getByRole("button", { name: "Tambah kekhususan" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Isi sampai kapan berlaku.");
  await dialog.getByRole("link", { name: "Isi alasannya." }).click();
  await expect(dialog.getByLabel("Alasan")).toBeFocused();
  await dialog.getByLabel("Karena apa").selectOption("public_transport");
  await dialog.getByLabel("Sampai", { exact: true }).fill(new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  await dialog.getByLabel("Alasan").fill("Angkutan hanya sampai siang");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Angkutan hanya sampai siang")).toBeVisible();
  await page.getByRole("button", { name: "Akhiri", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Akhiri", exact: true }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.getByRole("button", { name: "Kode masuk baru" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Kode masuk baru" }).click();
  await page.getByRole("button", { name: "Buat kode" }).click();
  await expect(page.getByRole("dialog").getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/)).toBeVisible();
  await page.getByRole("button", { name: "Sudah disampaikan" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("days of a person are set, also half of one, with what is missing told beside the field", async ({ page, request }) => {
  await openDesk(page, "agency_operator", "people");
  const link = page.getByRole("table").getByRole("link").nth(1);
  const name = (await link.textContent()) ?? "";
  await link.click();
  await page.getByRole("button", { name: "Tetapkan hari" }).click();
  const dialog = page.getByRole("dialog");
  await expectAccessible(page);
  // Behind next month, of which another test makes the roster.
  const from = date(70);
  await dialog.getByLabel("Mulai").fill(from);
  await dialog.getByLabel("Sampai (boleh kosong)").fill(date(-1));
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("paling banyak 31 hari");
  await dialog.getByLabel("Sampai (boleh kosong)").fill("");
  await dialog.getByLabel("Bagian hari").selectOption("Paruh siang");
  await dialog.getByLabel("Cara kerja").selectOption("Dinas luar");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Tulis alasannya.");
  await dialog.getByLabel("Alasan").fill("Surat tugas 12");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(`1 hari ditetapkan untuk ${name}.`)).toBeVisible();

  const operator = await as(request, of("agency_operator"));
  const agency = of("agency_operator").agency;
  const set = await operator.get<{ items: { name: string; mode: string; slots: string }[] }>(`/v1/rosters?agency=${agency}&from=${from}&to=${from}&limit=200`);
  expect(set.items.filter((entry) => entry.name === name && entry.mode === "duty_travel").map(({ slots }) => slots)).toEqual(["afternoon"]);
});

test("a person is moved by BKD, and the operator ends somebody's work", async ({ page }) => {
  // Two people sign in one after the other.
  test.setTimeout(120_000);
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  const links = page.getByRole("table").getByRole("link");
  // By name from here on: while the table is measured, which row is drawn last may change.
  const name = (await links.last().textContent()) ?? "";
  await links.filter({ hasText: name }).first().click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  const address = new URL(page.url()).hash;
  await expect(page.getByRole("button", { name: "Pindahkan" })).toHaveCount(0);
  await page.getByRole("button", { name: "Akhiri tugas" }).click();
  await expectAccessible(page);
  const last = page.getByRole("dialog").getByLabel("Hari terakhir");
  await last.fill("1999-01-01");
  await page.getByRole("dialog").getByRole("button", { name: "Akhiri tugas" }).click();
  await expect(page.getByRole("dialog").getByRole("alert").getByRole("link")).toBeVisible();
  await last.fill(date(60));
  await page.getByRole("dialog").getByLabel("Sebab").selectOption("Pensiun");
  await page.getByRole("dialog").getByRole("button", { name: "Akhiri tugas" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByText("Sampai", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Akhiri tugas" })).toHaveCount(0);
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "bkd_officer", "people");
  await page.evaluate((code) => sessionStorage.setItem("sherlok-agency", code), of("agency_operator").agency ?? "");
  await page.reload();
  await signInAgain(page, "bkd_officer");
  // Whoever goes already is not moved as well.
  await page.evaluate((address) => (location.hash = address), address);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByRole("button", { name: "Pindahkan" })).toHaveCount(0);
  await goTo(page, "people");
  const other = page.getByRole("table").getByRole("link").nth(2);
  const moved = (await other.textContent()) ?? "";
  await other.click();
  await page.getByRole("button", { name: "Pindahkan" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Pindahkan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Pilih perangkat daerah tujuan.");
  await expectAccessible(page);
  await dialog.getByLabel("Perangkat daerah tujuan").selectOption({ index: 1 });
  await dialog.getByLabel("Hari pertama di sana").fill(date(30));
  await dialog.getByRole("button", { name: "Pindahkan" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText(`${moved} pindah pada hari itu.`)).toBeVisible();
});

test("slips with codes for those who never signed in", async ({ page }) => {
  await openDesk(page, "agency_operator", "people/codes");
  await page.getByLabel("Ganti juga kode yang masih berlaku").check();
  await page.getByRole("button", { name: "Buat kode" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Buat kode" }).click();
  await expect(page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Cetak" })).toBeVisible();
  await expectAccessible(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Keluar" })).toBeHidden();
  await expect(page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/).first()).toBeVisible();
});
