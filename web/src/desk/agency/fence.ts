// The fence of a site as it is written in a form: a point and a radius, or corners, one a line.
import type { components } from "../../../generated/schema";
import type { Place } from "../../officer/map";

export type Site = components["schemas"]["SiteView"];
type Fence = components["schemas"]["FenceBody"];

export interface FenceForm {
  shape: "circle" | "polygon";
  /** `-6.17012, 106.16034` */
  centre: string;
  radius: string;
  /** A point a line. */
  corners: string;
}

const written = ({ latitude, longitude }: Place) => `${latitude}, ${longitude}`;

export function formOf(fence: Fence | undefined): FenceForm {
  if (!fence) return { shape: "circle", centre: "", radius: "100", corners: "" };
  if (fence.shape === "circle") return { shape: "circle", centre: written(fence.centre), radius: String(fence.radius_metres ?? 100), corners: "" };
  return { shape: "polygon", centre: "", radius: "100", corners: fence.corners.map(written).join("\n") };
}

/** A point from `-6.17, 106.16`; decimals by a point, as maps write them. */
export function placeOf(text: string): Place | undefined {
  const found = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return undefined;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** The fence that a form says; nothing where a point can't be read or one is missing. */
export function fenceOf({ shape, centre, radius, corners }: FenceForm): Fence | undefined {
  if (shape === "circle") {
    const place = placeOf(centre);
    const radius_metres = Number(radius);
    return place && Number.isInteger(radius_metres) ? { shape, centre: place, radius_metres } : undefined;
  }
  const places = corners.split("\n").filter((line) => line.trim()).map(placeOf);
  const read = places.filter((place) => place !== undefined);
  return read.length === places.length && read.length >= 3 ? { shape, corners: read } : undefined;
}

/** What a large or small map shows of a fence. */
export function shapesOf(fence: Fence) {
  return {
    fences: fence.shape === "circle" ? [{ ...fence.centre, metres: fence.radius_metres ?? 100 }] : [],
    areas: fence.shape === "circle" ? [] : [fence.corners],
    share: undefined,
    accuracy: undefined,
  };
}
