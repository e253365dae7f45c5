// Figures of audits as they are written: rates in percent with one decimal, rounded away from the claim, and periods.
import { dateOf, number } from "../format";
import type { Language } from "../texts";

/** The zone of times on the auditor's desk, which is BKD's. */
export const ZONE = "Asia/Jakarta";

/** `4,9 %`, of basis points, rounded up: a bound never looks better than it is. */
export function atMost(basisPoints: number, language: Language): string {
  return percent(Math.ceil(basisPoints / 10), language);
}

/** `4,9 %`, of basis points, rounded down. */
export function atLeast(basisPoints: number, language: Language): string {
  return percent(Math.floor(basisPoints / 10), language);
}

function percent(tenths: number, language: Language): string {
  const whole = number(Math.floor(tenths / 10), language);
  if (tenths % 10 === 0) return `${whole} %`;
  return `${whole}${language === "id" ? "," : "."}${tenths % 10} %`;
}

/** `27 November 2026`, or `2 November 2026 – 27 November 2026`. */
export function period(from: string, to: string, language: Language): string {
  const written = (date: string) => dateOf(`${date}T00:00:00Z`, "UTC", language);
  return from === to ? written(from) : `${written(from)} – ${written(to)}`;
}
