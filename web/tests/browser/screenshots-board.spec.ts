// Not a test: pictures of the desk's board, requests, batches and recap for people to look at. Made by `make screenshots`.
import { expect, type Page } from "@playwright/test";
import { goTo, openDesk } from "./desk";
import { as, date, of, uuid } from "./office";
import { demo, test } from "./person";
import { picture as take } from "./picture";

/** Those that are committed. */
const TELLING = ["desk-board-1440", "desk-board-360", "desk-leave-1440", "desk-batch-1440", "desk-recap-1440", "desk-recap-1440-dark"];
const picture = (page: Page, name: string) => take(page, `desk-${name}`, TELLING);
const rows = (page: Page) => expect(page.getByText(/^\d+ baris$/).first()).toBeVisible();

test.setTimeout(240_000);

test("the day", async ({ page }) => {
  await openDesk(page, "agency_operator", `hari-ini?tanggal=${demo().lived_on}`);
  await rows(page);
  await picture(page, "board");
  await goTo(page, "hari-ini");
  await rows(page);
  await picture(page, "board-today");
});

test("requests", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  await person.post("/v1/corrections", { id: uuid(), date: demo().lived_on, slot: "midday", kind: "attended", reason: "Ponsel saya mati saat rapat dengan BPS; notulen terlampir.", link: "https://berkas.bantenprov.go.id/notulen-27.pdf" });
  await person.post("/v1/leave-requests", { id: uuid(), kind: "annual", from: date(10), to: date(12), reason: "Menikahkan adik di Pandeglang", address: "Jl. Raya Labuan 12, Pandeglang", phone: "081234567890", submit: true });
  await person.post("/v1/duty-travels", { id: uuid(), destination_code: "36.04", from: date(17), to: date(18), purpose: "Pendampingan penerapan tanda tangan elektronik", basis: "Undangan Diskominfo Kabupaten Serang", virtual_alternative_considered: true, submit: true });
  await openDesk(page, "agency_operator", "koreksi");
  await rows(page);
  await picture(page, "corrections");
  await page.locator("td a").first().click();
  await expect(page.getByText("Hari itu menurut layanan")).toBeVisible();
  await picture(page, "correction");
});

test("leave and journeys", async ({ page }) => {
  await openDesk(page, "leave_officer", "cuti");
  await rows(page);
  await page.locator("td a").first().click();
  await expect(page.getByText("Rekan satu unit")).toBeVisible();
  await picture(page, "leave");
});

test("a journey", async ({ page }) => {
  await openDesk(page, "agency_head", "dinas");
  await rows(page);
  await page.locator("td a").first().click();
  await expect(page.getByText("Rekan satu unit")).toBeVisible();
  await picture(page, "travel");
});

test("daily entries", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  await person.post("/v1/activities", { id: uuid(), work_date: date(-1), start: "08:00", end: "10:30", description: "Menyusun konsep surat edaran pelaksanaan kerja dari rumah", output: "Konsep surat edaran", quantity: 1, unit: "dokumen", skp_item: "Penyusunan kebijakan", link: "https://naskah.bantenprov.go.id/konsep", submit: true });
  await openDesk(page, "superior", "kegiatan");
  await rows(page);
  await page.locator("td a").first().click();
  await expect(page.getByText("Keputusan Anda")).toBeVisible();
  await picture(page, "activity");
  await goTo(page, "laporan");
  await expect(page.getByText(/baris$/).first()).toBeVisible();
  await picture(page, "reports");
  await goTo(page, "pemberitahuan");
  await expect(page.getByText(/baris$/).first()).toBeVisible();
  await picture(page, "handover");
});

test("batches", async ({ page }) => {
  await openDesk(page, "agency_operator", "kiriman");
  await rows(page);
  await picture(page, "batches");
  await page.locator("td a").first().click();
  await rows(page);
  await expect(page.getByText("Tanda terima BKD")).toBeVisible();
  await picture(page, "batch");
});

test("batches at BKD", async ({ page }) => {
  await openDesk(page, "bkd_officer", `kiriman?tanggal=${demo().lived_on}`);
  await rows(page);
  await picture(page, "reports-of-agencies");
  await goTo(page, "gangguan");
  await page.getByText("Catat gangguan").click();
  await picture(page, "outages");
});

test("the recap", async ({ page }) => {
  await openDesk(page, "agency_operator", "rekap");
  await rows(page);
  await picture(page, "recap");
  await page.locator("td button").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await picture(page, "recap-person");
});
