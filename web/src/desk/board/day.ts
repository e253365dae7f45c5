// What the numbers of an agency's day tell: which slot is looked at first, and what has changed since.
import type { components } from "../../../generated/schema";
import type { Behind } from "./people";

export type AgencyDay = components["schemas"]["AgencyDayView"];
export type SlotCounts = components["schemas"]["SlotCountsView"];

/** The slot that runs, else the one that was over last, else the first to come. */
export function slotToLookAt(slots: SlotCounts[]): string {
  const running = slots.find(({ time }) => time === "running");
  const over = slots.filter(({ time }) => time === "over").at(-1);
  return (running ?? over ?? slots[0])?.slot ?? "";
}

/** How many people a list holds, as far as the numbers tell; nobody counts flags. */
export function countOf(slot: SlotCounts | undefined, behind: Behind): number | undefined {
  return behind === "flagged" ? undefined : slot?.[behind];
}

/** Whether a list is known to be empty. Flags are found among those who have shared. */
export function isEmpty(slot: SlotCounts | undefined, behind: Behind): boolean {
  return (behind === "flagged" ? slot?.received : countOf(slot, behind)) === 0;
}

/** People of whom somebody should know more: those missing, and those whose share leaves a question of place. */
export function exceptions(slot: SlotCounts): number {
  return slot.missed + slot.outside + slot.unusable + slot.uncertain + slot.unverifiable;
}

/** How many more shares there are, and whether anything else differs. */
export function news(shown: SlotCounts | undefined, now: SlotCounts | undefined): { received: number; isOther: boolean } {
  if (!shown || !now) return { received: 0, isOther: false };
  const received = Math.max(0, now.received - shown.received);
  return { received, isOther: received === 0 && JSON.stringify(shown) !== JSON.stringify(now) };
}
