// The table of every list: 10,000 rows, the keyboard, search, order, the file, and what it says when nothing comes.
import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { expectNarrow, openDesk } from "./desk";
import { expectAccessible, test } from "./person";

const PEOPLE = 10_000;
const FAMILIES = ["Lestari", "Sitorus", "Hidayat", "Wulandari", "Pratama", "Nasution", "Kurniawan"];

const person = (index: number) => ({
  id: `00000000-0000-7000-8000-${String(index).padStart(12, "0")}`,
  number: `19850312201001${String(index).padStart(4, "0")}`,
  number_printed: `19850312 201001 ${String(index).padStart(4, "0")}`,
  number_kind: "pns",
  name: index === 7 ? "=HYPERLINK(1)" : `Orang ${String(index).padStart(5, "0")} ${FAMILIES[index % FAMILIES.length]}`,
  unit_name: `Bidang ${index % 12}`,
  work_group: "administration",
  account_state: index % 10 === 0 ? "pending" : "active",
  valid_from: "2026-01-01",
});

/** The service's list, with more people than the demo has. */
async function crowd(page: Page): Promise<void> {
  await page.route("**/v1/agencies/*/employees?*", async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [from, limit] = [Number(query.get("cursor") ?? 0), Number(query.get("limit"))];
    const items = Array.from({ length: Math.min(limit, PEOPLE - from) }, (_, at) => person(from + at));
    await route.fulfill({ json: from + limit < PEOPLE ? { items, next_cursor: String(from + limit) } : { items } });
  });
}

const table = (page: Page) => page.getByRole("table", { name: "Pegawai" });
const region = (page: Page) => page.getByRole("group", { name: "Pegawai" });

test("10,000 rows scroll smoothly and few of them are drawn", async ({ page }) => {
  await crowd(page);
  await openDesk(page, "agency_operator", "people");
  await expect(table(page).getByRole("row")).not.toHaveCount(1);
  // Searching brings all; without a search the rest comes as it is scrolled to.
  await page.getByRole("searchbox").fill("orang");
  await expect(page.getByText("9.999 dari 10.000 baris")).toBeVisible();
  await page.getByRole("searchbox").fill("");
  await expect(page.getByText("10.000 baris", { exact: true })).toBeVisible();
  await expect(table(page)).toHaveAttribute("aria-rowcount", "10001");

  const { frames, most } = await region(page).evaluate(async (region) => {
    const frames: number[] = [];
    let most = 0;
    const next = () => new Promise<number>((resume) => requestAnimationFrame(resume));
    for (let step = 0; step < 120; step += 1) {
      await next();
      const began = performance.now();
      region.scrollTop += region.scrollHeight / 120;
      region.dispatchEvent(new Event("scroll"));
      // Until after the frame was drawn: a message comes behind it.
      await new Promise<void>((resume) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resume();
          port2.postMessage(undefined);
        });
      });
      frames.push(performance.now() - began);
      most = Math.max(most, region.querySelectorAll("tbody tr").length);
    }
    return { frames, most };
  });
  const median = [...frames].sort((one, other) => one - other)[frames.length / 2] ?? Infinity;
  console.log(`table: median frame ${median.toFixed(1)} ms, ${most} rows drawn at most`);
  expect(most).toBeLessThan(60);
  expect(median).toBeLessThan(100);
  await expect(page.getByRole("link", { name: "Orang 09999" })).toBeVisible();
});

test("a long list fills its width where columns are left out", async ({ page }) => {
  await crowd(page);
  await openDesk(page, "agency_operator", "people");
  await page.setViewportSize({ width: 768, height: 900 });
  await expect(page.getByRole("link", { name: "Orang 00000" })).toBeVisible();
  const left = await region(page).evaluate((region) => {
    const cells = [...region.querySelectorAll("tbody tr[data-index] td")].filter((cell) => cell.clientWidth > 0);
    const edge = Math.max(...cells.map((cell) => cell.getBoundingClientRect().right));
    return region.getBoundingClientRect().left + region.clientWidth - edge;
  });
  expect(left, "pixels without a column").toBeLessThan(4);
});

test("rows come as they are scrolled to", async ({ page }) => {
  await crowd(page);
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText("1.000 baris, sisanya sedang dimuat")).toBeVisible();
  await region(page).evaluate((region) => region.scrollTo({ top: region.scrollHeight }));
  await expect(page.getByText(/^[1-9][.]\d00 baris, sisanya sedang dimuat$/)).not.toHaveText(/^1[.]000/);
});

test("the keyboard moves between rows and opens one", async ({ page }) => {
  await crowd(page);
  await openDesk(page, "agency_operator", "people");
  await page.getByRole("link", { name: "Orang 00000" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: "Orang 00002" })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("link", { name: "Orang 00001" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("link", { name: "Orang 00999" })).toBeFocused();
  // A row that is scrolled away keeps the focus.
  await region(page).evaluate((region) => region.scrollTo({ top: 0 }));
  await expect(page.getByRole("link", { name: "Orang 00000" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Orang 00999" })).toBeFocused();
  await page.keyboard.press("Home");
  await expect(page.getByRole("link", { name: "Orang 00000" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/people\/00000000-0000-7000-8000-000000000000$/);
});

test("search, filters, order and the file, in which no formula runs", async ({ page }) => {
  await crowd(page);
  await openDesk(page, "agency_operator", "people");
  await page.getByRole("searchbox").fill("19850312 201001 0042");
  await expect(page.getByText("1 dari 10.000 baris")).toBeVisible();
  await page.getByRole("searchbox").fill("tidak ada yang begini");
  await expect(page.getByText("Tidak ada baris yang cocok.", { exact: false })).toBeVisible();
  await page.getByRole("searchbox").fill("");
  await page.getByLabel("Akun").selectOption("pending");
  await expect(page.getByText("1.000 dari 10.000 baris")).toBeVisible();
  await page.getByLabel("Akun").selectOption("");
  await page.getByRole("button", { name: "Nama" }).click();
  await page.getByRole("button", { name: "Nama" }).click();
  await expect(page.getByRole("columnheader", { name: "Nama" })).toHaveAttribute("aria-sort", "descending");
  await expect(table(page).getByRole("row").nth(1)).toContainText("Orang 09999");
  await page.getByRole("searchbox").fill("hyperlink");
  await expect(page.getByText("1 dari 10.000 baris")).toBeVisible();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Unduh CSV" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^pegawai-.+\.csv$/);
  const text = readFileSync(await file.path(), "utf8");
  expect(text).toBe("\ufeffNama;NIP;Unit kerja;Jabatan;Gol.;Akun\r\n'=HYPERLINK(1);19850312 201001 0007;Bidang 7;;;Aktif\r\n");
});

test("what could not be brought is said, and asked for again", async ({ page }) => {
  let isBroken = true;
  await page.route("**/v1/agencies/*/employees?*", (route) => (isBroken ? route.abort() : route.continue()));
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByRole("alert")).toContainText("Belum ada jaringan");
  isBroken = false;
  await page.getByRole("button", { name: "Coba lagi" }).click();
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("the list of people is for everybody, at every width", async ({ page }) => {
  await openDesk(page, "agency_operator", "people");
  await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
});
