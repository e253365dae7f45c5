// What holds a journey up, and who may decide it.
import type { components } from "../../../generated/schema";

type Travel = components["schemas"]["DutyTravelView"];
type Restriction = components["schemas"]["TravelRestrictionView"];

/** A ban that nobody has let the journey pass: it can't be approved before. */
export function openBan({ restrictions }: Pick<Travel, "restrictions">): Restriction | undefined {
  return restrictions.find(({ is_ban, exception }) => is_ban && !exception);
}

export function canDecide(roles: string[]): boolean {
  return ["superior", "agency_head", "bkd_head"].some((role) => roles.includes(role));
}
