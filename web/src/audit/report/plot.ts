// The reckoning behind the plots of a report: bars and bounds on a line from nothing to a round rate.
import type { components } from "../../../generated/schema";

export type Report = components["schemas"]["AuditReportView"];
export type Stratum = components["schemas"]["StratumReportView"];
export type Signal = components["schemas"]["SignalView"];

/** A part of a whole in basis points, rounded up. */
export function upper(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.ceil((part * 10_000) / whole);
}

/** A part of a whole in basis points, rounded down. */
export function lower(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 10_000) / whole);
}

/** The smallest round end, in basis points, of a line that holds all of these rates: 5, 10, 20, 50 or 100 percent. */
export function end(rates: number[]): number {
  const most = Math.max(0, ...rates);
  return [500, 1_000, 2_000, 5_000].find((round) => most <= round) ?? 10_000;
}

/** Five places on a line from nothing to its end, in basis points. */
export function marks(end: number): number[] {
  return [0, 1, 2, 3, 4].map((quarter) => (end * quarter) / 4);
}

/** How the drawn cases of a stratum stand: settled ones that are no deviation come last. */
export function standing(stratum: Stratum): { deviations: number; inconclusive: number; open: number; clean: number } {
  const { sample, deviations, inconclusive, open } = stratum;
  return { deviations, inconclusive, open, clean: sample - deviations - inconclusive - open };
}

/** Width of the plots before they are laid out, and on paper where nothing else is known. */
export const USUAL_WIDTH = 720;
const LETTER_WIDTH = 7.5;

/** A name that fits into so many pixels; the table beside the plot has it whole. */
export function fitted(name: string, width: number): string {
  const letters = Math.floor(width / LETTER_WIDTH);
  return name.length <= letters ? name : `${name.slice(0, letters - 1).trimEnd()}…`;
}
