// The ground of a large map: what is drawn of a picture, of vectors by either schema, and who is named.
import { expect, test } from "vitest";
import { groundLayers, plainWords, tilesOf, type Ground } from "../../src/officer/ground";

const COLOURS = { paper: "#fbfaf7", raised: "#ffffff", line: "#d8d5cc", muted: "#5b6461" };
const vector = (layers: string[]): Ground => ({ kind: "file", source: { type: "vector", url: "pmtiles://x" }, layers, attribution: "" });
const drawn = (ground: Ground) => groundLayers(ground, COLOURS).map((layer) => ("source-layer" in layer ? layer["source-layer"] : layer.type));

test("a picture is drawn as it is", () => {
  const tiles = tilesOf("https://tiles.example/{z}/{x}/{y}.png", "© Contoh");
  expect(tiles).toMatchObject({ kind: "tiles", source: { type: "raster", tiles: ["https://tiles.example/{z}/{x}/{y}.png"] }, attribution: "© Contoh" });
  expect(drawn(tiles)).toEqual(["raster"]);
});

test("vectors are drawn by the names that the file has, from below, whichever schema it follows", () => {
  expect(drawn(vector(["places", "roads", "boundaries", "buildings", "earth", "water", "pois"]))).toEqual(["earth", "water", "buildings", "roads", "boundaries"]);
  expect(drawn(vector(["transportation", "water", "building", "boundary", "place"]))).toEqual(["water", "building", "transportation", "boundary"]);
  expect(drawn(vector([]))).toEqual([]);
});

test("names come without the markup around them", () => {
  expect(plainWords('<a href="https://www.openstreetmap.org/copyright" target="_blank">&copy; OpenStreetMap</a> contributors')).toBe("© OpenStreetMap contributors");
  expect(plainWords(undefined)).toBe("");
  expect(plainWords(7)).toBe("");
});
