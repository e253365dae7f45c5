// What a table makes of its rows: search, order, and a file that no spreadsheet can be harmed by.
import { expect, test } from "vitest";
import { csv, found, sorted, type Column } from "../../src/officer/column";

interface Row {
  name: string;
  number: string;
  days: number;
}

const columns: Column<Row>[] = [
  { name: "name", title: "Nama", text: ({ name }) => name },
  { name: "number", title: "NIP", text: ({ number }) => number },
  { name: "days", title: "Hari", text: ({ days }) => String(days), figure: ({ days }) => days },
];
const dewi = { name: "Dewi Lestari, S.Pd.", number: "19850312 201001 2 003", days: 10 };
const jose = { name: "José Sitorus", number: "19790101 200501 1 001", days: 9 };
const rows = [dewi, jose];
const find = (search: string) => found(rows, columns, search, [], {});

test("every word is found in whichever column, whatever its marks and case", () => {
  expect(find("  LESTARI dewi")).toEqual([dewi]);
  expect(find("jose sit")).toEqual([jose]);
  expect(find("dewi sitorus")).toEqual([]);
  expect(find("")).toBe(rows);
});

test("digits are found across the groups of a number, typed with or without spaces", () => {
  expect(find("198503122010")).toEqual([dewi]);
  expect(find("19850312 2010")).toEqual([dewi]);
  expect(find("22003")).toEqual([]);
});

test("a filter holds beside the search", () => {
  const filter = { name: "many", title: "", choices: [], holds: ({ days }: Row, value: string) => days >= Number(value) };
  expect(found(rows, columns, "", [filter], { many: "10" })).toEqual([dewi]);
  expect(found(rows, columns, "jose", [filter], { many: "10" })).toEqual([]);
  expect(found(rows, columns, "", [filter], { many: "" })).toBe(rows);
});

test("figures are sorted as numbers, and the rows that were given stay as they are", () => {
  expect(sorted(rows, columns, { name: "days", isDown: false })).toEqual([jose, dewi]);
  expect(sorted(rows, columns, { name: "days", isDown: true })).toEqual([dewi, jose]);
  expect(sorted(rows, columns, { name: "name", isDown: true })).toEqual([jose, dewi]);
  expect(rows).toEqual([dewi, jose]);
});

test("the file guards formulas, keeps long numbers as text, and quotes what would break a line", () => {
  const lines = (row: Row) => csv([row], columns).split("\r\n");
  expect(csv([], columns)).toBe("\ufeffNama;NIP;Hari\r\n");
  expect(lines({ name: "=1+1", number: "+62", days: -3 })[1]).toBe("'=1+1;'+62;-3");
  expect(lines({ name: "@x", number: "\tx", days: 1 })[1]).toBe("'@x;'\tx;1");
  expect(lines({ name: "x", number: "198503122010012003", days: 1 })[1]).toBe("x;'198503122010012003;1");
  expect(lines({ name: "x", number: "0123", days: 1 })[1]).toBe("x;'0123;1");
  expect(lines({ name: 'a;"b', number: "1", days: 1 })[1]).toBe('"a;""b";1;1');
});
