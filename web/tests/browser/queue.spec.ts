// The queue: what was captured without a network, or while a token or an answer was lost, is delivered once.
import { expect, type Page } from "@playwright/test";
import { delivered, employee, expectAccessible, fillIn, share, signIn, standAtHome, test, untilKept } from "./person";

const person = () => employee(1);

/** Opens the phone where a share can be made. */
async function ready(page: Page): Promise<string[]> {
  await standAtHome(page, person());
  await signIn(page, person());
  await untilKept(page);
  return delivered(page, person());
}

async function keepOne(page: Page): Promise<void> {
  await share(page);
  await expect(page.getByRole("heading", { name: "Tersimpan di ponsel" })).toBeVisible();
}

/** Replaces what the phone holds of its session. */
async function spoil(page: Page, values: Record<string, unknown>): Promise<void> {
  await page.evaluate(async (values) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("sherlok-phone");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    await new Promise<void>((resolve) => {
      const change = database.transaction("kept", "readwrite");
      const store = change.objectStore("kept");
      const read = store.get("session");
      read.onsuccess = () => void store.put({ ...read.result, ...values }, "session");
      change.oncomplete = () => resolve();
    });
    database.close();
  }, values);
}

test("three shares without a network survive a reload and a new service worker, and are delivered once, in order", async ({ page, context }) => {
  const before = await ready(page);
  await context.setOffline(true);
  for (let index = 0; index < 3; index += 1) {
    await keepOne(page);
    if (index === 0) await expectAccessible(page);
    await page.getByRole("button", { name: "Selesai" }).click();
  }
  await expect(page.getByRole("heading", { name: "Menunggu dikirim (3)" })).toBeVisible();
  await expect(page.getByText("Tidak ada jaringan.")).toBeVisible();
  await expectAccessible(page);

  const devtools = await context.newCDPSession(page);
  await devtools.send("ServiceWorker.enable");
  await devtools.send("ServiceWorker.stopAllWorkers");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Menunggu dikirim (3)" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Bekerja dari rumah" })).toBeVisible();
  expect(await delivered(page, person())).toEqual(before);

  await context.setOffline(false);
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);
  const after = await delivered(page, person());
  // Newest first in the list, and ids begin with their time.
  expect(after.length).toBe(before.length + 3);
  const fresh = after.filter((id) => !before.includes(id));
  expect(fresh).toEqual([...fresh].sort().reverse());
});

test("a share whose answer was lost is sent again and counted once", async ({ page }) => {
  const before = await ready(page);
  await page.route("**/v1/check-ins/batch", async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await keepOne(page);
  expect((await delivered(page, person())).length).toBe(before.length + 1);
  await page.getByRole("button", { name: "Selesai" }).click();
  await page.getByRole("button", { name: "Kirim sekarang" }).click();
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);
  expect((await delivered(page, person())).length).toBe(before.length + 1);
});

test("a full service is asked again by itself", async ({ page }) => {
  const before = await ready(page);
  const body = JSON.stringify({ type: "/problems#busy", title: "Sedang penuh", status: 503, code: "busy" });
  const headers = { "Retry-After": "1", "Content-Type": "application/problem+json" };
  await page.route("**/v1/check-ins/batch", (route) => route.fulfill({ status: 503, headers, body }), { times: 1 });
  await keepOne(page);
  await expect(page.getByRole("heading", { name: "Tersimpan", exact: true })).toBeVisible();
  expect((await delivered(page, person())).length).toBe(before.length + 1);
});

test("a share that can't be taken is kept with the reason until the person removes it", async ({ page }) => {
  await ready(page);
  const message = "Lokasi ini diambil lebih dari 31 hari yang lalu.";
  const problem = { type: "/problems#invalid", title: "Isian belum benar", status: 422, code: "invalid", fields: [{ field: "captured_at", code: "too_old", message }] };
  await page.route("**/v1/check-ins/batch", (route) => route.fulfill({ json: { results: [{ status: 422, problem }] } }), { times: 1 });
  await share(page);
  await expect(page.getByRole("heading", { name: "Tidak dapat diterima" })).toBeVisible();
  await expect(page.getByText(message)).toBeVisible();
  await expectAccessible(page);
  await page.goto("/app/");
  await page.reload();
  await expect(page.getByText(message)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Hapus dari daftar" }).click();
  await expect(page.getByText(message)).toHaveCount(0);
});

test("a token that ran out while a share waited is exchanged", async ({ page, context }) => {
  const before = await ready(page);
  await context.setOffline(true);
  await keepOne(page);
  await spoil(page, { access_token: "habis" });
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "Tersimpan", exact: true })).toBeVisible();
  expect((await delivered(page, person())).length).toBe(before.length + 1);
});

test("a session that ended asks for a sign-in, and what waited is sent afterwards", async ({ page, context }) => {
  const before = await ready(page);
  await context.setOffline(true);
  await keepOne(page);
  await spoil(page, { access_token: "habis", refresh_token: "habis", expires_at: 0 });
  await context.setOffline(false);
  await expect(page.getByText("Sesi Anda berakhir.")).toBeVisible();
  await expect(page.getByText("1 lokasi menunggu di ponsel ini")).toBeVisible();
  // Somebody else's session does not send it.
  await fillIn(page, employee(0));
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);
  expect(await delivered(page, person())).toEqual(before);
  await page.getByRole("button", { name: "Keluar" }).click();
  await expect(page.getByText("1 lokasi menunggu di ponsel ini")).toBeVisible();
  await fillIn(page, person());
  await expect(async () => {
    expect((await delivered(page, person())).length).toBe(before.length + 1);
  }).toPass();
});

test("signing out with shares that wait is asked about first", async ({ page, context }) => {
  await ready(page);
  await context.setOffline(true);
  await keepOne(page);
  await page.getByRole("button", { name: "Selesai" }).click();
  await page.getByRole("button", { name: "Keluar" }).click();
  await expect(page.getByText("1 lokasi belum terkirim.")).toBeVisible();
  await page.getByRole("button", { name: "Batal" }).click();
  await context.setOffline(false);
  await expect(page.getByText("Menunggu dikirim")).toHaveCount(0);
});

test("a phone that threw its storage away begins anew", async ({ page, context }) => {
  await ready(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: new URL(page.url()).origin, storageTypes: "all" });
  await page.reload();
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  await fillIn(page, person());
});

test("the page opens without a network, and can be installed", async ({ page, context }) => {
  await ready(page);
  const devtools = await context.newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  await context.setOffline(true);
  await page.goto("/app/");
  await expect(page.getByRole("heading", { name: "Bekerja dari rumah" })).toBeVisible();
});
