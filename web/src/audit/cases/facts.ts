// The facts of an opened case, one sentence each, before anybody judges them.
import { clock, metres, number } from "../../format";
import type { Language } from "../../texts";
import { text, type Key } from "../texts";
import type { DayFile } from "./cases.svelte";

export interface Fact {
  text: string;
  /** Flags stand apart: they inform and decide nothing. */
  isFlag: boolean;
}

export function facts(file: DayFile, zone: string, language: Language): Fact[] {
  const say = (key: string, values?: Record<string, string | number>) => text(language, key as Key, values);
  const plain = (key: string, values?: Record<string, string | number>): Fact => ({ text: say(key, values), isFlag: false });
  const at = (instant: string) => clock(instant, zone, language);
  const { record, sealed_row: sealed } = file;
  const kind = file.duty_places[0]?.kind ?? "none";
  const source = sealed ? [plain(record?.position ? "fact.sealed" : "fact.sealed_alone")] : [];
  const mode = record?.mode ?? sealed?.mode;
  const working = mode ? [plain("fact.mode", { mode: say(`mode.${mode}`) })] : [];
  if (!record) return [plain("fact.missing"), ...(kind === "none" ? [] : [plain(`fact.expected_${kind}`)]), ...source, ...working];

  const found = [...source, ...working];
  const time = say(`fact_time.${record.time}`);
  const received = record.received_at;
  found.push(received ? plain("fact.captured", { at: at(record.captured_at), received: at(received), time }) : plain("fact.captured_sealed", { at: at(record.captured_at), time }));
  if (record.distance_class) found.push(plain("fact.distance_class", { class: say(`distance_class.${record.distance_class}`) }));
  if (record.distance_metres !== undefined && record.distance_metres !== null) {
    found.push(plain(kind === "site" ? "fact.distance_site" : "fact.distance_home", { metres: number(record.distance_metres, language) }));
  }
  if (record.accuracy_metres !== undefined && record.accuracy_metres !== null) {
    found.push(plain("fact.accuracy", { metres: metres(record.accuracy_metres, language) }));
  }
  found.push(plain(`fact_place.${record.place}`));
  if (record.position_message) found.push({ text: record.position_message, isFlag: false });
  found.push(...record.flags.map((flag): Fact => ({ text: say(`fact_flag.${flag}`), isFlag: true })));
  if (record.note) found.push(plain("fact.note", { note: record.note }));
  return found;
}

/** How long before an instant another one was: `2 hari`, or hours and minutes within a day. */
export function before(earlier: string, later: string, language: Language): string {
  const minutes = Math.max(0, Math.round((Date.parse(later) - Date.parse(earlier)) / 60_000));
  if (minutes < 60) return text(language, "span.minutes", { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return text(language, "span.hours", { hours, minutes: minutes % 60 });
  return text(language, "earlier.days", { days: Math.floor(hours / 24) });
}
