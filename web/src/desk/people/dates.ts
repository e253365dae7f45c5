// Dates such as `2026-11-28`, one after the other.

/** So many days are set at once. */
export const MOST_DAYS = 31;

/** Every date from one to another, both inclusive; none where they are out of order, unreadable or too far apart. */
export function datesBetween(from: string, to: string): string[] {
  const [first, last] = [from, to].map((date) => Date.parse(`${date}T00:00:00Z`)) as [number, number];
  const days = Math.round((last - first) / 86_400_000) + 1;
  if (!(days >= 1 && days <= MOST_DAYS)) return [];
  return Array.from({ length: days }, (_, day) => new Date(first + day * 86_400_000).toISOString().slice(0, 10));
}
