// The shapes of a case's map: rings that are closed and as wide as they say, and bounds that hold everything.
import { expect, test } from "vitest";
import { shapesOf } from "../../src/audit/cases/shapes";
import { bounds, closed, ring } from "../../src/officer/shapes";
import type { CaseFile } from "../../src/audit/cases/cases.svelte";
import { distance } from "../../src/officer/map";

const HOME = { latitude: -6.12, longitude: 106.15 };
const SHARE = { latitude: -6.1231, longitude: 106.15 };
const file = (parts: object) => ({ duty_places: [], earlier: [], ...parts }) as unknown as CaseFile;

test("a circle becomes a closed ring at its radius", () => {
  const corners = ring({ ...HOME, metres: 200 });
  expect(corners[0]).toEqual(corners.at(-1));
  for (const [longitude, latitude] of corners) expect(Math.abs(distance(HOME, { latitude, longitude }) - 200)).toBeLessThan(2);
});

test("what is shown is the duty places, the share and its accuracy, and lies within the bounds", () => {
  const site = [HOME, { latitude: -6.13, longitude: 106.15 }, { latitude: -6.13, longitude: 106.16 }];
  const shapes = shapesOf(
    file({
      duty_places: [
        { kind: "home", centre: HOME, radius_metres: 200, corners: [] },
        { kind: "site", corners: site },
      ],
      record: { position: SHARE, accuracy_metres: 25 },
    }),
  );
  expect(shapes.fences).toEqual([{ ...HOME, metres: 200 }]);
  expect(shapes.areas).toEqual([site]);
  expect(shapes.accuracy).toEqual({ ...SHARE, metres: 25 });
  const [[west, south], [east, north]] = bounds(shapes) ?? [[0, 0], [0, 0]];
  expect(west).toBeLessThan(HOME.longitude - 0.0017);
  expect(east).toBe(106.16);
  expect(south).toBe(-6.13);
  expect(north).toBeGreaterThan(HOME.latitude + 0.0017);
  expect(closed(site).length).toBe(4);
});

test("where nothing came and nothing is known there is nothing to show", () => {
  const shapes = shapesOf(file({}));
  expect([shapes.share, shapes.accuracy, bounds(shapes)]).toEqual([undefined, undefined, undefined]);
});
