// Holidays and joint leave by date, for the years that some days lie in.
import { answerOf } from "../../call";
import { api } from "../../officer/session";

/** Names by date. A year that nobody has told anything about has none. */
export async function holidaysOf(years: number[]): Promise<Map<string, string>> {
  const calendars = await Promise.all(years.map(async (year) => answerOf(await api.GET("/v1/calendars/{year}", { params: { path: { year } } }))));
  return new Map(calendars.flatMap(({ holidays }) => holidays.map(({ date, name }) => [date, name] as const)));
}
