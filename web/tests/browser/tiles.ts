// A basemap of one tile that covers the globe, as PMTiles 3 has it: a picture of one colour, or a vector layer that fills the tile.
import { deflateSync } from "node:zlib";
import { crc32 } from "./crc";

export interface Content {
  type: number;
  tile: Buffer;
  metadata: object;
}

const ATTRIBUTION = '<a href="https://contoh.example">&copy; Kontributor Uji</a>';

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

/** A PNG of 256 by 256 points of one colour. */
export function picture(colour: [number, number, number]): Content {
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: 256 }, () => colour).flat())]);
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const framed = Buffer.alloc(8 + body.length);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), 4 + body.length);
    return framed;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(256, 0);
  head.writeUInt32BE(256, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const tile = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: 256 }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { type: 2, tile, metadata: { attribution: ATTRIBUTION } };
}

/** A vector tile whose layer of this name is one square over the whole tile. */
export function vectors(name: string): Content {
  const field = (number: number, data: number[]) => [...varint(number * 8 + 2), ...varint(data.length), ...data];
  const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
  // Move to the corner, three lines, close.
  const geometry = [9, zigzag(0), zigzag(0), 26, zigzag(4096), zigzag(0), zigzag(0), zigzag(4096), zigzag(-4096), zigzag(0), 15].flatMap(varint);
  const feature = [...varint(3 * 8), 3, ...field(4, geometry)];
  const layer = [...field(1, [...Buffer.from(name)]), ...field(2, feature), ...varint(5 * 8), ...varint(4096), ...varint(15 * 8), 2];
  return { type: 1, tile: Buffer.from(field(3, layer)), metadata: { attribution: ATTRIBUTION, vector_layers: [{ id: name, fields: {} }] } };
}

/** The whole file: header, one entry, metadata, the tile. Nothing in it is compressed. */
export function basemap({ type, tile, metadata }: Content): Buffer {
  const directory = Buffer.from([1, 0, 1, ...varint(tile.length), 1]);
  const told = Buffer.from(JSON.stringify(metadata));
  const header = Buffer.alloc(127);
  header.write("PMTiles", 0, "latin1");
  header[7] = 3;
  const [root, meta] = [127, 127 + directory.length];
  const leaf = meta + told.length;
  [root, directory.length, meta, told.length, leaf, 0, leaf, tile.length, 1, 1, 1].forEach((value, at) => header.writeBigUInt64LE(BigInt(value), 8 + 8 * at));
  // Clustered; neither directory nor tiles compressed; zoom 0 alone; the globe.
  header.set([1, 1, 1, type, 0, 0], 96);
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((value, at) => header.writeInt32LE(value, 102 + 4 * at));
  return Buffer.concat([header, directory, told, tile]);
}
