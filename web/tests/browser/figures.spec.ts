// Not a test: how soon each page can be used on a slow machine. Measured by `npm run figures`, written to figures.json.
import { expect, type Browser } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { test, untilKept } from "./person";

interface Line {
  latency_milliseconds: number;
  bytes_per_second: number;
}

/** A cheap phone at the edge of 2G; an office at the end of a shared line. */
const PHONE: Line = { latency_milliseconds: 400, bytes_per_second: 50_000 };
const OFFICE: Line = { latency_milliseconds: 100, bytes_per_second: 250_000 };
const ENTRIES: Record<string, Line> = { app: PHONE, desk: OFFICE, audit: OFFICE };
const CPU_SLOWED = 4;
const ROUNDS = 5;

test.setTimeout(600_000);

/** Bytes of the first load, milliseconds until a field can be typed into, at first and the second time. */
async function opened(browser: Browser, entry: string, line: Line): Promise<[number, number, number]> {
  const context = await browser.newContext({ locale: "id-ID" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: line.latency_milliseconds,
    downloadThroughput: line.bytes_per_second,
    uploadThroughput: line.bytes_per_second,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWED });
  let bytes = 0;
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  const usable = async () => {
    const started = Date.now();
    await page.goto(`/${entry}/`, { waitUntil: "commit" });
    await page.getByLabel("NIP atau nama pengguna").fill("1");
    await expect(page.getByLabel("NIP atau nama pengguna")).toHaveValue("1");
    return Date.now() - started;
  };
  const first = await usable();
  const loaded = bytes;
  if (entry === "app") await untilKept(page);
  const second = await usable();
  await context.close();
  return [loaded, first, second];
}

test("the first load and the second on a slow machine", async ({ browser }) => {
  const median = (values: number[]) => [...values].sort((left, right) => left - right)[values.length >> 1];
  const figures: Record<string, unknown> = { cpu_slowed: CPU_SLOWED, rounds: ROUNDS };
  for (const [entry, line] of Object.entries(ENTRIES)) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await opened(browser, entry, line));
    figures[entry] = {
      ...line,
      first_load_bytes: median(rounds.map(([bytes]) => bytes)),
      first_usable_milliseconds: median(rounds.map(([, first]) => first)),
      second_usable_milliseconds: median(rounds.map(([, , second]) => second)),
    };
  }
  console.log(`web figures: ${JSON.stringify(figures)}`);
  writeFileSync("figures.json", `${JSON.stringify(figures, null, 2)}\n`);
});
