// Which basemap the operator mounted: asked for once, and again where it could not be told.
import type { components } from "../../generated/schema";
import { answerOf } from "../call";
import { api } from "./session";

export type Mounted = components["schemas"]["MapView"];

let asked: Promise<Mounted | undefined> | undefined;

/** What the service says of the ground of maps; nothing where it can't be told now. */
export function mounted(): Promise<Mounted | undefined> {
  asked ??= api.GET("/v1/map").then(answerOf).catch(() => {
    asked = undefined;
    return undefined;
  });
  return asked;
}

export async function isMounted(): Promise<boolean> {
  const found = await mounted();
  return found !== undefined && found.basemap !== "none";
}
