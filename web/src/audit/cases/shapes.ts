// What the map of a case shows: the circles and corners of the places of duty, the share, and its accuracy.
import type { Shapes } from "../../officer/shapes";
import type { DayFile } from "./cases.svelte";

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
