// A cell of the roster: one mode for the day, or one for each half; and what of a change the service has to be told.
import type { components } from "../../../generated/schema";

export type Mode = components["schemas"]["WorkModeView"];
export type Part = components["schemas"]["DayPartView"];

/** The parts of a day that can be filled. */
export const PARTS = ["all", "morning", "afternoon"] as const satisfies Part[];

/** What a roster may hold; everything else is granted elsewhere and stays. */
export const MODES = ["wfo", "wfh", "wfa", "picket", "off"] as const satisfies Mode[];
export type OwnMode = (typeof MODES)[number];

export function isOwn(mode: Mode): mode is OwnMode {
  return (MODES as readonly Mode[]).includes(mode);
}

/** The mode of the day, or of its first half where `afternoon` says what holds in the second. */
export interface Modes {
  mode: Mode;
  afternoon?: Mode | undefined;
}

/** The modes of both halves. */
export function halvesOf({ mode, afternoon }: Modes): [Mode, Mode] {
  return [mode, afternoon ?? mode];
}

/** Both halves as one day where they are the same. */
export function joined(morning: Mode, afternoon: Mode): Modes {
  return morning === afternoon ? { mode: morning } : { mode: morning, afternoon };
}

/** What a day is after a part of it was filled; nothing where it stays, or where what is granted elsewhere is in the way. */
export function filled(before: Modes, part: Part, mode: OwnMode): Modes | undefined {
  const halves = halvesOf(before);
  const isTouched = [part !== "afternoon", part !== "morning"];
  if (halves.some((half, index) => isTouched[index] && !isOwn(half))) return undefined;
  const [morning, afternoon] = halves.map((half, index) => (isTouched[index] ? mode : half)) as [Mode, Mode];
  return morning === halves[0] && afternoon === halves[1] ? undefined : joined(morning, afternoon);
}

/** What leads from one state of a day to another: each half that differs, or the day where both do and are the same. */
export function steps(before: Modes, after: Modes): { slots: Part; mode: Mode }[] {
  const [was, is] = [halvesOf(before), halvesOf(after)];
  const changed = (["morning", "afternoon"] as const).flatMap((slots, index) => (was[index] === is[index] ? [] : [{ slots, mode: is[index]! }]));
  const [first, second] = changed;
  return first && second && first.mode === second.mode ? [{ slots: "all", mode: first.mode }] : changed;
}
