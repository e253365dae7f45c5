// What people ask for, from the request to the decision: corrections, leave with its letter, journeys, daily entries.
import { expect, type Page } from "@playwright/test";
import { expectNarrow, openDesk } from "./desk";
import { as, date, of, threeDays, uuid } from "./office";
import { demo, expectAccessible, test } from "./person";

// Several people sign in one after the other.
test.setTimeout(120_000);

async function openRow(page: Page, id: string, name: string): Promise<void> {
  await page.locator(`td a[href$="${id}"]`).click();
  await expect(page.getByRole("heading", { level: 2, name: new RegExp(name) })).toBeFocused();
}

async function nameOf(request: Parameters<typeof as>[0]): Promise<string> {
  const person = await as(request, of("employee"));
  return (await person.get<{ display_name: string }>("/v1/me")).display_name;
}

test("a correction is considered by the superior and decided by the operator", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  const name = await nameOf(request);
  const { id } = await person.post<{ id: string }>("/v1/corrections", {
    id: uuid(),
    date: demo().lived_on,
    slot: "afternoon",
    kind: "attended",
    reason: "Ponsel saya mati saat rapat koordinasi.",
    link: "https://berkas.bantenprov.go.id/notulen.pdf",
  });
  await openDesk(page, "superior", `koreksi/${id}`);
  await expect(page.getByText("Hari itu menurut layanan")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Sore" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Buka di berkas.bantenprov.go.id" })).toHaveAttribute("rel", "noopener noreferrer");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Kirim pertimbangan" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Pilih salah satu." })).toBeVisible();
  await page.getByLabel("Mendukung", { exact: true }).check();
  await page.getByRole("button", { name: "Kirim pertimbangan" }).click();
  await expect(page.getByText(`Pertimbangan Anda atas koreksi ${name} tersimpan.`)).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "agency_operator", "koreksi");
  await openRow(page, id, name);
  await expect(page.getByText("Didukung atasan")).toBeVisible();
  await expectNarrow(page);
  await page.getByLabel("Tidak diterima").check();
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Tuliskan alasannya" })).toBeVisible();
  await page.getByLabel("Diterima", { exact: true }).check();
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByText(`Koreksi ${name} diterima.`)).toBeVisible();
  const decided = await person.get<{ items: { id: string; state: string }[] }>("/v1/me/corrections");
  expect(decided.items.find((item) => item.id === id)?.state).toBe("accepted");
  await page.getByLabel("Yang ditampilkan").selectOption("done");
  await expect(page.getByRole("row").filter({ hasText: name }).first()).toBeVisible();
});

test("leave goes from the leave officer to its signed letter", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  const name = await nameOf(request);
  const [from, to] = threeDays();
  const { id } = await person.post<{ id: string }>("/v1/leave-requests", {
    id: uuid(), kind: "annual", from, to, reason: "Menikahkan adik di Pandeglang", address: "Jl. Raya Labuan 12, Pandeglang", submit: true,
  });
  await openDesk(page, "leave_officer", `cuti/${id}`);
  await expect(page.getByText("Menikahkan adik di Pandeglang")).toBeVisible();
  await expect(page.getByText(/rekan lain, semuanya ada/)).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Saldo dan berkas sesuai").check();
  await page.getByRole("button", { name: "Simpan" }).click();
  await expect(page.getByText(`Permohonan cuti ${name} diteruskan.`)).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  // The superior weighs dates, and does not see the reason.
  await openDesk(page, "superior", `cuti/${id}`);
  await expect(page.getByText("Alasan dan alamat hanya terlihat oleh pengelola cuti")).toBeVisible();
  await expect(page.getByText("Menikahkan adik di Pandeglang")).toHaveCount(0);
  await page.getByLabel("Perubahan tanggal").check();
  await expect(page.getByLabel("Mulai tanggal lain")).toBeVisible();
  await page.getByLabel("Disetujui", { exact: true }).check();
  await page.getByRole("button", { name: "Simpan" }).click();
  await expect(page.getByText(`Permohonan cuti ${name} diteruskan.`)).toBeVisible();
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "agency_head", `cuti/${id}`);
  await page.getByLabel("Disetujui", { exact: true }).check();
  await page.getByRole("button", { name: "Simpan" }).click();
  await expect(page.getByText(`Cuti ${name} disetujui.`)).toBeVisible();
  await page.getByRole("button", { name: "Terbitkan surat" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Terbitkan surat" }).click();
  await expect(page.getByText(`Surat cuti ${name} terbit.`)).toBeVisible();

  await page.getByLabel("Yang ditampilkan").selectOption("done");
  await openRow(page, id, name);
  await expect(page.getByText(/^Surat nomor /)).toBeVisible();
  const kept = page.waitForEvent("download");
  await page.getByRole("button", { name: "Unduh PDF" }).click();
  expect((await kept).suggestedFilename()).toMatch(/^surat-cuti-.*\.pdf$/);
  await page.getByRole("button", { name: "Keluar" }).click();

  await openDesk(page, "leave_officer", "cuti");
  await page.getByLabel("Yang ditampilkan").selectOption("done");
  await openRow(page, id, name);
  await page.getByRole("button", { name: "Batalkan cuti" }).click();
  await page.getByLabel("Alasan").fill("Acara keluarga ditunda.");
  await page.getByRole("dialog").getByRole("button", { name: "Batalkan cuti" }).click();
  await expect(page.getByText(`Cuti ${name} dibatalkan.`)).toBeVisible();
  await expect(page.getByText("Surat ini sudah dicabut.")).toBeVisible();
});

test("a journey is approved with the number of its letter", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  const name = await nameOf(request);
  const { id } = await person.post<{ id: string }>("/v1/duty-travels", {
    id: uuid(), destination_code: "36.04", from: date(17), to: date(18), purpose: "Pendampingan tanda tangan elektronik", basis: "Undangan Diskominfo Serang", virtual_alternative_considered: true, submit: true,
  });
  await openDesk(page, "superior", "dinas");
  await openRow(page, id, name);
  await expect(page.getByText("Pendampingan tanda tangan elektronik")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Disetujui", { exact: true }).check();
  await page.getByLabel("Nomor surat tugas (boleh kosong)").fill("800/12-ST/2026");
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByText(`Perjalanan ${name} disetujui.`)).toBeVisible();
  const read = await person.get<{ state: string; letter_number: string }>(`/v1/duty-travels/${id}`);
  expect([read.state, read.letter_number]).toEqual(["approved", "800/12-ST/2026"]);
});

test("only entries that were opened can be approved together", async ({ page, request }) => {
  const person = await as(request, of("employee"));
  const name = await nameOf(request);
  const entry = (start: string, end: string, description: string) => ({
    id: uuid(), work_date: date(-1), start, end, description, output: "Notulen",
  });
  const first = await person.post<{ id: string }>("/v1/activities", entry("08:00", "09:00", "Rapat koordinasi bidang"));
  const other = await person.post<{ id: string }>("/v1/activities", entry("10:00", "11:00", "Menyusun konsep surat edaran"));
  // A picture of one pixel behind the first.
  const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  for (const { id } of [first, other]) {
    const kept = await request.post(`/v1/activities/${id}/evidence`, { headers: { ...person.headers, "content-type": "image/png" }, data: pixel });
    expect(kept.status(), await kept.text()).toBeLessThan(300);
    await person.post(`/v1/activities/${id}/submission`);
  }
  await openDesk(page, "superior", "kegiatan");
  const row = ({ id }: { id: string }) => page.locator("tbody tr[data-index]").filter({ has: page.locator(`a[href$="${id}"]`) });
  const boxes = [first, other].map((entry) => row(entry).getByRole("checkbox"));
  for (const box of boxes) await expect(box).toBeDisabled();
  await openRow(page, first.id, name);
  await expect(page.getByText("Keputusan Anda")).toBeVisible();
  await page.getByRole("button", { name: /^Lihat gambar/ }).click();
  await expect(page.getByRole("img", { name: "Gambar bukti 1" })).toBeVisible();
  await expectAccessible(page);
  await expect(row(first).getByRole("checkbox")).toBeEnabled();
  await expect(row(other).getByRole("checkbox")).toBeDisabled();
  await row(first).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Setujui 1 yang dicentang" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Setujui" }).click();
  await expect(page.getByText("1 kegiatan disetujui.")).toBeVisible();
  await expect(row(first)).toHaveCount(0);

  await openRow(page, other.id, name);
  await page.getByLabel("Kembalikan", { exact: true }).check();
  await page.getByLabel("Catatan untuk pegawai", { exact: true }).fill("Lampirkan konsepnya.");
  await page.getByRole("button", { name: "Simpan keputusan" }).click();
  await expect(page.getByText(`Kegiatan ${name} dikembalikan`)).toBeVisible();
  const states = await Promise.all([first, other].map(async ({ id }) => (await person.get<{ state: string }>(`/v1/activities/${id}`)).state));
  expect(states).toEqual(["approved", "returned"]);
});

test("reports and notices of a team are empty, and say so", async ({ page }) => {
  // Whom the demonstration's draw asks for a word is not known before; this team is to have nobody.
  await page.route("**/v1/notices?*", (route) => route.fulfill({ json: { items: [], next_cursor: null } }));
  await openDesk(page, "superior", "laporan");
  await expect(page.getByText("Tidak ada laporan bulanan yang menunggu.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Pemberitahuan untuk diserahkan" }).click();
  await expect(page.getByText("Tidak ada pemberitahuan yang perlu diserahkan.")).toBeVisible();
  await expectAccessible(page);
});
