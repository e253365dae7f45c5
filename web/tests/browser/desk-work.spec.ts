// Long work: downloads and sealing show how far they are, go on while other pages are looked at, and are told when they are done.
import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { goTo, openDesk } from "./desk";
import { date } from "./office";
import { demo, expectAccessible, test } from "./person";

const works = (page: Page) => page.getByRole("complementary", { name: "Pekerjaan yang berjalan" });

test.setTimeout(120_000);

/** A file of the service whose bytes come when the test lets them: in the page, what the service answers is handed on piece by piece. */
async function slowFile(page: Page, ending: string, length: number | undefined): Promise<(piece: string | null) => Promise<void>> {
  await page.evaluate(
    ({ ending, length }) => {
      const real = window.fetch.bind(window);
      const stage = window as unknown as { piece: (piece: string | null) => void };
      window.fetch = async (input, init) => {
        const request = new Request(input, init);
        if (!new URL(request.url).pathname.endsWith(ending)) return real(request);
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            stage.piece = (piece) => (piece === null ? controller.close() : controller.enqueue(new TextEncoder().encode(piece)));
          },
        });
        return new Response(body, { headers: length === undefined ? {} : { "content-length": String(length) } });
      };
    },
    { ending, length },
  );
  return (piece) => page.evaluate((piece) => (window as unknown as { piece: (piece: string | null) => void }).piece(piece), piece);
}

test("a download tells its bytes, goes on while another page is looked at, and is kept", async ({ page }) => {
  await openDesk(page, "agency_operator", `rekap/${demo().lived_on.slice(0, 7)}`);
  const send = await slowFile(page, ".csv", 4_000);
  await page.getByRole("button", { name: "Unduh CSV" }).last().click();
  await expect(works(page).getByText(/^Mengunduh rekap-.*\.csv$/)).toBeVisible();
  await expect(works(page).getByText(/^\d+ detik$/)).toBeVisible();
  await send("a".repeat(1_000));
  await expect(works(page).getByText("1 kB dari 4 kB")).toBeVisible();
  await expect(works(page).getByRole("progressbar")).toHaveAttribute("value", "1000");
  await expectAccessible(page);
  await goTo(page, "people");
  await expect(page.getByRole("heading", { name: "Pegawai" })).toBeVisible();
  await send("b".repeat(3_000));
  const kept = page.waitForEvent("download");
  await send(null);
  const file = await kept;
  expect(file.suggestedFilename()).toMatch(/^rekap-.*\.csv$/);
  expect(readFileSync(await file.path(), "utf8")).toBe("a".repeat(1_000) + "b".repeat(3_000));
  await expect(works(page).getByText("Tersimpan di unduhan.")).toBeVisible();
  // What is kept needs no more telling on the next page.
  await goTo(page, "units");
  await expect(works(page)).toHaveCount(0);
});

test("a download of unknown length tells what came and for how long, and can be stopped", async ({ page }) => {
  await openDesk(page, "agency_operator", `rekap/${demo().lived_on.slice(0, 7)}`);
  const send = await slowFile(page, ".xlsx", undefined);
  let isKept = false;
  page.on("download", () => (isKept = true));
  await page.getByRole("button", { name: "Unduh XLSX" }).click();
  await send("x".repeat(150_000));
  await expect(works(page).getByText(/^0,2 MB, \d+ detik$/)).toBeVisible();
  await expect(works(page).getByRole("progressbar")).not.toHaveAttribute("value");
  await works(page).getByRole("button", { name: "Hentikan" }).click();
  await send("x");
  await expect(works(page).getByText("Dihentikan.")).toBeVisible();
  expect(isKept).toBe(false);
});

test("sealing can be left, and its result is offered when it is done", async ({ page }) => {
  let answer: () => void = () => undefined;
  const waits = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/v1/agencies/*/batches", async (route) => {
    await waits;
    await route.continue();
  });
  await openDesk(page, "agency_operator", "kiriman");
  await page.getByText("Segel hari atau periode lain").click();
  await page.getByLabel("Sesi", { exact: true }).selectOption("Siang");
  await page.locator("form").getByRole("button", { name: "Segel dan periksa" }).click();
  await expect(works(page).getByText(/^Menyegel .*, Siang$/)).toBeVisible();
  await expect(works(page).getByText(/^[1-9]\d* detik$/)).toBeVisible();
  await expectAccessible(page);
  await goTo(page, "people");
  await expect(page.getByRole("heading", { name: "Pegawai" })).toBeVisible();
  answer();
  await expect(works(page).getByText("Sudah disegel.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Pegawai" })).toBeVisible();
  await works(page).getByRole("link", { name: "Lihat hasil" }).click();
  await expect(page).toHaveURL(/#\/kiriman\/[0-9a-f-]{36}$/);
  await expect(page.locator("b", { hasText: "Disegel, belum dikirim" })).toBeVisible();
});

test("what sealing refuses is told in its form, once", async ({ page }) => {
  await openDesk(page, "agency_operator", "kiriman");
  await page.getByText("Segel hari atau periode lain").click();
  await page.getByLabel("Dari tanggal").fill(date(-1));
  await page.getByLabel("Sampai tanggal").fill(date(-3));
  await page.locator("form").getByRole("button", { name: "Segel dan periksa" }).click();
  await expect(page.getByRole("alert").getByRole("listitem")).not.toHaveCount(0);
  await expect(works(page)).toHaveCount(0);
});
