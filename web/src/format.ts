// Dates, times and numbers as Indonesian offices write them: 23 November 2026, 07.30, 1.329.
import { commonText as text, type Language } from "./texts";

const LOCALE: Record<Language, string> = { id: "id-ID", en: "en-GB" };

/** `Sabtu, 28 November 2026`, of a date such as `2026-11-28`. */
export function longDate(date: string, language: Language): string {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(`${date}T00:00:00Z`));
}

/** `Sab, 28 Nov`, of a date such as `2026-11-28`. */
export function shortDate(date: string, language: Language): string {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(`${date}T00:00:00Z`));
}

/** `28 November 2026`, of a date such as `2026-11-28`. */
export function plainDate(date: string, language: Language): string {
  return dateOf(`${date}T00:00:00Z`, "UTC", language);
}

/** `November 2026`, of a month such as `2026-11`. */
export function monthName(month: string, language: Language): string {
  const options = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(`${month}-01T00:00:00Z`));
}

/** `28 November 2026`, of an instant in a zone. */
export function dateOf(at: number | string, zone: string, language: Language): string {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: zone } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(at));
}

/** `07.30`, in the zone of the place of duty. */
export function clock(at: number | string, zone: string, language: Language): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(at));
}

/** `08.00–10.30`, of clock times such as `08:00`. */
export function clocks(from: string, to: string, language: Language): string {
  const times = `${from.slice(0, 5)}–${to.slice(0, 5)}`;
  return language === "id" ? times.replaceAll(":", ".") : times;
}

export function number(value: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: 0 }).format(value);
}

/** Metres of accuracy, rounded up so that no point looks better than it is. */
export function metres(value: number, language: Language): string {
  return number(Math.ceil(value), language);
}

/** A NIP in its printed groups, `19860926 201505 1 001`; any other number as it is. */
export function printedNumber(number: string): string {
  return /^\d{18}$/.test(number) ? [number.slice(0, 8), number.slice(8, 14), number.slice(14, 15), number.slice(15)].join(" ") : number;
}

/** `1 jam 20 menit`, from two days on `4 hari`: whole minutes or days, rounded down, so that nobody counts on time that is not there. */
export function span(milliseconds: number, language: Language): string {
  if (milliseconds < 60_000) return text(language, "span.less");
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return text(language, "span.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return text(language, "span.days", { days: Math.floor(hours / 24) });
  if (minutes % 60 === 0) return text(language, "span.whole_hours", { hours });
  return text(language, "span.hours", { hours, minutes: minutes % 60 });
}

/** `28 November 2026`, of a date such as `2026-11-28`. */
export function dayOf(date: string, language: Language): string {
  return dateOf(`${date}T00:00:00Z`, "UTC", language);
}

/** `3–7 Desember 2026`, of two dates, both inclusive. */
export function daysOf(from: string, to: string, language: Language): string {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/** `November 2026`, of a month such as `2026-11`. */
export function monthOf(month: string, language: Language): string {
  const options = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(`${month}-01T00:00:00Z`));
}

/** `28 Nov, 07.30`, of an instant in a zone: for lists. */
export function momentOf(at: number | string, zone: string, language: Language): string {
  const options = { day: "numeric", month: "short", timeZone: zone } as const;
  return `${new Intl.DateTimeFormat(LOCALE[language], options).format(new Date(at))}, ${clock(at, zone, language)}`;
}
