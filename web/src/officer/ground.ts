// What lies below the shapes of a large map: outlines alone, or the tiles that the operator mounted.
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";

/** The name of the source that all layers of the ground draw from. */
export const GROUND = "ground";

export interface Ground {
  kind: "file" | "tiles";
  source: SourceSpecification;
  /** The layers of a vector file that there is something to draw of; none of a picture. */
  layers: string[];
  /** Who is to be named. */
  attribution: string;
}

export interface Colours {
  paper: string;
  raised: string;
  line: string;
  muted: string;
}

/** The same thing by the names of the two schemas that files of Indonesia are made in (Protomaps, OpenMapTiles). */
const AREAS = { sea: ["water"], building: ["buildings", "building"], land: ["earth"] } as const;
const LINES = { road: ["roads", "transportation"], border: ["boundaries", "boundary"] } as const;

/** The layers that draw the ground, from below: a picture as it is, vectors in the quiet colours of the page and without names. */
export function groundLayers({ source, layers }: Ground, { paper, raised, line, muted }: Colours): LayerSpecification[] {
  if (source.type === "raster") return [{ id: GROUND, type: "raster", source: GROUND, paint: { "raster-fade-duration": 0 } }];
  const there = (names: readonly string[]) => names.filter((name) => layers.includes(name));
  const area = (name: string, colour: string): LayerSpecification => ({
    id: `${GROUND}-${name}`,
    type: "fill",
    source: GROUND,
    "source-layer": name,
    filter: ["==", ["geometry-type"], "Polygon"],
    paint: { "fill-color": colour },
  });
  const stroke = (name: string, colour: string, dashes: number[] | undefined, widest: number): LayerSpecification => ({
    id: `${GROUND}-${name}`,
    type: "line",
    source: GROUND,
    "source-layer": name,
    filter: ["==", ["geometry-type"], "LineString"],
    paint: { "line-color": colour, "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 0.5, 17, widest], ...(dashes ? { "line-dasharray": dashes } : {}) },
  });
  return [
    ...there(AREAS.land).map((name) => area(name, raised)),
    ...there(AREAS.sea).map((name) => area(name, paper)),
    ...there(AREAS.building).map((name) => area(name, line)),
    ...there(LINES.road).map((name) => stroke(name, line, undefined, 8)),
    ...there(LINES.border).map((name) => stroke(name, muted, [3, 2], 1.5)),
  ];
}

/** Words without the markup that makers of files put around their names. */
export function plainWords(markup: unknown): string {
  if (typeof markup !== "string") return "";
  return markup.replace(/<[^>]*>/g, "").replaceAll("&copy;", "©").replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
}

/** Tiles of a server, as the service names it. */
export function tilesOf(url: string, attribution: string | null | undefined): Ground {
  return { kind: "tiles", source: { type: "raster", tiles: [url], tileSize: 256 }, layers: [], attribution: plainWords(attribution) };
}
