// Both languages say the same things, and every sentence is used.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { text } from "../../src/phone/texts";

type Texts = Record<string, string>;
const read = (file: string) => JSON.parse(readFileSync(`texts/${file}`, "utf8")) as Texts;
const rooms = readdirSync("texts")
  .filter((file) => file.endsWith(".id.json"))
  .map((file) => file.replace(".id.json", ""))
  .map((room) => ({ room, id: read(`${room}.id.json`), en: read(`${room}.en.json`) }));

const placesOf = (sentence = "") => [...sentence.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

test("english has each sentence of indonesian, with the same places", () => {
  expect(rooms.length).toBeGreaterThan(3);
  for (const { room, id, en } of rooms) {
    expect(Object.keys(en), room).toEqual(Object.keys(id));
    for (const [key, sentence] of Object.entries(id)) expect(placesOf(en[key]), key).toEqual(placesOf(sentence));
  }
});

test("no sentence is left over, and none stands in two rooms", () => {
  const names = readdirSync("src", { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const source = names.map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8")).join("\n");
  // Keys made of a fixed beginning and a code, as `mode.${day.mode}`.
  const beginnings = [...source.matchAll(/`(\w+\.\w*?)\$\{/g)].map(([, beginning]) => String(beginning));
  const keys = rooms.flatMap(({ id }) => Object.keys(id));
  const unused = keys.filter((key) => !source.includes(`"${key}"`) && !beginnings.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test("places are filled in, and an unknown one stays to be seen", () => {
  expect(text("id", "slot.received", { at: "07.41" })).toBe("Diterima 07.41");
  expect(text("en", "slot.received")).toBe("Received {at}");
});

test("no sentence accuses or shouts", () => {
  for (const sentence of rooms.flatMap(({ id, en }) => [...Object.values(id), ...Object.values(en)])) {
    expect(sentence).not.toMatch(/!|gagal|\bsalah\b(?! satu)|curang|\binvalid\b|error|fail/i);
  }
});
