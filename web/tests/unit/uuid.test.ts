// Ids made on the phone are ones that the service takes, and stand in the order of their time.
import { expect, test } from "vitest";
import { uuid7 } from "../../src/uuid";

test("an id is of version 7 and holds its time", () => {
  const now = Date.UTC(2026, 2, 2, 0, 41, 3, 123);
  const id = uuid7(now);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(now);
});

test("later ids come after earlier ones, and no two are alike", () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => uuid7(1_772_000_000_000 + index));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 1_000 }, () => uuid7(1))).size).toBe(1_000);
});
