// A person with a phone: what every browser test begins with, and what must hold in all of them.
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import type { Demo, SignIn } from "./demo";

export function demo(): Demo {
  return JSON.parse(process.env.SHERLOK_DEMO ?? "{}") as Demo;
}

/** An employee with a slot open now; there are two. */
export function employee(index: number): Required<SignIn> {
  const found = demo().sign_ins.filter((someone) => someone.position)[index];
  if (!found) throw new Error("the demo has no such employee");
  return found as Required<SignIn>;
}

/** An official of a role; of auditors there are two. */
export function official(role: string, index = 0): SignIn {
  const found = demo().sign_ins.filter((someone) => someone.role === role)[index];
  if (!found) throw new Error(`the demo has no ${role}`);
  return found;
}

/** Addresses of further services that a test has started. */
export const started = new Set<string>();

/** In every test: nothing leaves for another host, the policy is not broken, and the pages throw nothing. */
export const test = base.extend<{ quiet: void }>({
  // eslint-disable-next-line no-empty-pattern
  baseURL: async ({}, use) => use(demo().base_url),
  quiet: [
    async ({ context }, use) => {
      const strangers: string[] = [];
      const thrown: string[] = [];
      context.on("request", (request) => {
        const address = new URL(request.url());
        if (address.protocol.startsWith("http") && address.origin !== demo().base_url && !started.has(address.origin)) strangers.push(request.url());
      });
      context.on("weberror", (error) => thrown.push(String(error.error())));
      context.on("console", (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) thrown.push(message.text());
      });
      await use();
      expect(strangers, "requests to other hosts").toEqual([]);
      expect(thrown, "errors and broken policies").toEqual([]);
    },
    { auto: true },
  ],
});

export async function signIn(page: Page, someone: SignIn): Promise<void> {
  await page.goto("/app/");
  await fillIn(page, someone);
}

export async function fillIn(page: Page, someone: Pick<SignIn, "username" | "password">): Promise<void> {
  await page.getByLabel("NIP atau nama pengguna").fill(someone.username);
  await page.getByLabel("Kata sandi", { exact: true }).fill(someone.password);
  await page.getByRole("button", { name: "Masuk" }).click();
  await expect(page.getByRole("button", { name: "Keluar" })).toBeVisible();
}

/** Stands at the person's place of duty, give or take so many metres. */
export async function standAtHome(page: Page, someone: Required<SignIn>, accuracy = 12): Promise<void> {
  await page.context().grantPermissions(["geolocation"]);
  await page.context().setGeolocation({ ...someone.position, accuracy });
}

/** Presses the button, and reads the notice where it is shown. */
export async function share(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Bagikan (lokasi|lagi)$/ }).click();
  const notice = page.getByRole("button", { name: "Mengerti, lanjutkan" });
  const further = page.getByRole("heading", { name: /Mencari lokasi|Diterima|Tersimpan|Izin lokasi|Mengirim/ });
  await notice.or(further).first().waitFor();
  if (await notice.isVisible()) await notice.click();
}

/** The page, from the second opening on, comes from the service worker. */
export async function untilKept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resume) => navigator.serviceWorker.addEventListener("controllerchange", resume, { once: true }));
  });
}

/** Every finding of axe that would keep somebody out. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** The ids of the person's shares, as the service lists them. */
export async function delivered(page: Page, someone: SignIn): Promise<string[]> {
  const { username, password } = someone;
  const signed = await page.request.post("/v1/sessions", { data: { username, password } });
  const { access_token } = (await signed.json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${access_token}` };
  const listed = await page.request.get("/v1/me/check-ins?limit=200", { headers });
  return ((await listed.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
}
