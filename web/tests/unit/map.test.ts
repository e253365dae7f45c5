// The reckoning behind the small map, against distances known from elsewhere.
import { expect, test } from "vitest";
import { distance, fit, project, scaleLength, spread } from "../../src/officer/map";

const SERANG = { latitude: -6.1201, longitude: 106.1503 };
const PANDEGLANG = { latitude: -6.3084, longitude: 106.1067 };

test("the distance is that of the globe to a part in a hundred", () => {
  // By the haversine on a sphere of 6,371 km.
  expect(distance(SERANG, PANDEGLANG)).toBeGreaterThan(21_480 * 0.99);
  expect(distance(SERANG, PANDEGLANG)).toBeLessThan(21_480 * 1.01);
  expect(distance(SERANG, SERANG)).toBe(0);
});

test("every circle is whole in the view, north is up, and east is to the right", () => {
  const view = fit([{ ...SERANG, metres: 500 }, { ...PANDEGLANG, metres: 2_000 }], 480, 320);
  for (const [place, metres] of [[SERANG, 500], [PANDEGLANG, 2_000]] as const) {
    const { x, y } = project(view, place);
    const radius = metres / view.metres;
    expect(x - radius).toBeGreaterThan(0);
    expect(x + radius).toBeLessThan(480);
    expect(y - radius).toBeGreaterThan(0);
    expect(y + radius).toBeLessThan(320);
  }
  expect(project(view, SERANG).y).toBeLessThan(project(view, PANDEGLANG).y);
  expect(project(view, SERANG).x).toBeGreaterThan(project(view, PANDEGLANG).x);
});

test("a single point is not looked at from nearer than 600 m across", () => {
  const view = fit([{ ...SERANG, metres: 0 }], 480, 320);
  expect(view.metres * 480).toBeCloseTo(600);
  expect(project(view, SERANG)).toEqual({ x: 240, y: 160 });
});

test("the scale bar is of a round length and at most a quarter wide", () => {
  for (const metres of [1.25, 3.3, 41, 700]) {
    const view = { middle: SERANG, metres, width: 480, height: 320 };
    const length = scaleLength(view);
    expect(String(length)).toMatch(/^[125]0*$/);
    expect(length / metres).toBeLessThanOrEqual(120);
    expect(length / metres).toBeGreaterThan(120 / 2.6);
  }
});

test("names are not written over one another, and the nearest to the middle wins", () => {
  const view = fit([{ ...SERANG, metres: 2_000 }], 480, 320);
  const beside = { latitude: SERANG.latitude + 0.0005, longitude: SERANG.longitude };
  expect(spread(view, [beside, SERANG, PANDEGLANG], 9)).toEqual([SERANG]);
});
