// One's own data: a home registered where one stands, who looked, the calendar, the password; all of it opens without a network.
import { expect } from "@playwright/test";
import { caller } from "./calls";
import { employee, expectAccessible, official, signIn, standAtHome, test, untilKept } from "./person";

interface Home {
  id: string;
  address: string;
  state: string;
  rank: string;
}

test("a home is registered where one stands, waits, and whoever looks is told", async ({ page }) => {
  const person = employee(1);
  await page.clock.install();
  await standAtHome(page, person, 40);
  await signIn(page, person);
  await untilKept(page);
  await page.getByRole("link", { name: "Data saya" }).click();
  await expect(page.getByRole("heading", { name: "Data saya" })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Rumah terdaftar" }).click();
  await expect(page.getByText("terverifikasi").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Daftarkan rumah" }).click();
  await expect(page.getByRole("heading", { name: "Berdirilah di rumah Anda" })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Ambil titik di sini" }).click();
  await expect(page.getByText("40 m", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Pakai titik ini" }).click();
  await expect(page.getByRole("heading", { name: "Titik rumah Anda" })).toBeFocused();
  await expect(page.getByRole("img", { name: /akurasi 40 meter/ })).toBeVisible();
  await expect(page.getByText(/dekati jendela lalu ambil lagi/)).toBeVisible();
  await expectAccessible(page);
  await standAtHome(page, person, 8);
  await page.getByRole("button", { name: "Ambil lagi" }).click();
  await expect(page.getByText("Tepat sampai 8 m.")).toBeVisible();
  await page.getByRole("button", { name: "Pakai titik ini" }).click();
  await page.getByRole("button", { name: "Kirim untuk verifikasi" }).click();
  await expect(page.getByRole("alert")).toHaveText(/setidaknya lima huruf/);
  const address = "Jalan Melati 4 RT 02/RW 05, Kelurahan Contoh";
  await page.getByLabel("Alamat lengkap").fill(address);
  await page.getByLabel("Rumah kedua, di samping yang utama").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Kirim untuk verifikasi" }).click();
  await expect(page.getByText("menunggu verifikasi")).toBeVisible();
  await expect(page.getByText(address)).toBeVisible();

  const own = await caller(page, person);
  const { items } = await own.get<{ items: Home[] }>("/v1/me/homes");
  const home = items.find((one) => one.address === address);
  expect([home?.state, home?.rank]).toEqual(["submitted", "secondary"]);

  const operator = official("agency_operator");
  await (await caller(page, operator)).get(`/v1/homes/${home?.id}`);
  await page.goto("/app/#/akses");
  await expect(page.getByText("Memverifikasi rumah").first()).toBeVisible();
  await expect(page.getByText(/Dilihat: titik lokasi, akurasi/).first()).toBeVisible();
  await expectAccessible(page);
});

test("a calendar address is made, shown once, and taken back", async ({ page, context }) => {
  const person = employee(0);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, person);
  await page.goto("/app/#/kalender");
  await page.getByRole("button", { name: "Buat alamat kalender" }).click();
  const address = await page.getByLabel("Alamat kalender").inputValue();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Salin" }).click();
  await expect(page.getByText("Tersalin.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
  expect(await (await page.request.get(address)).text()).toContain("BEGIN:VCALENDAR");
  await expect(page.getByRole("link", { name: "Buka di kalender" })).toHaveAttribute("href", address.replace("http:", "webcal:"));
  await page.reload();
  await expect(page.getByText(/Ada alamat sejak/)).toBeVisible();
  await expect(page.getByLabel("Alamat kalender")).toHaveCount(0);
  await page.getByRole("button", { name: "Cabut alamat" }).click();
  await expect(page.getByRole("button", { name: "Buat alamat kalender" })).toBeVisible();
  expect((await page.request.get(address)).status()).toBe(404);
});

test("the password is changed, and this phone stays signed in", async ({ page }) => {
  const person = official("superior");
  const next = "empat kata yang baru";
  await signIn(page, person);
  await page.goto("/app/#/sandi");
  await page.getByLabel("Kata sandi sekarang").fill(person.password);
  await page.getByLabel("Kata sandi baru").fill("pendek");
  await page.getByRole("button", { name: "Ganti kata sandi" }).click();
  await expect(page.getByRole("alert")).toHaveText(/setidaknya 10 huruf/);
  await expectAccessible(page);
  await page.getByLabel("Kata sandi baru").fill(next);
  await page.getByRole("button", { name: "Ganti kata sandi" }).click();
  await expect(page.getByRole("button", { name: "Keluar" })).toBeVisible();
  await page.goto("/app/#/data");
  await expect(page.getByText(person.username)).toBeVisible();
  // As it was, for the tests after this one.
  const own = await caller(page, { ...person, password: next });
  const headers = { Authorization: `Bearer ${own.token}` };
  const back = await page.request.put("/v1/me/password", { headers, data: { current_password: next, new_password: person.password } });
  expect(back.status()).toBe(204);
});

test("every page opens without a network, says what it knew, and fits a screen of 320 pixels", async ({ page, context }) => {
  test.setTimeout(120_000);
  const person = employee(0);
  const pages = ["kabar", "catatan", "kegiatan", "kegiatan/baru", "laporan", "bulan", "koreksi", "cuti", "cuti/baru", "rumah", "data", "disimpan", "akses", "dinas", "tanda", "sandi", "catatan/semua", "kalender"];
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, person);
  await untilKept(page);
  const heading = page.getByRole("heading", { level: 1 });
  for (const address of pages) {
    await page.goto(`/app/#/${address}`);
    await expect(heading).toBeFocused();
    await page.waitForLoadState("networkidle");
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), address).toBe(0);
    await expectAccessible(page);
  }
  await context.setOffline(true);
  await page.goto("/app/");
  await page.reload();
  for (const address of pages) {
    await page.goto(`/app/#/${address}`);
    await expect(heading).toBeFocused();
    await expect(page.getByText(/belum pernah dimuat/), address).toHaveCount(0);
  }
});

test("the notice says how long this service keeps what it is sent, and whom to ask, also without a network", async ({ page, context }) => {
  const told = async () => {
    await expect(page.getByText("Titik disimpan terenkripsi dan dihapus 120 hari sesudah akhir bulannya.")).toBeVisible();
    await expect(page.getByText("Kiriman tanpa titiknya disimpan 5 tahun")).toBeVisible();
    await expect(page.getByText("PPDP Provinsi Banten, ppdp@banten.example")).toBeVisible();
  };
  await signIn(page, employee(0));
  await untilKept(page);
  await page.getByRole("button", { name: "Apa yang diproses" }).click();
  await told();
  await expectAccessible(page);
  await page.goto("/app/#/disimpan");
  await expect(page.getByText(/Dihapus 120 hari sesudah akhir bulannya/)).toBeVisible();
  await expect(page.getByText("PPDP Provinsi Banten, ppdp@banten.example")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/Dihapus 120 hari sesudah akhir bulannya/)).toBeVisible();
  await page.goto("/app/#/pemberitahuan");
  await told();
  await context.setOffline(false);
});
