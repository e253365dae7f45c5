// What a large map shows, as GeoJSON writes it: circles and corners of places, points, and the accuracy of one.
import type { Circle, Place } from "./map";

export interface Shapes {
  fences: Circle[];
  /** Places that are no circles. */
  areas: Place[][];
  share: Place | undefined;
  accuracy: Circle | undefined;
}

const CORNERS = 72;
const METRES_A_DEGREE = 111_320;

/** The circle as a closed ring of corners, [longitude, latitude]. */
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
