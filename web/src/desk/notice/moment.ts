// A date and a time of day of a zone as an instant. Indonesia's three zones know no summer time.

const HOURS_AHEAD: Record<string, string> = { "Asia/Jakarta": "+07:00", "Asia/Makassar": "+08:00", "Asia/Jayapura": "+09:00" };

/** `2026-11-28T07:30:00+07:00`, of a date and `07.30` or `7:30`; what can't be read is handed on for the service to name. */
export function instant(date: string, time: string, zone: string): string {
  const [, hours = "", minutes = ""] = /^\s*(\d{1,2})[.:](\d{2})\s*$/.exec(time) ?? [];
  return hours ? `${date}T${hours.padStart(2, "0")}:${minutes}:00${HOURS_AHEAD[zone] ?? "+07:00"}` : `${date}T${time.trim()}`;
}
