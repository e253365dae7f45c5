// The stratum of the targeted slots, which are examined as a whole and not left to chance.
import type { Audit } from "./audits.svelte";

export const TARGETED = "targeted";

/** Whether a case is of a targeted slot. */
export function isTargeted({ stratum }: { stratum: string }): boolean {
  return stratum === TARGETED;
}

/** The strata of an audit that are left to chance. */
export function randomStrata({ samples, targeted }: Audit): Audit["samples"] {
  return targeted ? samples.filter(({ name }) => name !== TARGETED) : samples;
}
