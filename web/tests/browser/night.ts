// Tests of what a day has come to, for which the first hours of a day are too early.
import { test } from "@playwright/test";

/** Leaves a test out, in print, between midnight and six in Banten: no slot of the demo's present day has closed then. */
export function needsDaytime(): void {
  const hour = Number(new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Jakarta", hour: "2-digit", hourCycle: "h23" }).format(Date.now()));
  const why = "not run between midnight and six in Banten: no slot of the day has closed";
  if (hour < 6) console.log(`${test.info().title}: ${why}`);
  test.skip(hour < 6, why);
}
