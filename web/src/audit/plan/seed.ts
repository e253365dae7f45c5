// How the seed of a plan will be made: the kinds, and the round of the public beacon for a date and a time.
import type { components } from "../../../generated/schema";

/** The strongest first. */
export const KINDS = ["beacon_and_dice", "dice", "text"] as const;
export type Kind = (typeof KINDS)[number];

/** drand quicknet: when round 1 was published, in seconds since 1970, and the seconds from one round to the next. */
const GENESIS_SECONDS = 1_692_803_367;
const PERIOD_SECONDS = 3;
const CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/** The round that is published at an instant, or last before it. */
export function roundAt(instant: string): number {
  return Math.floor((Math.floor(Date.parse(instant) / 1_000) - GENESIS_SECONDS) / PERIOD_SECONDS) + 1;
}

/** Where anyone gets a round of the beacon. Shown as text: no page ever asks another host. */
export function beaconAddress(round: number): string {
  return `https://api.drand.sh/${CHAIN}/public/${round}`;
}

/** The instant of a date and a clock time of BKD such as `10.00`; none where either can't be read. */
export function instantOf(date: string, time: string): string | undefined {
  const [, hours, minutes] = /^(\d{1,2})[.:](\d{2})$/.exec(time.trim()) ?? [];
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const at = Date.parse(`${date}T${hours.padStart(2, "0")}:${minutes}:00+07:00`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The next date from Monday to Friday after `today`, when people are there to roll dice. */
export function usualDrawDate(today: string): string {
  const at = new Date(`${today}T00:00:00Z`);
  do at.setUTCDate(at.getUTCDate() + 1);
  while (at.getUTCDay() % 6 === 0);
  return at.toISOString().slice(0, 10);
}

/** Days that a draw may lie ahead of its plan. */
const MOST_DAYS = 92;
const LEAST_MINUTES = 10;

/** Why the service would not take the instant of a draw that is planned now. */
export function drawFault(instant: string | undefined, now: number): "wrong" | "too_soon" | "too_late" | undefined {
  if (instant === undefined) return "wrong";
  const ahead = Date.parse(instant) - now;
  if (ahead < LEAST_MINUTES * 60_000) return "too_soon";
  return ahead > MOST_DAYS * 86_400_000 ? "too_late" : undefined;
}

type Beacon = components["schemas"]["BeaconBody"];

/** The beacon in what was pasted or in a file, as drand's servers give it; other members of it are left out. */
export function beaconOf(text: string): Beacon | undefined {
  try {
    const read = JSON.parse(text) as Partial<Record<keyof Beacon, unknown>> | null;
    const { round, randomness, signature } = read ?? {};
    if (typeof round !== "number" || typeof randomness !== "string" || typeof signature !== "string") return undefined;
    return { round, randomness, signature };
  } catch {
    return undefined;
  }
}
