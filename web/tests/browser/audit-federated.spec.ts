// Agencies with an instance of their own: why they can't be planned yet, and which batches a plan's slots came from. The demo
// has none, so that the service's own answers are shown with one in place of another; then two services do it in earnest.
import { expect, type Page } from "@playwright/test";
import type { components } from "../../generated/schema";
import { DICE, planned } from "./audits";
import { expectNarrow, openDesk } from "./desk";
import { bringDay, registerKey, startPair, type Pair } from "./pair";
import { expectAccessible, test } from "./person";

type Audit = components["schemas"]["AuditView"];
type Case = components["schemas"]["CaseView"];
type File = components["schemas"]["CaseFileView"];

interface Counted {
  agencies: { agency: string; population: number; refusals: { code: string; message: string }[] }[];
}

test("an agency whose batches are not complete says which are missing and can't be chosen", async ({ page }) => {
  const message = "1 tanggal belum ada dalam kiriman yang diterima: 2026-03-02 (siang, sore).";
  await page.route("**/v1/audit-population?*", async (route) => {
    const answer = await route.fetch();
    const told = (await answer.json()) as Counted;
    for (const one of told.agencies) if (one.agency === "bkd") one.refusals = [{ code: "batch_missing", message }];
    await route.fulfill({ response: answer, json: told });
  });
  await openDesk(page, "bkd_officer", "rencana/baru", "audit");
  const box = page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ });
  await expect(page.getByText(message)).toBeVisible();
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleDescription(message);
  // Under the agency's name, not under its box.
  const words = page.locator("label", { has: box }).locator("span");
  await expect(words).toHaveText(["Badan Kepegawaian Daerah", "Belum dapat direncanakan"]);
  const [name, why] = [await words.first().boundingBox(), await words.last().boundingBox()];
  expect(why?.x).toBe(name?.x);
  expect(name?.x).toBeLessThan(((await box.boundingBox())?.x ?? 0) + 40);
  await expectAccessible(page);
  await expectNarrow(page);
});

test("a plan tells which batches its slots came from and of whom they tell nothing", async ({ page }) => {
  const { id } = await planned(page);
  await page.route(`**/v1/audits/${id}`, async (route) => {
    const answer = await route.fetch();
    const audit = (await answer.json()) as object;
    const batch = { id: "019cac40-0000-7000-8000-000000000001", from: "2026-03-02", to: "2026-03-02", version: 2, slots: 3 };
    const source = { agency: "bkd", batches: [batch, { ...batch, id: batch.id.replace(/1$/, "2"), slot: "midday" }], unlisted: 1, unlisted_numbers: ["198609262010051905"] };
    await route.fulfill({ response: answer, json: { ...audit, federated: [source] } });
  });
  await openDesk(page, "bkd_officer", `undian/${id}`, "audit");
  await page.getByRole("button", { name: "Populasi" }).first().click();
  await expect(page.getByText("1 pegawai di daftar BKD tidak ada dalam kiriman periode ini: 198609262010051905.")).toBeVisible();
  await page.getByText(/^Kiriman yang dipakai: /).click();
  await expect(page.getByRole("listitem").filter({ hasText: "versi 2" })).toHaveCount(2);
  await expect(page.getByText(/Siang, versi 2/)).toBeVisible();
  await expectAccessible(page);
  await expectNarrow(page);
});

test.describe("with an agency's own instance", () => {
  test.describe.configure({ mode: "serial" });
  test.setTimeout(120_000);

  /** No audit of the demo is about its day, and one phone of it says that its position is made up. */
  const HELD = "bkd";
  let pair: Pair;
  let audit: Audit;

  test.beforeAll(async () => {
    test.setTimeout(300_000);
    pair = await startPair();
  });
  test.afterAll(async () => pair?.stop());

  /** Opens the form of a plan of the day that the demo lived, or with so many days before it. */
  async function openForm(page: Page, before = 0): Promise<void> {
    const { lived_on } = pair.bkd;
    await pair.bkd.open(page, "bkd_officer", "rencana/baru", "audit");
    await page.getByLabel("Dari tanggal").fill(new Date(Date.parse(lived_on) - before * 86_400_000).toISOString().slice(0, 10));
    await page.getByLabel("Sampai tanggal").fill(lived_on);
  }

  /** Opens the first case of which that holds, by whichever auditor has it. */
  async function openCase(page: Page, holds: (file: File) => boolean): Promise<File> {
    for (const auditor of [0, 1]) {
      const headers = await pair.bkd.as(page.request, "bkd_auditor", auditor);
      const get = async <Answer>(path: string) => (await (await page.request.get(`${pair.bkd.base_url}${path}`, { headers })).json()) as Answer;
      const { items } = await get<{ items: Case[] }>(`/v1/audits/${audit.id}/cases?limit=200`);
      for (const one of items.filter(({ part, state }) => part === "review" && state === "assigned")) {
        const file = await get<File>(`/v1/cases/${one.id}?purpose=case_review`);
        if (!holds(file)) continue;
        await pair.bkd.open(page, "bkd_auditor", `kasus/${audit.id}/${one.id}`, "audit", auditor);
        await page.getByRole("button", { name: "Buka kasus" }).click();
        await expect(page.getByRole("heading", { name: "Yang diketahui" })).toBeVisible();
        return file;
      }
    }
    throw new Error("no auditor has such a case");
  }

  test("its day can be planned once its batch is there, and the plan says which batch that was", async ({ page, request }) => {
    await registerKey(request, pair, HELD);
    const own = page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ });
    const label = page.locator("label", { has: own });
    // People came in on the work day before, of which there is no batch.
    await openForm(page, 21);
    await expect(label).toContainText("Belum dapat direncanakan");
    await expect(own).toBeDisabled();
    await expect(own).toHaveAccessibleDescription(/belum ada dalam kiriman yang diterima/);

    await bringDay(request, pair, HELD);
    await openForm(page);
    await expect(label).toContainText(/[1-9]\d* slot/);
    const slots = Number(/(\d+) slot/.exec(await label.innerText())?.[1]);
    await own.check();
    await page.getByText("Tentukan sendiri").click();
    await page.getByLabel("Kasus tiap perangkat daerah").fill(String(slots));
    await expect(page.getByText("Sampel ini memuat seluruh slot", { exact: false })).toBeVisible();
    await page.getByRole("radio", { name: /^Dadu saja/ }).check();
    await page.getByRole("button", { name: "Tetapkan populasi" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Tetapkan populasi" }).click();
    await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
    await page.getByText("Kiriman yang dipakai: Badan Kepegawaian Daerah").click();
    await expect(page.getByRole("listitem").filter({ hasText: "versi 2" })).toHaveCount(1);
    await expectAccessible(page);
    await expectNarrow(page);

    const headers = await pair.bkd.as(request, "bkd_officer");
    const id = new URL(page.url()).hash.split("/")[2] ?? "";
    const post = async (path: string, data?: object) => {
      const answer = await request.post(`${pair.bkd.base_url}/v1/audits/${id}/${path}`, { headers, ...(data && { data }) });
      expect(answer.ok(), await answer.text()).toBe(true);
      return (await answer.json()) as Audit;
    };
    await post("seed", { dice: DICE, evidence: "Dua puluh dadu di aula BKD." });
    audit = await post("draw");
    expect(audit.samples.map(({ size }) => size)).toEqual([slots]);
  });

  test("a case shows what the agency's instance sealed, whose word it is, and no home", async ({ page }) => {
    const file = await openCase(page, ({ record }) => Boolean(record?.position && record.flags.includes("mock_provider")));
    const facts = page.getByRole("region", { name: "Yang diketahui" });
    await expect(facts).toContainText("Semua ini menurut kiriman yang disegel layanan perangkat daerah sendiri.");
    await expect(facts).toContainText(file.person.name);
    await expect(facts).toContainText("Bekerja dari rumah");
    await expect(facts).toContainText(/Lokasi diambil pukul \d\d\.\d\d, /);
    await expect(facts).toContainText(/Menurut perangkat daerah, titiknya .+ dari tempat tugas\./);
    await expect(facts).toContainText("Sistem ponsel menyebut titik ini lokasi buatan.");
    await expect(facts).not.toContainText("dari rumah yang terdaftar");
    const map = page.getByRole("region", { name: "Peta" });
    await expect(map).toContainText("Titik jingga: lokasi yang dibagikan.");
    await expect(map).not.toContainText("tempat tugas, radius");
    // That none came along is not that there were none.
    const earlier = page.getByRole("region", { name: "Kiriman sebelumnya" });
    await expect(earlier).toContainText("tidak ikut dikirim layanan perangkat daerah");
    await expect(earlier).not.toContainText("Tidak ada kiriman lain");
    await expectAccessible(page);
    await expectNarrow(page);
    await page.keyboard.press("v");
    await page.getByRole("dialog").getByRole("button", { name: "Sesuai" }).press("Enter");
    await expect(page.getByText("Tertulis: sesuai.")).toBeVisible();
    await expect(page.getByText("Menyatakan sesuai.")).toBeVisible();
  });

  test("a slot of which nothing came says so by the agency's word, and asks before anything is thought", async ({ page }) => {
    await openCase(page, ({ sealed_row }) => sealed_row?.state === "missed");
    const facts = page.getByRole("region", { name: "Yang diketahui" });
    await expect(facts).toContainText("Itu belum berarti apa-apa; tanyakan dulu sebabnya.");
    await expect(facts).toContainText("Semua ini menurut kiriman yang disegel layanan perangkat daerah sendiri.");
    await expect(facts).not.toContainText("bandingkan sendiri titiknya");
    await expect(facts).toContainText("Bekerja dari rumah");
    await expect(page.getByRole("region", { name: "Peta" })).toHaveCount(0);
    await expectAccessible(page);
    await expectNarrow(page);
  });

  test("its report reads like any other, and says that cases are open", async ({ page }) => {
    await pair.bkd.open(page, "bkd_officer", `laporan/${audit.id}`, "audit");
    await expect(page.getByText(/^Sementara: /)).toBeVisible();
    const row = page.getByRole("region", { name: "Yang diperiksa" }).getByRole("row", { name: /^Badan Kepegawaian Daerah/ });
    const slots = String(audit.population);
    await expect(row.getByRole("cell").nth(0)).toHaveText(slots);
    await expect(row.getByRole("cell").nth(1)).toHaveText(slots);
    await expectAccessible(page);
    await expectNarrow(page);
  });
});
