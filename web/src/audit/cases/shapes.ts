// What the map of a case shows: the circles and corners of the places of duty, the share, and its accuracy.
import type { Circle, Place } from "../../officer/map";
import type { DayFile } from "./cases.svelte";

export interface Shapes {
  fences: Circle[];
  /** Places of duty that are no circles. */
  areas: Place[][];
  share: Place | undefined;
  accuracy: Circle | undefined;
}

export function shapesOf(file: DayFile): Shapes {
  const share = file.record?.position ?? undefined;
  const accuracy = file.record?.accuracy_metres ?? undefined;
  return {
    fences: file.duty_places.flatMap(({ centre, radius_metres }) => (centre && radius_metres ? [{ ...centre, metres: radius_metres }] : [])),
    areas: file.duty_places.map(({ corners }) => corners ?? []).filter((corners) => corners.length > 2),
    share,
    accuracy: share && accuracy !== undefined ? { ...share, metres: accuracy } : undefined,
  };
}

const CORNERS = 72;
const METRES_A_DEGREE = 111_320;

/** The circle as a closed ring of corners, [longitude, latitude], as GeoJSON writes them. */
export function ring({ latitude, longitude, metres }: Circle): [number, number][] {
  const east = metres / (METRES_A_DEGREE * Math.cos((latitude * Math.PI) / 180));
  const north = metres / METRES_A_DEGREE;
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const turn = (2 * Math.PI * (corner % CORNERS)) / CORNERS;
    return [longitude + east * Math.cos(turn), latitude + north * Math.sin(turn)];
  });
}

/** The corners of an area as a closed ring. */
export function closed(area: Place[]): [number, number][] {
  return [...area, ...area.slice(0, 1)].map(({ latitude, longitude }) => [longitude, latitude]);
}

/** South-west and north-east of everything that is shown; nothing where there is nothing. */
export function bounds(shapes: Shapes): [[number, number], [number, number]] | undefined {
  const circles = [...shapes.fences, ...(shapes.accuracy ? [shapes.accuracy] : [])];
  const points = [...circles.flatMap(ring), ...shapes.areas.flatMap(closed)];
  if (shapes.share) points.push([shapes.share.longitude, shapes.share.latitude]);
  if (points.length === 0) return undefined;
  const longitudes = points.map(([longitude]) => longitude);
  const latitudes = points.map(([, latitude]) => latitude);
  return [
    [Math.min(...longitudes), Math.min(...latitudes)],
    [Math.max(...longitudes), Math.max(...latitudes)],
  ];
}
