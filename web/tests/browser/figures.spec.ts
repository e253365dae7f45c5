// Not a test: how soon a cheap phone on a poor network can be used. Measured by `npm run figures`, written to figures.json.
import { expect } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { test, untilKept } from "./person";

const LATENCY_MILLISECONDS = 400;
const BYTES_PER_SECOND = 50_000;
const CPU_SLOWED = 4;
const ROUNDS = 5;

test.setTimeout(180_000);

test("the first load and the second on a slow phone", async ({ browser }) => {
  const first: number[] = [];
  const second: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "id-ID" });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: LATENCY_MILLISECONDS,
      downloadThroughput: BYTES_PER_SECOND,
      uploadThroughput: BYTES_PER_SECOND,
    });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWED });
    bytes = 0;
    devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    // Usable: the field can be typed into, and what is typed is there.
    const usable = async () => {
      const started = Date.now();
      await page.goto("/app/", { waitUntil: "commit" });
      await page.getByLabel("NIP atau nama pengguna").fill("1");
      await expect(page.getByLabel("NIP atau nama pengguna")).toHaveValue("1");
      return Date.now() - started;
    };
    first.push(await usable());
    const loaded = bytes;
    await untilKept(page);
    bytes = loaded;
    second.push(await usable());
    bytes = loaded;
    await context.close();
  }
  const median = (values: number[]) => [...values].sort((left, right) => left - right)[ROUNDS >> 1];
  const figures = {
    latency_milliseconds: LATENCY_MILLISECONDS,
    bytes_per_second: BYTES_PER_SECOND,
    cpu_slowed: CPU_SLOWED,
    rounds: ROUNDS,
    first_load_bytes: bytes,
    first_usable_milliseconds: median(first),
    second_usable_milliseconds: median(second),
  };
  console.log(`web figures: ${JSON.stringify(figures)}`);
  writeFileSync("figures.json", `${JSON.stringify(figures, null, 2)}\n`);
});
