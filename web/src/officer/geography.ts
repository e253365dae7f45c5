// What the small map can draw without any other host: coarse outlines of provinces, and the villages of Banten with the points where a map would write their names.
import outlinesText from "../../../data/regions/outlines_coarse.geojson?raw";
import regionsText from "../../../data/regions/regions_id_banten.csv?raw";
import type { Place } from "./map";

export interface Village extends Place {
  code: string;
  name: string;
}

interface Outlines {
  features: { geometry: { coordinates: [number, number][][][] } }[];
}

/** Rings of corners. They are good to some 15 km on islands and 2 km elsewhere. */
export const outlines: Place[][] = (JSON.parse(outlinesText) as Outlines).features
  .flatMap(({ geometry }) => geometry.coordinates.flat())
  .map((ring) => ring.map(([longitude, latitude]) => ({ latitude, longitude })));

export const villages: Village[] = regionsText.split("\n").flatMap((line) => {
  const [code = "", level, , name = "", latitude, longitude] = line.split(",");
  return level === "village" && latitude && longitude ? [{ code, name, latitude: Number(latitude), longitude: Number(longitude) }] : [];
});
