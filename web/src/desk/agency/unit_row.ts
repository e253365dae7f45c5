// One unit as the file of units has it.

export interface UnitRow {
  code: string;
  parent: string;
  /** NIP or internal number; empty while the post is vacant. Left out, whoever leads the unit stays. */
  head?: string | undefined;
  name: string;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** A file of one row, with the headings that the service asks for. */
export function unitRow({ code, parent, head, name }: UnitRow): string {
  const columns = [["code", code], ["parent", parent], ...(head === undefined ? [] : [["head", head]]), ["name", name]] as [string, string][];
  return `${columns.map(([heading]) => heading).join(",")}\r\n${columns.map(([, value]) => quoted(value)).join(",")}\r\n`;
}
