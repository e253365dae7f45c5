// Not a test: pictures of the phone's pages beyond the first screen. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { caller, doubt } from "./calls";
import { employee, official, share, signIn, standAtHome, test, untilKept } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["outcome-360", "news-360", "case-360", "entry-360", "month-360", "day-360", "leave-360", "leave-request-360", "home-point-360", "own-360-dark"];
const picture = (page: Page, name: string) => take(page, name, TELLING);

test.setTimeout(180_000);

async function open(page: Page, address: string, heading: string | RegExp): Promise<void> {
  await page.goto(`/app/#/${address}`);
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
}

test("a share that is received, receipts of a day and one's own row", async ({ page }) => {
  const person = employee(1);
  await standAtHome(page, person);
  await signIn(page, person);
  await share(page);
  await expect(page.getByRole("heading", { name: "Diterima" })).toBeVisible();
  await picture(page, "outcome");
  await page.getByRole("button", { name: "Selesai" }).click();
  const own = await caller(page, person);
  const { date } = await own.get<{ date: string }>("/v1/me/day");
  await open(page, `hari/${date}`, /./);
  await page.getByRole("button", { name: "Simpan berkas" }).click();
  await page.getByText("Bagaimana memeriksanya?").click();
  await picture(page, "receipt");
  const { items } = await own.get<{ items: { work_date: string }[] }>("/v1/me/check-ins?limit=200");
  await open(page, `hari/${items.map(({ work_date }) => work_date).sort()[0]}`, /./);
  await page.getByRole("button", { name: /Bukti baris saya/ }).first().click();
  await expect(page.getByText(/persis seperti saat disegel/)).toBeVisible();
  await picture(page, "own-row");
});

test("news and cases", async ({ page }) => {
  // Not one of those whose first share the other pictures show.
  const person = { ...official("superior"), position: employee(1).position };
  await doubt(page, [person]);
  await signIn(page, person);
  await untilKept(page);
  await expect(page.getByRole("link", { name: /baru/ })).toBeVisible();
  await picture(page, "today-links");
  await page.getByRole("link", { name: /Kabar/ }).click();
  await expect(page.getByRole("link", { name: /Tanggapan Anda/ })).toBeVisible();
  await picture(page, "news");
  await page.getByRole("link", { name: /Tanggapan Anda/ }).click();
  await expect(page.getByRole("link", { name: "Jelaskan" })).toBeVisible();
  await picture(page, "notice-opened");
  await page.getByRole("link", { name: "Jelaskan" }).click();
  await page.getByLabel("Apa yang terjadi").fill("Saya mendampingi orang tua berobat di Pandeglang dan sudah memberi tahu atasan.");
  await expect(page.getByText("Sisa waktu")).toBeVisible();
  await picture(page, "case");
  await open(page, "catatan", "Lokasi dengan catatan");
  await expect(page.getByText(/dari tempat tugas/).first()).toBeVisible();
  await picture(page, "flagged");
});

test("activities and the report", async ({ page, context }) => {
  const person = employee(1);
  const yesterday = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Jakarta", dateStyle: "short" }).format(Date.now() - 86_400_000);
  await signIn(page, person);
  await untilKept(page);
  for (const [start, end, description, output] of [
    ["08:00", "09:30", "Rapat daring koordinasi pelaksanaan program", "Notula rapat"],
    ["13:00", "15:00", "Memperbarui konten portal layanan informasi publik", "Dua artikel terbit"],
  ] as const) {
    await open(page, "kegiatan/baru", "Catat kegiatan");
    await page.getByLabel("Tanggal").fill(yesterday);
    await page.getByLabel("Mulai").fill(start);
    await page.getByLabel("Selesai", { exact: true }).fill(end);
    await page.getByLabel("Apa yang dikerjakan").fill(description);
    await page.getByLabel("Hasil", { exact: true }).fill(output);
    if (start === "13:00") {
      await page.setInputFiles("input[type=file]", "public/app/icon-512.png");
      await expect(page.getByRole("button", { name: "Hapus Foto 1" })).toBeVisible();
      await picture(page, "entry");
      await context.setOffline(true);
    }
    await page.getByRole("button", { name: "Serahkan" }).click();
    await expect(page.getByText(start === "08:00" ? "menunggu atasan" : "menunggu dikirim").first()).toBeVisible();
  }
  await picture(page, "entries");
  await context.setOffline(false);
  await open(page, "laporan", /^Laporan/);
  await page.getByLabel("Yang terpenting").fill("Rapat koordinasi program berjalan; dua artikel layanan terbit.");
  await page.getByRole("button", { name: "Simpan dan hitung" }).click();
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await picture(page, "report");
});

test("days and corrections", async ({ page }) => {
  const person = employee(0);
  const own = await caller(page, person);
  const shares = await own.get<{ items: { work_date: string }[] }>("/v1/me/check-ins?limit=200");
  const date = shares.items.at(-1)?.work_date ?? "";
  await signIn(page, person);
  await untilKept(page);
  await open(page, `bulan/${date.slice(0, 7)}`, /20\d\d$/);
  await expect(page.getByRole("heading", { name: "Keterangan" })).toBeVisible();
  await picture(page, "month");
  await open(page, `hari/${date}`, /20\d\d$/);
  await expect(page.getByText(/^Pagi$/)).toBeVisible();
  await picture(page, "day");
  await open(page, `koreksi/${date}/midday`, "Koreksi presensi");
  await page.getByLabel("Alasan").fill("Ponsel saya mati sejak siang, saya tetap bekerja dari rumah.");
  await picture(page, "correction");
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByText("menunggu atasan")).toBeVisible();
  await picture(page, "corrections");
});

test("leave", async ({ page }) => {
  const person = employee(1);
  await signIn(page, person);
  await untilKept(page);
  const from = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await open(page, "cuti/baru", "Jenis cuti");
  await page.getByLabel("Cuti Sakit", { exact: true }).check();
  await picture(page, "leave-kind");
  await page.getByRole("button", { name: "Lanjut" }).click();
  await page.getByLabel("Hari pertama").fill(from);
  await page.getByLabel("Hari terakhir").fill(from);
  await page.getByRole("button", { name: "Lanjut" }).click();
  await page.getByLabel("Alasan", { exact: true }).fill("Rawat jalan sesudah operasi.");
  await page.getByLabel("Alamat selama cuti").fill("Jalan Melati 4, Pandeglang");
  await picture(page, "leave-why");
  await page.getByRole("button", { name: "Lanjut" }).click();
  await expect(page.getByRole("heading", { name: "Periksa, lalu ajukan" })).toBeVisible();
  await picture(page, "leave-check");
  await page.getByRole("button", { name: "Ajukan" }).click();
  await expect(page.getByText("menunggu petugas cuti").first()).toBeVisible();
  await picture(page, "leave-request");
  await open(page, "cuti", "Cuti");
  await expect(page.getByText("menunggu petugas cuti").first()).toBeVisible();
  await picture(page, "leave");
});

test("homes and one's own data", async ({ page }) => {
  const person = employee(1);
  await page.clock.install();
  await standAtHome(page, person, 18);
  await signIn(page, person);
  await untilKept(page);
  await open(page, "data", "Data saya");
  await picture(page, "own");
  await open(page, "disimpan", "Apa yang disimpan");
  await picture(page, "kept");
  await open(page, "rumah/baru", "Berdirilah di rumah Anda");
  await picture(page, "home-stand");
  await page.getByRole("button", { name: "Ambil titik di sini" }).click();
  await expect(page.getByRole("heading", { name: "Titik rumah Anda" })).toBeVisible();
  await picture(page, "home-point");
  await page.getByRole("button", { name: "Pakai titik ini" }).click();
  await page.getByLabel("Alamat lengkap").fill("Jalan Melati 4 RT 02/RW 05, Kelurahan Contoh");
  await picture(page, "home-address");
  const operator = await caller(page, official("agency_operator"));
  const { items } = await operator.get<{ items: { id: string }[] }>("/v1/homes?limit=200");
  for (const { id } of items) await operator.get(`/v1/homes/${id}`);
  await open(page, "akses", "Siapa melihat data saya");
  await expect(page.getByText("Memverifikasi rumah").first()).toBeVisible();
  await picture(page, "accesses");
  await open(page, "kalender", "Sesi di kalender");
  await page.getByRole("button", { name: "Buat alamat kalender" }).click();
  await expect(page.getByLabel("Alamat kalender")).toBeVisible();
  await picture(page, "feed");
  await open(page, "sandi", "Ganti kata sandi");
  await picture(page, "password");
});
