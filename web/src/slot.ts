// How a slot stands at this minute, from the day as last read: a countdown that needs no network.
import type { components } from "../generated/schema";

export type Slot = components["schemas"]["MySlotView"];
export type State = components["schemas"]["SlotStateView"] | "grace";

export interface Standing {
  state: State;
  /** When the state changes next, if time alone will change it. */
  until?: number;
}

/** What the service said last, and what time has made of it since. */
export function standing(slot: Slot, now: number): Standing {
  if (slot.state === "received" || slot.state === "excused" || slot.state === "not_required") return { state: slot.state };
  const opens = Date.parse(slot.opens_at);
  const closes = Date.parse(slot.closes_at);
  const ends = closes + slot.grace_minutes * 60_000;
  if (now < opens) return { state: "expected", until: opens };
  if (now <= closes) return { state: "open", until: closes };
  if (now <= ends) return { state: "grace", until: ends };
  return { state: "missed" };
}

/** Whether a share captured now would fall into the slot, whatever was received before. */
export function isRunning(slot: Slot, now: number): boolean {
  const ends = Date.parse(slot.closes_at) + slot.grace_minutes * 60_000;
  const asks = slot.state !== "excused" && slot.state !== "not_required";
  return asks && now >= Date.parse(slot.opens_at) && now <= ends;
}

/** Whether a point captured at `at` lies in the slot's window or its grace. */
export function holds(slot: Slot, at: number): boolean {
  return at >= Date.parse(slot.opens_at) && at <= Date.parse(slot.closes_at) + slot.grace_minutes * 60_000;
}

/** The date in a zone, as `2026-11-28`. */
export function dateIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
}
