// What strata are called: agencies, all of them together, and the slots that were targeted beforehand.
import { agencies } from "./audits.svelte";
import { say } from "./say";
import { TARGETED } from "./targeted";

export function nameOf(stratum: string): string {
  if (stratum === "all") return say("plan.together");
  return stratum === TARGETED ? say("targeted.title") : agencies.nameOf(stratum);
}
