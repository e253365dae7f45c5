// The heads and feet of the three entries at the width of small phones: no word lies on another one, none is cut off, in both languages.
import { expect, type Page } from "@playwright/test";
import { goTo, openDesk } from "./desk";
import { employee, signIn, test } from "./person";

const WIDTHS = [320, 360, 520, 700];

/** What is amiss with the words within: those that lie on one another, and those that leave the page or are cut off. */
function amiss(page: Page, within: string): Promise<string[]> {
  return page.evaluate((within) => {
    const found: { node: Node; text: string; box: DOMRect }[] = [];
    const wrong: string[] = [];
    const roots = [...document.querySelectorAll<HTMLElement>(within)];
    if (roots.length === 0) return [`nothing is ${within}`];
    for (const root of roots) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? "";
        const element = node.parentElement;
        if (!text || !element || found.some((known) => known.node === node) || element.closest(".spoken, option, [hidden]")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        // A name that is too long ends in dots: what lies beyond them is not seen.
        const cut = element.closest<HTMLElement>(".name")?.getBoundingClientRect();
        for (const { left, right, top, bottom } of range.getClientRects()) {
          const end = cut ? Math.min(right, cut.right) : right;
          if (end > left && bottom > top) found.push({ node, text, box: new DOMRect(left, top, end - left, bottom - top) });
        }
      }
    }
    found.forEach(({ node, text, box }, at) => {
      if (box.left < 0 || box.right > document.documentElement.clientWidth + 0.5) wrong.push(`${text} leaves the page`);
      for (const other of found.slice(at + 1)) {
        const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Lines of type may touch by their leading.
        if (node !== other.node && width > 1 && height > 4) wrong.push(`${text} lies on ${other.text}`);
      }
    });
    return wrong;
  }, within);
}

async function expectApart(page: Page, within: string, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 740 });
    expect(await amiss(page, within), `${what} at ${width} px`).toEqual([]);
  }
}

/** Both languages, beginning and ending with Indonesian. */
async function inBothLanguages(page: Page, look: (language: string) => Promise<void>): Promise<void> {
  await look("id");
  await page.getByRole("button", { name: "English" }).click();
  await look("en");
  await page.getByRole("button", { name: "Indonesia", exact: true }).click();
}

for (const [room, role] of [["desk", "bkd_officer"], ["desk", "agency_operator"], ["audit", "bkd_auditor"]] as const) {
  test(`no word lies on another one in the head of ${room}, for ${role}`, async ({ page }) => {
    // As many as there is ever a word for.
    await page.route("**/v1/me/notices?*unseen=true*", (route) => route.fulfill({ json: { items: Array.from({ length: 100 }, (_, at) => ({ id: String(at) })) } }));
    await page.goto(`/${room}/`);
    await expect(page.getByRole("button", { name: "English" })).toBeVisible();
    await inBothLanguages(page, (language) => expectApart(page, "main", `signing in, ${language}`));
    await openDesk(page, role, "kabar", room);
    await expect(page.getByText("99+")).toBeVisible();
    await inBothLanguages(page, async (language) => {
      await expectApart(page, "#app > header, #app > nav .menu, .page-head", `the head, ${language}`);
      // One line for the desk and whose it is, one for what can be pressed; the agency, where it is chosen, has its own.
      await page.setViewportSize({ width: 320, height: 740 });
      const tops = await page.locator("#app > header > :is(a, button)").evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2)));
      expect(Math.max(...tops) - Math.min(...tops), `what can be pressed stands in one line, ${language}`).toBeLessThan(8);
    });
    await goTo(page, room === "desk" ? "people" : "kasus");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expectApart(page, "#app > header, .page-head", "another page");
  });
}

test("no word lies on another one in the heads and feet of the phone", async ({ page }) => {
  await page.goto("/app/");
  await expect(page.getByRole("heading", { name: "Masuk" })).toBeVisible();
  await inBothLanguages(page, (language) => expectApart(page, "main", `signing in, ${language}`));
  await signIn(page, employee(0));
  await inBothLanguages(page, (language) => expectApart(page, "main > header, main > div:first-of-type, h1, footer", `today, ${language}`));
});
