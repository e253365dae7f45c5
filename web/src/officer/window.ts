// Which rows of a long list are drawn: those in sight, some on both sides, and the one that holds the focus. All rows are equally high.

export interface Drawn {
  index: number;
  /** Rows between the drawn one before it and this one. */
  gap: number;
}

/** So many rows are drawn above and below what is in sight. */
const MARGIN = 8;

/** The drawn rows of `count`, `height` pixels each, scrolled down by `top` in a window of `visible` pixels; `held` is drawn wherever it lies. */
export function drawn(count: number, height: number, top: number, visible: number, held: number | undefined): Drawn[] {
  const first = Math.min(Math.max(0, Math.floor(top / height) - MARGIN), Math.max(0, count - 1));
  const last = Math.min(count, Math.ceil((top + visible) / height) + MARGIN);
  const indices: number[] = [];
  for (let index = first; index < last; index += 1) indices.push(index);
  if (held !== undefined && held >= 0 && held < count) {
    if (held < first) indices.unshift(held);
    else if (held >= last) indices.push(held);
  }
  let before = 0;
  return indices.map((index) => {
    const gap = index - before;
    before = index + 1;
    return { index, gap };
  });
}

/** Rows after the last drawn one. */
export function left(count: number, rows: Drawn[]): number {
  return count - ((rows.at(-1)?.index ?? -1) + 1);
}
