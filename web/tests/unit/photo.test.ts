// Photos become small enough, and keep their shape.
import { expect, test } from "vitest";
import { fitted } from "../../src/phone/pages/photo";

test("the longer side is bounded and the shape is kept", () => {
  expect(fitted(4_032, 3_024, 1_600)).toEqual({ width: 1_600, height: 1_200 });
  expect(fitted(3_024, 4_032, 1_600)).toEqual({ width: 1_200, height: 1_600 });
  expect(fitted(1_600, 1_600, 1_600)).toEqual({ width: 1_600, height: 1_600 });
});

test("a small picture stays as it is, and a narrow one keeps a pixel", () => {
  expect(fitted(800, 600, 1_600)).toEqual({ width: 800, height: 600 });
  expect(fitted(10_000, 2, 1_600)).toEqual({ width: 1_600, height: 1 });
});
