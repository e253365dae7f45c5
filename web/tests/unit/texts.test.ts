// Both languages say the same things, and every sentence is used.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { text } from "../../src/texts";
import en from "../../texts/en.json";
import id from "../../texts/id.json";

const placesOf = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

test("english has each sentence of indonesian, with the same places", () => {
  expect(Object.keys(en)).toEqual(Object.keys(id));
  for (const [key, sentence] of Object.entries(id)) {
    expect(placesOf(en[key as keyof typeof en]), key).toEqual(placesOf(sentence));
  }
});

test("no sentence is left over", () => {
  const names = readdirSync("src", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const source = names.map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8")).join("\n");
  // Keys made of a fixed beginning and a code, as `mode.${day.mode}`.
  const beginnings = [...source.matchAll(/`(\w+\.\w*?)\$\{/g)].map(([, beginning]) => String(beginning));
  const unused = Object.keys(id).filter((key) => !source.includes(`"${key}"`) && !beginnings.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
});

test("places are filled in, and an unknown one stays to be seen", () => {
  expect(text("id", "slot.received", { at: "07.41" })).toBe("Diterima 07.41");
  expect(text("en", "slot.received")).toBe("Received {at}");
});

test("no sentence accuses or shouts", () => {
  for (const sentence of [...Object.values(id), ...Object.values(en)]) {
    expect(sentence).not.toMatch(/!|gagal|salah|curang|invalid|error|fail/i);
  }
});
