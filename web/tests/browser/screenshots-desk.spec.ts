// Not a test: pictures of the agency's desk for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { goTo, openDesk } from "./desk";
import { register } from "./home";
import { as, date, of } from "./office";
import { test } from "./person";
import { picture as take } from "./picture";
import { issueCircular } from "./rules";

/** Those that are committed. */
const TELLING = ["desk-schedule-teams-1440", "desk-people-1440", "desk-import-1440", "desk-homes-1440", "desk-roster-1440", "desk-roster-768-dark", "desk-history-1440", "desk-person-360"];
const picture = (page: Page, name: string) => take(page, `desk-${name}`, TELLING);

test.setTimeout(300_000);

test("people, units, sites and the history", async ({ page }) => {
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "people");
  await page.getByRole("table").getByRole("link").nth(1).click();
  await expect(page.getByRole("heading", { name: "Jabatan dan akun" })).toBeVisible();
  await expect(page.getByText("Memuat", { exact: true })).toHaveCount(0);
  await picture(page, "person");
  await page.getByRole("button", { name: "Tambah kekhususan" }).click();
  await picture(page, "mark");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Tetapkan hari" }).click();
  await page.getByRole("dialog").getByLabel("Bagian hari").selectOption("Paruh siang");
  await picture(page, "assign");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Akhiri tugas" }).click();
  await picture(page, "leaving");
  await page.keyboard.press("Escape");

  await goTo(page, "people/import");
  await picture(page, "import-begin");
  const rows = [
    "NIP BARU;NAMA;GELAR BELAKANG;JABATAN NAMA;GOL AKHIR NAMA;UNOR NAMA;HOBI",
    "198503122010012003;ZAHRA CONTOH;S.Kom.;Pranata Komputer;III/c;Sekretariat;membaca",
    "19850312;BUDI CONTOH;;Analis;III/a;Sekretariat;",
    "199001012015031001;YANTO CONTOH;;Analis;III/a;Unit Yang Tidak Ada;",
    "199001012015031001;YANTO CONTOH;;Analis;III/a;Sekretariat;",
  ];
  await page.locator("input[type=file]").setInputFiles({ name: "pegawai-november.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await expect(page.getByRole("region", { name: "Pratinjau" })).toBeVisible();
  await picture(page, "import");

  await goTo(page, "people/codes");
  await expect(page.getByLabel("Untuk siapa")).toBeVisible();
  await picture(page, "codes-begin");
  await goTo(page, "units");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "units");
  await page.getByRole("table").getByRole("button", { name: /./ }).nth(5).click();
  await expect(page.getByRole("dialog").getByLabel("Pimpinan")).toBeVisible();
  await picture(page, "unit-form");
  await page.keyboard.press("Escape");
  await goTo(page, "sites");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "sites-none");
  const operator = await as(page.request, of("agency_operator"));
  const { agency } = of("agency_operator");
  const fence = { shape: "circle", centre: { latitude: -6.17012, longitude: 106.16034 }, radius_metres: 150 };
  await operator.post(`/v1/agencies/${agency}/sites`, { name: "Kantor Dinas, KP3B", fence });
  await goTo(page, "units");
  await goTo(page, "sites");
  await expect(page.getByText("1 baris", { exact: true })).toBeVisible();
  await picture(page, "sites");
  await page.getByRole("button", { name: "Kantor Dinas, KP3B" }).click();
  await picture(page, "site");
  await page.getByRole("dialog").getByRole("button", { name: "Ubah" }).click();
  await page.getByLabel("Batas").selectOption("Bidang");
  await page.getByLabel("Sudut").fill("-6.1700, 106.1600\n-6.1700, 106.1612\n-6.1712, 106.1612\n-6.1712, 106.1600");
  await picture(page, "site-form");
  await page.keyboard.press("Escape");
  const hours = [
    { days: ["Mon", "Tue", "Wed", "Thu"], starts_minute: 450, ends_minute: 840 },
    { days: ["Fri"], starts_minute: 450, ends_minute: 690 },
    { days: ["Sat"], starts_minute: 450, ends_minute: 780 },
  ];
  await operator.post(`/v1/agencies/${agency}/schedules`, { name: "Enam hari, layanan", schedule: { kind: "week", hours } });
  await goTo(page, "schedules");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "schedules");
  await goTo(page, "schedules/baru");
  await expect(page.getByText("37 jam 30 menit seminggu")).toBeVisible();
  await page.getByLabel("Nama", { exact: true }).fill("Lima hari, loket");
  await picture(page, "schedule-week");
  await page.getByLabel("Regu", { exact: false }).first().check();
  await page.getByLabel("Nama", { exact: true }).fill("Regu");
  await expect(page.getByText("Setiap shift terisi setiap hari.")).toBeVisible();
  await picture(page, "schedule-teams");
  await page.getByLabel("Jumlah regu").scrollIntoViewIfNeeded();
  await picture(page, "schedule-teams-end");
  await page.getByRole("button", { name: "Simpan jam kerja" }).click();
  await expect(page.getByText("Tersimpan: Regu A", { exact: false })).toBeVisible();
  await page.getByRole("row").filter({ hasText: "Regu A" }).getByRole("button").click();
  await picture(page, "schedule");
  await page.getByRole("dialog").getByRole("button", { name: "Berikan" }).click();
  await expect(page.getByLabel("Untuk siapa")).toBeVisible();
  await picture(page, "schedule-give");
  await page.getByLabel("Untuk siapa").selectOption("Beberapa orang");
  await expect(page.getByRole("table", { name: "Beberapa orang" }).getByRole("checkbox").nth(1)).toBeVisible();
  await picture(page, "schedule-give-people");
  await goTo(page, "history");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "history");
});

test("notices to officials, and long work at the foot", async ({ page, request }) => {
  const operator = await as(request, of("agency_operator"));
  const { agency } = of("agency_operator");
  const today = date(0);
  const batch = await operator.post<{ id: string }>(`/v1/agencies/${agency}/batches`, { from: today, to: today, slot: "midday" });
  await operator.post(`/v1/batches/${batch.id}/submission`);
  const officer = await as(request, of("bkd_officer", null));
  const findings = [{ code: "remark", text: "Dua pegawai cuti tercatat WFH." }];
  await officer.post(`/v1/batches/${batch.id}/decision`, { decision: "reject", findings });
  await openDesk(page, "agency_operator", "kabar");
  await expect(page.getByRole("row").filter({ hasText: "Belum dibuka" }).first()).toBeVisible();
  await picture(page, "notices");
  await page.getByRole("row").filter({ hasText: "Belum dibuka" }).getByRole("link").first().click();
  await expect(page.getByRole("link", { name: "Buka", exact: true })).toBeVisible();
  await picture(page, "notice");
  await page.route("**/v1/batches/*/file", () => undefined);
  await goTo(page, `kiriman/${batch.id}`);
  await page.getByRole("button", { name: "ZIP" }).click();
  await expect(page.getByText(/^[2-9] detik$/)).toBeVisible();
  await picture(page, "work");
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("homes to verify", async ({ page }) => {
  await register(page, "Jl. Kontrakan No. 7, lantai dua");
  await openDesk(page, "agency_operator", "homes");
  await page.getByRole("table", { name: "Rumah" }).getByRole("link").first().click();
  await expect(page.getByRole("img", { name: /Peta rumah/ }).locator("text").first()).toBeVisible();
  await picture(page, "homes");
  await page.getByRole("button", { name: "Verifikasi" }).click();
  await expect(page.getByText("Tidak ada rumah yang menunggu.")).toBeVisible();
});

test("the roster of a month", async ({ page }) => {
  await issueCircular(page);
  await openDesk(page, "agency_operator", "roster");
  await page.getByRole("button", { name: "Buat jadwal" }).click();
  await picture(page, "roster-make");
  await page.getByRole("dialog").getByRole("button", { name: "Buat jadwal" }).click();
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await page.locator('td[data-row="1"][data-day="2"]').click();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("r");
  await page.getByLabel("Alasan").fill("Ada tamu dari pusat");
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await page.locator('td[data-row="5"][data-day="4"]').click();
  await page.getByLabel("Bagian hari yang diisi").selectOption("Paruh siang");
  const letter = ((await page.locator('td[data-row="5"][data-day="4"]').textContent()) ?? "").trim();
  await page.keyboard.press(letter === "K" ? "r" : "k");
  await expect(page.getByText("Tersimpan")).toBeVisible();
  await picture(page, "roster");
  await goTo(page, "roster");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await picture(page, "rosters");
});
