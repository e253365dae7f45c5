// Not a test: pictures of an audit with flagged slots for people to look at. Made by `make screenshots`.
import { expect, type Locator, type Page } from "@playwright/test";
import { DICE } from "./audits";
import { goTo } from "./desk";
import { startAlone } from "./pair";
import { test } from "./person";
import { picture as take } from "./picture";
import { settle } from "./settle";

/** Those that are committed. */
const TELLING = ["audit-targeted-plan-1440", "audit-targeted-cases-1440", "audit-targeted-report-1440", "audit-targeted-case-360"];
const picture = (page: Page, name: string, shown?: Locator) => take(page, `audit-targeted-${name}`, TELLING, shown);

test.setTimeout(400_000);

test("an audit with flagged slots, from its plan to its report", async ({ page }) => {
  const { service, stop } = await startAlone();
  try {
    await service.open(page, "bkd_officer", "rencana/baru", "audit");
    await page.getByLabel("Dari tanggal").fill(service.lived_on);
    await page.getByLabel("Sampai tanggal").fill(service.lived_on);
    await page.getByRole("checkbox", { name: /Badan Kepegawaian Daerah/ }).check();
    await page.getByText("Tentukan sendiri").click();
    await page.getByLabel("Kasus tiap perangkat daerah").fill("9");
    await page.getByRole("checkbox", { name: "Periksa semua slot dengan tanda tertentu" }).check();
    await page.getByRole("checkbox", { name: "Lokasi buatan menurut ponsel" }).check();
    const flags = page.getByRole("group", { name: "Slot bertanda" });
    await expect(flags.getByRole("status")).toHaveText(/^[1-9]\d* slot diperiksa semua/);
    await page.getByRole("radio", { name: /^Dadu saja/ }).check();
    await expect(page.getByText(/9 kasus tanpa temuan/)).toBeVisible();
    await picture(page, "plan", flags);
    await picture(page, "plan-forecast", page.getByRole("region", { name: "Yang dapat dibuktikan" }));
    await flags.getByLabel("Paling banyak slot bertanda").fill("1");
    await page.getByRole("button", { name: "Tetapkan populasi" }).click();
    await picture(page, "plan-too-many", flags);
    await flags.getByLabel("Paling banyak slot bertanda").fill("50");
    await page.getByRole("button", { name: "Tetapkan populasi" }).click();
    await picture(page, "plan-sure");
    await page.getByRole("dialog").getByRole("button", { name: "Tetapkan populasi" }).click();
    await expect(page.getByRole("heading", { name: "Populasi sudah ditetapkan" })).toBeVisible();
    await picture(page, "population");
    await picture(page, "population-strata", page.getByRole("table"));
    const id = new URL(page.url()).hash.split("/")[2] ?? "";
    const headers = await service.as(page.request, "bkd_officer");
    const url = `${service.base_url}/v1/audits/${id}`;
    await page.request.post(`${url}/seed`, { headers, data: { dice: DICE, evidence: "Dua puluh dadu di aula BKD." } });
    expect((await page.request.post(`${url}/draw`, { headers })).ok()).toBe(true);

    await goTo(page, "rencana");
    await expect(page.getByRole("link", { name: /^Uji petik \d/ }).first()).toBeVisible();
    await picture(page, "list");
    await goTo(page, `undian/${id}`);
    const tickets = page.getByRole("region", { name: "Slot bertanda" });
    await expect(tickets).toBeVisible();
    await picture(page, "tickets");
    await picture(page, "tickets-flagged", tickets);
    await page.keyboard.press("End");
    await page.getByRole("combobox").selectOption({ label: "Slot bertanda" });
    await picture(page, "again");
    await goTo(page, `kasus/${id}`);
    await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
    await picture(page, "cases");

    let unsettled = "";
    for (const auditor of [0, 1]) {
      await service.open(page, "bkd_auditor", `kasus/${id}`, "audit", auditor);
      await expect(page.getByText(/^\d+ baris$/)).toBeVisible();
      const flagged = page.locator("tbody tr[data-index]").filter({ hasText: "Slot bertanda" });
      if ((await flagged.count()) === 0) continue;
      await picture(page, "cases-own");
      await flagged.first().getByRole("link").click();
      await picture(page, "case-purpose");
      await page.getByRole("button", { name: "Buka kasus" }).click();
      await expect(page.locator("[data-drawn=true]")).toBeVisible();
      await picture(page, "case");
      unsettled = new URL(page.url()).hash.split("/")[3] ?? "";
      break;
    }
    await service.open(page, "bkd_head", `laporan/${id}`, "audit");
    const part = page.getByRole("region", { name: "Slot bertanda" });
    await expect(part).toBeVisible();
    await picture(page, "report-open");
    await settle(page.request, service, id, unsettled);
    await service.open(page, "bkd_head", `laporan/${id}`, "audit");
    await expect(part).toBeVisible();
    await picture(page, "report");
    await picture(page, "report-bounds", page.getByRole("region", { name: "Yang terbukti" }));
    await picture(page, "report-flagged", part);
    await page.pdf({ path: "../target/screenshots/audit-targeted-report.pdf", format: "A4", preferCSSPageSize: true });
  } finally {
    await stop();
  }
});
