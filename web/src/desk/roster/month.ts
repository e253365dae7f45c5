// The month that a new roster is most often for.

/** First and last date of the month after that of `today`. */
export function monthAfter(today: string): { from: string; to: string } {
  const [year = 0, month = 1] = today.split("-").map(Number);
  const written = (date: number) => new Date(date).toISOString().slice(0, 10);
  return { from: written(Date.UTC(year, month, 1)), to: written(Date.UTC(year, month + 1, 0)) };
}
