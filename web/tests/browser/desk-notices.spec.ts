// What the service tells officials: how many are not opened yet, the list, one of them, and the way on from it.
import { expect, type Page } from "@playwright/test";
import { expectNarrow, goTo, openDesk } from "./desk";
import { as, date, of } from "./office";
import { expectAccessible, official, test } from "./person";

interface Notice {
  id: string;
  title: string;
  kind: string;
  seen_at?: string | null;
}

/** The link in the head, with how many are not opened yet behind its word. */
const news = (page: Page) => page.getByRole("banner").getByRole("link", { name: /^Kabar/ });

test("an operator is told what BKD found, opens it and goes on to the batch", async ({ page, request }) => {
  const operator = await as(request, of("agency_operator"));
  const { agency } = of("agency_operator");
  const body = { from: date(0), to: date(0), slot: "afternoon" };
  const batch = await operator.post<{ id: string }>(`/v1/agencies/${agency}/batches`, body);
  await operator.post(`/v1/batches/${batch.id}/submission`);
  const officer = await as(request, of("bkd_officer", null));
  await officer.post(`/v1/batches/${batch.id}/decision`, { decision: "reject", findings: [{ code: "remark", text: "Dua pegawai cuti tercatat WFH." }] });
  const unseen = async () => (await operator.get<{ items: Notice[] }>("/v1/me/notices?unseen=true&limit=100")).items;
  const before = await unseen();
  const told = before.find(({ kind }) => kind === "batch_rejected");
  expect(told).toBeDefined();

  await openDesk(page, "agency_operator", "kiriman");
  await expect(news(page)).toHaveText(new RegExp(`^Kabar\\s*${before.length} belum dibuka$`));
  await expectAccessible(page);
  await news(page).click();
  await expect(page.getByRole("heading", { name: "Kabar untuk Anda" })).toBeFocused();
  await expect(page.getByRole("row").filter({ hasText: "Belum dibuka" })).toHaveCount(before.length);
  await expectAccessible(page);
  await expectNarrow(page);
  // The list alone opens nothing.
  expect(await unseen()).toHaveLength(before.length);

  await page.getByRole("row").filter({ hasText: told?.title ?? "" }).filter({ hasText: "Belum dibuka" }).getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: told?.title ?? "" })).toBeFocused();
  await expect(page.getByText("Dua pegawai cuti tercatat WFH.")).toBeVisible();
  await expect(news(page)).toHaveText(before.length === 1 ? /^Kabar\s*$/ : new RegExp(`^Kabar\\s*${before.length - 1} belum dibuka$`));
  expect((await unseen()).map(({ id }) => id)).not.toContain(told?.id);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("link", { name: "Buka", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`#/kiriman/${batch.id}$`));
  await expect(page.getByText("Dua pegawai cuti tercatat WFH.")).toBeVisible();
  await goTo(page, "kabar");
  await expect(page.getByRole("row").filter({ hasText: "Belum dibuka" })).toHaveCount(before.length - 1);
});

test("an official whom nothing was told sees an empty list, at both desks, and an old address says so", async ({ page }) => {
  await page.route("**/v1/me/notices?*", (route) => route.fulfill({ json: { items: [] } }));
  for (const [role, room] of [["bkd_officer", "desk"], ["bkd_auditor", "audit"]] as const) {
    await openDesk(page, role, "kabar", room);
    await expect(page.getByText("Belum ada kabar untuk Anda.")).toBeVisible();
    await expect(news(page)).toHaveText(/^Kabar\s*$/);
    await expect(news(page)).toHaveAttribute("aria-current", "page");
    await goTo(page, "kabar/019a0000-0000-7000-8000-000000000000");
    await expect(page.getByText("Kabar ini tidak lagi ada dalam daftar.")).toBeVisible();
    await page.getByRole("button", { name: "Keluar" }).click();
  }
});

test("every role may ask for its own notices", async ({ page, request }) => {
  for (const role of ["superior", "agency_head", "leave_officer", "bkd_officer", "bkd_head", "bkd_auditor", "administrator"]) {
    const someone = await as(request, official(role));
    const { items } = await someone.get<{ items: Notice[] }>("/v1/me/notices");
    expect(Array.isArray(items), role).toBe(true);
  }
  await openDesk(page, "superior", "kabar");
  await expect(page.getByRole("heading", { name: "Kabar untuk Anda" })).toBeVisible();
  await expectAccessible(page);
});

test("many notices are told as more than 99, and a full minute passes before they are counted again", async ({ page }) => {
  const one = (at: number) => ({ id: `019a0000-0000-7000-8000-${String(at).padStart(12, "0")}`, kind: "batch_accepted", title: `Kabar ${at}`, body: "Isi.", facts: {}, created_at: "2026-11-28T01:00:00.000Z" });
  let asked = 0;
  await page.route("**/v1/me/notices?*", (route) => {
    if (route.request().url().includes("unseen=true")) asked += 1;
    return route.fulfill({ json: { items: Array.from({ length: 100 }, (_, at) => one(at)) } });
  });
  await openDesk(page, "agency_operator", "people");
  await expect(news(page)).toHaveText(/^Kabar\s*99\+ belum dibuka$/);
  for (const place of ["units", "sites", "people"]) await goTo(page, place);
  await expect(page.getByRole("heading", { name: "Pegawai" })).toBeVisible();
  expect(asked).toBe(1);
});
