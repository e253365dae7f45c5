// The names of the pages, which the first screen knows, are those that can be loaded.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isPage } from "../../src/phone/pages";

test("each page that can be loaded is known by its name, and none else", () => {
  const loaded = [...readFileSync("src/phone/pages/load.ts", "utf8").matchAll(/^ {2}(\w+): \(\) => import/gm)].map(([, name]) => String(name));
  expect(loaded.length).toBeGreaterThan(10);
  expect(loaded.filter((name) => !isPage(name))).toEqual([]);
  const known = readFileSync("src/phone/pages/index.ts", "utf8").match(/"([a-z ]+)"\.split/)?.[1]?.split(" ");
  expect(known?.sort()).toEqual(loaded.sort());
  expect(isPage("bagikan")).toBe(false);
});
