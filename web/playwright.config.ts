// Browser tests: Debian's Chromium, without any other host, against the real binary that serves the demo.
import { defineConfig } from "@playwright/test";

const CLOSED_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

/** Those that make something for people to look at, and prove nothing. */
const MADE = { SCREENSHOTS: "**/screenshots*.spec.ts", FIGURES: "**/figures.spec.ts" };
const left = Object.entries(MADE).filter(([variable]) => !process.env[variable]);

export default defineConfig({
  testDir: "tests/browser",
  testIgnore: left.map(([, files]) => files),
  globalSetup: "./tests/browser/demo.ts",
  outputDir: "test-results/browser",
  // One after the other: they share the demo's few people and two cores.
  workers: 1,
  // Once more on a busy machine; the closing line then says "flaky", which is a bug to be found.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list", { printSteps: false }]],
  use: {
    locale: "id-ID",
    timezoneId: "Asia/Jakarta",
    viewport: { width: 360, height: 740 },
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", CLOSED_NETWORK],
    },
  },
});
