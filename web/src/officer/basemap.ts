// Opens what the operator mounted below maps: a file of tiles beside the database, or a server's tiles. Loaded with the large map.
import { addProtocol } from "maplibre-gl";
import { plainWords, tilesOf, type Ground } from "./ground";
import { mounted } from "./mounted";

let opened: Promise<Ground | undefined> | undefined;

/** The ground of maps; nothing where the operator mounted none or it can't be read. */
export function ground(): Promise<Ground | undefined> {
  opened ??= open().catch(() => {
    opened = undefined;
    return undefined;
  });
  return opened;
}

async function open(): Promise<Ground | undefined> {
  const { basemap, url, attribution } = (await mounted()) ?? {};
  if (!url) return undefined;
  return basemap === "tiles" ? tilesOf(url, attribution) : openFile(new URL(url, location.origin).href);
}

async function openFile(address: string): Promise<Ground> {
  const { PMTiles, Protocol, TileType } = await import("pmtiles");
  const file = new PMTiles(address);
  const [{ tileType }, metadata] = await Promise.all([file.getHeader(), file.getMetadata()]);
  const { attribution, vector_layers } = (metadata ?? {}) as { attribution?: unknown; vector_layers?: { id: string }[] };
  const protocol = new Protocol();
  protocol.add(file);
  addProtocol("pmtiles", protocol.tile);
  const url = `pmtiles://${address}`;
  return {
    kind: "file",
    source: tileType === TileType.Mvt ? { type: "vector", url } : { type: "raster", url, tileSize: 256 },
    layers: (vector_layers ?? []).map(({ id }) => id),
    attribution: plainWords(attribution),
  };
}
