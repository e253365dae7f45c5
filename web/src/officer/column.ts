// The columns of a table, and what they make of its rows: order, search, and a file for spreadsheets.

export interface Column<Row> {
  name: string;
  title: string;
  /** What is shown, searched and written to the file. */
  text: (row: Row) => string;
  /** Width in rem; one column without it takes what is left. */
  width?: number;
  /** Figures stand to the right and are sorted as numbers by `figure`. */
  figure?: (row: Row) => number;
  /** By what it is sorted, if not by its text: a date as `2026-11-28`. */
  order?: (row: Row) => string;
  /** Left out where the page is narrow. */
  isWide?: boolean;
  isQuiet?: boolean;
}

/** A question about every row with a few answers, shown as a choice above the table. */
export interface Filter<Row> {
  name: string;
  title: string;
  choices: { value: string; title: string }[];
  holds: (row: Row, value: string) => boolean;
}

export interface Sorting {
  name: string;
  isDown: boolean;
}

/** Lower case without marks, so that `Sitorus, José` is found by `jose sitorus`. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The rows that hold every word searched for, in any column, and every filter. Digits are found across their groups. */
export function found<Row>(rows: Row[], columns: Column<Row>[], search: string, filters: Filter<Row>[], chosen: Record<string, string>): Row[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const isNumber = words.length > 0 && words.every((word) => /^\d+$/.test(word));
  const sought = isNumber ? [words.join("")] : words;
  const asked = filters.filter(({ name }) => chosen[name]);
  if (sought.length === 0 && asked.length === 0) return rows;
  return rows.filter((row) => {
    if (!asked.every((filter) => filter.holds(row, chosen[filter.name] ?? ""))) return false;
    if (sought.length === 0) return true;
    const texts = columns.map((column) => plain(column.text(row)));
    return sought.every((word) => texts.some((text) => text.includes(word) || (isNumber && text.replace(/\s/g, "").includes(word))));
  });
}

export function sorted<Row>(rows: Row[], columns: Column<Row>[], sorting: Sorting | undefined): Row[] {
  const column = columns.find(({ name }) => name === sorting?.name);
  if (!column || !sorting) return rows;
  const sign = sorting.isDown ? -1 : 1;
  const { figure, order = column.text } = column;
  if (figure) return [...rows].sort((one, other) => sign * (figure(one) - figure(other)));
  const { compare } = new Intl.Collator("id-ID", { numeric: true });
  // The keys are made once a row, not once a comparison.
  const keyed = rows.map((row) => ({ row, key: order(row) }));
  return keyed.sort((one, other) => sign * compare(one.key, other.key)).map(({ row }) => row);
}

/** What a cell may not begin with, since spreadsheets would run it. */
const FORMULA = /^[=+\-@\t\r]/;

/** A file for Indonesian spreadsheets: byte order mark, semicolons, formulas guarded, long numbers kept as text. */
export function csv<Row>(rows: Row[], columns: Column<Row>[]): string {
  const lines = [columns.map(({ title }) => cell(title, false))];
  for (const row of rows) lines.push(columns.map((column) => cell(column.text(row), column.figure !== undefined)));
  return `\ufeff${lines.map((line) => line.join(";")).join("\r\n")}\r\n`;
}

function cell(text: string, isFigure: boolean): string {
  const isNegative = isFigure && /^-[\d.,]+$/.test(text);
  const guarded = !isNegative && (FORMULA.test(text) || isLongNumber(text)) ? `'${text}` : text;
  return /[;"\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** Digits that a spreadsheet would round or cut: a NIP, or a code that begins with 0. */
function isLongNumber(text: string): boolean {
  return /^\d{12,}$/.test(text) || /^0\d+$/.test(text);
}

/** Hands a text to the browser as a file. */
export function save(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
