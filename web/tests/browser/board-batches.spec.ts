// A batch from sealing to BKD's word, the recap of a month, and outages.
import { expect } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { as, date, of, uuid } from "./office";
import { demo, expectAccessible, test } from "./person";

// Several people sign in one after the other.
test.setTimeout(120_000);

test("a slot is sealed, looked at, sent, sent back, answered for and accepted", async ({ page }) => {
  await openDesk(page, "agency_operator", "kiriman");
  await expect(page.getByRole("heading", { name: "Kiriman ke BKD" })).toBeVisible();
  await expect(page.getByText(/tinggal|lewat/).first()).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("list", { name: "Laporan sesi hari ini" }).getByRole("listitem").filter({ hasText: "Pagi" }).getByRole("button").click();
  await expect(page.locator("b", { hasText: "Disegel, belum dikirim" })).toBeVisible();
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await expect(page.getByText("Tanda terima BKD")).toHaveCount(0);
  // Rows bear the name and the whole number, in its printed groups.
  const row = page.locator("tbody tr[data-index]").first();
  await expect(row.locator("td").nth(0)).toHaveText(/\p{L}{3,}/u);
  await expect(row.locator("td").nth(1)).toHaveText(/^\d{8} \d{6} \d \d{3}$/);
  const cut = await row.locator("td").nth(1).evaluate((cell) => cell.scrollWidth - cell.clientWidth);
  expect(cut, "pixels of the number that are cut off").toBeLessThanOrEqual(0);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Kirim ke BKD" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Kirim ke BKD" }).click();
  await expect(page.getByText("Kiriman sudah diterima BKD.")).toBeVisible();
  await expect(page.getByText("Tanda terima tidak menyatakan bahwa isinya benar.")).toBeVisible();
  const batch = new URL(page.url()).hash.replace(/^#\//, "");
  const kept = page.waitForEvent("download");
  await page.getByRole("button", { name: "ZIP" }).click();
  expect((await kept).suggestedFilename()).toBe(`kiriman-diskominfo-${date(0)}-morning-v1.zip`);
  await page.getByRole("button", { name: "Segel ulang" }).click();
  await expect(page.getByText("Tidak ada yang berubah sejak versi 1.")).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "bkd_officer", "kiriman");
  await expect(page.getByRole("link", { name: /Terkirim/ }).first()).toBeVisible();
  await expectAccessible(page);
  await page.evaluate((batch) => (location.hash = `#/${batch}`), batch);
  await page.getByLabel("Kembalikan dengan temuan").check();
  await page.getByLabel("Temuan untuk perangkat daerah", { exact: true }).fill("Jumlah pegawai berbeda dari daftar BKD.");
  await page.getByLabel("Nomor baris (boleh kosong)").fill("1");
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByText("Kiriman dikembalikan. Perangkat daerah sudah diberi tahu.")).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "agency_operator", batch);
  await expect(page.getByText("Jumlah pegawai berbeda dari daftar BKD.")).toBeVisible();
  await page.getByLabel("Jawaban atas temuan").fill("Pendek");
  await page.getByRole("button", { name: "Kirim jawaban" }).click();
  await expect(page.getByRole("link", { name: /di luar batas/ })).toBeVisible();
  await page.getByLabel("Jawaban atas temuan").fill("Satu pegawai pindah pada 24 November, sudah tercatat.");
  await page.getByRole("button", { name: "Kirim jawaban" }).click();
  await expect(page.getByText("Jawaban terkirim. BKD memeriksa lagi.")).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "bkd_officer", batch);
  await page.getByLabel("Diterima", { exact: true }).check();
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByText("Disahkan BKD")).toBeVisible();
  await expectAccessible(page);
});

test("a late truth makes a new version, and the old one leads to it", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  const operator = await as(request, of("agency_operator"));
  const day = demo().lived_on;
  const asked = await person.post<{ id: string; version: number }>("/v1/corrections", { id: uuid(), date: day, kind: "mode", mode: "training", reason: "Mengikuti pelatihan BPSDM sehari penuh." });
  await operator.post(`/v1/corrections/${asked.id}/decision`, { accept: true }, { "If-Match": `"${asked.version}"` });
  await openDesk(page, "agency_operator", "kiriman");
  await page.getByRole("row").filter({ hasText: "Disahkan BKD" }).getByRole("link").last().click();
  await expect(page.getByText("versi 1", { exact: false }).first()).toBeVisible();
  const old = new URL(page.url()).hash;
  await page.getByRole("button", { name: "Segel ulang" }).click();
  await expect(page.getByText(/· versi 2$/)).toBeVisible();
  await expect(page.locator("b", { hasText: "Disegel, belum dikirim" })).toBeVisible();
  await page.evaluate((old) => (location.hash = old), old);
  await expect(page.locator("b", { hasText: "Digantikan versi baru" })).toBeVisible();
  await page.getByRole("link", { name: "Ada versi yang lebih baru. Buka versi itu." }).click();
  await expect(page.getByText(/· versi 2$/)).toBeVisible();
});

test("the recap of a month: days, one person in words, files", async ({ page }) => {
  await openDesk(page, "agency_operator", `rekap/${demo().lived_on.slice(0, 7)}`);
  await expect(page.getByText("12 baris", { exact: true })).toBeVisible();
  await expect(page.getByText("Sementara: angka masih dapat berubah.")).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
  const person = page.locator("td button").first();
  const name = (await person.textContent()) ?? "";
  await person.click();
  await expect(page.getByRole("dialog", { name })).toBeVisible();
  await expect(page.getByRole("dialog").getByText(/hari kerja, \d+ hadir/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const kept = page.waitForEvent("download");
  await page.getByRole("button", { name: "Unduh XLSX" }).click();
  expect((await kept).suggestedFilename()).toMatch(/^rekap-diskominfo-\d{4}-\d\d\.xlsx$/);
  await page.getByRole("searchbox").fill(name);
  await expect(page.locator("tbody tr[data-index]")).toHaveCount(1);
});

test("who signs a recap is set once, and read back", async ({ page, request }) => {
  await openDesk(page, "agency_operator", `rekap/${demo().lived_on.slice(0, 7)}`);
  await page.getByRole("button", { name: "Kop dan tanda tangan" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Kepala perangkat daerah").getByRole("option")).not.toHaveCount(1);
  await expectAccessible(page);
  await dialog.getByLabel("Tempat tanda tangan (boleh kosong)").fill("x");
  await dialog.getByLabel("Kepala perangkat daerah").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(dialog.getByRole("alert").getByRole("link")).toHaveCount(1);
  await dialog.getByLabel("Tempat tanda tangan (boleh kosong)").fill("Serang");
  await dialog.getByRole("button", { name: "Simpan" }).click();
  await expect(page.getByText("Kop dan tanda tangan disimpan.")).toBeVisible();
  await page.getByRole("button", { name: "Kop dan tanda tangan" }).click();
  await expect(dialog.getByLabel("Tempat tanda tangan (boleh kosong)")).toHaveValue("Serang");
  const operator = await as(request, of("agency_operator"));
  const setting = await operator.get<{ place: string; head_employee_id: string }>(`/v1/agencies/${of("agency_operator").agency}/recap-setting`);
  expect(setting.place).toBe("Serang");
  await expect(dialog.getByLabel("Kepala perangkat daerah")).toHaveValue(setting.head_employee_id);
});

test("a month that is over is closed, and tells what has changed since", async ({ page }) => {
  const month = date(-40).slice(0, 7);
  await openDesk(page, "agency_operator", `rekap/${month}`);
  await page.getByRole("button", { name: "Tutup bulan" }).click();
  await page.getByLabel("Catatan (boleh kosong)").fill("Disepakati dengan kepala bidang.");
  await page.getByRole("dialog").getByRole("button", { name: "Tutup bulan" }).click();
  await expect(page.getByText("Bulan ditutup sebagai versi 1.")).toBeVisible();
  await expect(page.getByText("Tidak ada selisih dengan versi 1.")).toBeVisible();
  await expect(page.getByLabel("Versi")).toHaveValue("1");
});

test("an outage is declared and taken back", async ({ page }) => {
  await openDesk(page, "bkd_officer", "gangguan");
  await page.getByText("Catat gangguan").click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Catat", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Isi tanggal dan pukul mulai." })).toBeVisible();
  await page.getByLabel("Tanggal mulai").fill(date(-3));
  await page.getByLabel("Pukul mulai").fill("07.30");
  await page.getByLabel("Tanggal selesai").fill(date(-3));
  await page.getByLabel("Pukul selesai").fill("9:15");
  await page.getByLabel("Yang terkena").selectOption("agency");
  await page.getByRole("combobox", { name: "Perangkat daerah", exact: true }).last().selectOption("dindikbud");
  await page.getByLabel("Yang terjadi").fill("Jaringan pusat data provinsi terputus.");
  await page.getByRole("button", { name: "Catat", exact: true }).click();
  await expect(page.getByText("Gangguan tercatat. Sesi yang terkena dibebaskan.")).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "Jaringan pusat data provinsi terputus." });
  await expect(row).toContainText("07.30");
  await row.getByRole("button").click();
  await page.getByLabel("Alasan").fill("Tanggalnya keliru dicatat.");
  await page.getByRole("dialog").getByRole("button", { name: "Batalkan catatan" }).click();
  await expect(page.getByText("Catatan gangguan dibatalkan.")).toBeVisible();
  await expect(row).toContainText("Dibatalkan");
});
