// A stretch of cells in the roster's grid: from where it was begun to where it was drawn to.

export interface Spot {
  /** Index of the person. */
  row: number;
  /** Index of the day. */
  day: number;
}

export interface Selection {
  start: Spot;
  end: Spot;
}

export function spots({ start, end }: Selection): Spot[] {
  const found: Spot[] = [];
  for (let row = Math.min(start.row, end.row); row <= Math.max(start.row, end.row); row += 1) {
    for (let day = Math.min(start.day, end.day); day <= Math.max(start.day, end.day); day += 1) found.push({ row, day });
  }
  return found;
}

export function holds({ start, end }: Selection, { row, day }: Spot): boolean {
  const between = (value: number, one: number, other: number) => value >= Math.min(one, other) && value <= Math.max(one, other);
  return between(row, start.row, end.row) && between(day, start.day, end.day);
}

/** Where a key leads from a spot in a grid of so many rows and days; nowhere for other keys. */
export function step(key: string, { row, day }: Spot, rows: number, days: number, isFar: boolean): Spot | undefined {
  const steps: Record<string, Spot> = {
    ArrowUp: { row: row - 1, day },
    ArrowDown: { row: row + 1, day },
    ArrowLeft: { row, day: day - 1 },
    ArrowRight: { row, day: day + 1 },
    PageUp: { row: row - 10, day },
    PageDown: { row: row + 10, day },
    Home: { row: isFar ? 0 : row, day: 0 },
    End: { row: isFar ? rows - 1 : row, day: days - 1 },
  };
  const next = steps[key];
  if (!next) return undefined;
  return { row: Math.min(rows - 1, Math.max(0, next.row)), day: Math.min(days - 1, Math.max(0, next.day)) };
}
