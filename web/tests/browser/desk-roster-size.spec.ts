// A roster of a large agency: 800 people and every day of a month. How soon it is there, how it scrolls, and how soon a change is seen.
import { expect, type Page } from "@playwright/test";
import { openDesk } from "./desk";
import { expectAccessible, test } from "./person";

const PEOPLE = 800;
const DATES = Array.from({ length: 31 }, (_, day) => `2026-12-${String(day + 1).padStart(2, "0")}`);
const ID = "00000000-0000-7000-8000-00000000abcd";
const MODES = ["wfo", "wfh", "wfo", "wfh", "picket", "wfo", "wfa"] as const;

const entry = (index: number) => {
  const [day, person] = [Math.floor(index / PEOPLE), index % PEOPLE];
  return {
    employee_id: `00000000-0000-7000-8000-${String(person).padStart(12, "0")}`,
    name: `Orang ${String(person).padStart(3, "0")} Contoh`,
    date: DATES[day],
    mode: MODES[(day + person) % MODES.length],
    ...(index % 97 === 0 ? { afternoon_mode: "wfo" } : {}),
    sentence: "Giliran di rumah menurut SE 9 Tahun 2026.",
    reason: {},
    is_by_hand: false,
  };
};

const none = { items: [], broken_rules: 0, total: 0 };
const view = (version: number) => ({
  id: ID, from: DATES[0], to: DATES.at(-1), state: "draft", version, agency: "diskominfo", created_at: "2026-11-28T00:00:00Z", checked_at: "2026-11-28T00:00:00Z",
  is_late: false, days: DATES.map((date) => ({ date, modes: {} })), shortfalls: none, findings: none, remarks: [], stands_on: [],
});

/** The service's roster, larger than any of the demo. Gives the changes that it was sent. */
async function largeRoster(page: Page): Promise<{ items: unknown[] }[]> {
  const sent: { items: unknown[] }[] = [];
  await page.route(`**/v1/rosters/${ID}`, (route) => route.fulfill({ json: view(1) }));
  await page.route(`**/v1/rosters/${ID}/entries**`, async (route) => {
    if (route.request().method() === "PUT") {
      sent.push(route.request().postDataJSON() as { items: unknown[] });
      await route.fulfill({ json: view(1 + sent.length) });
      return;
    }
    const query = new URL(route.request().url()).searchParams;
    const [from, limit] = [Number(query.get("cursor") ?? 0), Number(query.get("limit"))];
    const all = PEOPLE * DATES.length;
    const items = Array.from({ length: Math.min(limit, all - from) }, (_, at) => entry(from + at));
    await route.fulfill({ json: from + limit < all ? { items, next_cursor: String(from + limit) } : { items } });
  });
  return sent;
}

/** Milliseconds from a deed to the end of the frame in which it is seen, each of so many times. */
async function latencies(page: Page, times: number, deed: "scroll" | "key"): Promise<number[]> {
  return page.locator(".region").evaluate(
    async (region, { times, deed }) => {
      const found: number[] = [];
      const drawn = () =>
        new Promise<void>((resume) => {
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resume();
            port2.postMessage(undefined);
          });
        });
      for (let time = 0; time < times; time += 1) {
        await drawn();
        const began = performance.now();
        if (deed === "scroll") {
          region.scrollTop += region.scrollHeight / times;
          region.dispatchEvent(new Event("scroll"));
        } else {
          document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: time % 2 === 0 ? "m" : "r", bubbles: true, cancelable: true }));
        }
        await drawn();
        found.push(performance.now() - began);
      }
      return found;
    },
    { times, deed },
  );
}

const at = (found: number[], part: number) => [...found].sort((one, other) => one - other)[Math.min(found.length - 1, Math.floor(found.length * part))] ?? Infinity;

test("800 people and 31 days: it is there soon, scrolls, and shows a change at once", async ({ page }) => {
  test.setTimeout(180_000);
  const sent = await largeRoster(page);
  await openDesk(page, "agency_operator");
  const began = Date.now();
  await page.evaluate((id) => (location.hash = `#/roster/${id}`), ID);
  const grid = page.getByRole("grid");
  await expect(grid).toBeVisible();
  const first = Date.now() - began;
  await expect(page.getByText("Tersimpan")).toBeVisible({ timeout: 120_000 });
  const whole = Date.now() - began;
  await expect(grid).toHaveAttribute("aria-rowcount", "801");
  expect(await grid.locator("tbody tr").count()).toBeLessThan(60);

  const scrolled = await latencies(page, 100, "scroll");
  expect(await grid.locator("tbody tr").count()).toBeLessThan(60);
  await page.locator(".region").evaluate((region) => region.scrollTo({ top: 0 }));

  await page.locator('td[data-row="1"][data-day="2"]').click();
  await page.keyboard.press("r");
  await page.getByLabel("Alasan").fill("Uji besar");
  await page.getByRole("button", { name: "Lanjutkan" }).click();
  await page.locator('td[data-row="1"][data-day="2"]').click();
  const typed = await latencies(page, 40, "key");

  // A whole day of everybody: 800 cells at once.
  await page.locator('td[data-row="0"][data-day="5"]').click();
  await page.locator(".region").evaluate((region) => region.scrollTo({ top: region.scrollHeight }));
  await page.locator('td[data-row="799"][data-day="5"]').click({ modifiers: ["Shift"] });
  await expect(page.getByText("800 hari dipilih.")).toBeVisible();
  const filled = await latencies(page, 6, "key");
  await expect(page.getByText("Tersimpan")).toBeVisible({ timeout: 30_000 });
  expect(Math.max(...sent.map(({ items }) => items.length))).toBeGreaterThan(500);

  const told = (found: number[]) => `median ${at(found, 0.5).toFixed(0)} ms, 95 % ${at(found, 0.95).toFixed(0)} ms`;
  console.log(`roster of ${PEOPLE}: grid ${first} ms, whole ${whole} ms; scrolling ${told(scrolled)}; one cell ${told(typed)}; 800 cells ${told(filled)}`);
  expect(at(scrolled, 0.5)).toBeLessThan(150);
  expect(at(typed, 0.5)).toBeLessThan(150);
  expect(at(filled, 0.5)).toBeLessThan(600);
  await expectAccessible(page);
});
