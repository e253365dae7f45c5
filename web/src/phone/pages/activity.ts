// Daily entries as the pages know them: what is asked of the service, and the form.
import type { components } from "../../../generated/schema";
import { api } from "../../session";
import { dateIn } from "../../slot";
import type { WaitingEntry } from "../../store";
import { wholeList } from "./whole_list";
import { uuid7 } from "../../uuid";
import { phone } from "../phone.svelte";

export type Activity = components["schemas"]["ActivityView"];

/** So many days are listed at once. */
const DAYS = 31;
const DAY_MILLISECONDS = 86_400_000;
const LIMIT = 200;

/** The form of an entry, as it is kept. */
export interface Fields {
  /** Made on the phone, so that the entry is the same however often it is sent. */
  id: string;
  work_date: string;
  start: string;
  end: string;
  description: string;
  output: string;
  quantity: string;
  unit: string;
  photos: ArrayBuffer[];
}

/** The entries of the 31 days that end before a date, all of them, newest first; without one, of the last 31 days. */
export async function listActivities(before: string | undefined) {
  const end = before ? Date.parse(`${before}T00:00:00Z`) - DAY_MILLISECONDS : undefined;
  const last = end === undefined ? undefined : new Date(end).toISOString().slice(0, 10);
  const from = end === undefined ? dateIn(phone.zone, Date.now() - DAYS * DAY_MILLISECONDS) : new Date(end - DAYS * DAY_MILLISECONDS).toISOString().slice(0, 10);
  const period = last ? { from, to: last } : { from };
  const dayBefore = new Date(Date.parse(`${from}T00:00:00Z`) - DAY_MILLISECONDS).toISOString().slice(0, 10);
  // Whether there is anything earlier is asked beside, so that a month without entries is not the end.
  const [answer, earlier] = await Promise.all([
    wholeList<Activity>((cursor) => api.GET("/v1/me/activities", { params: { query: { ...period, limit: LIMIT, ...(cursor ? { cursor } : {}) } } })),
    api.GET("/v1/me/activities", { params: { query: { to: dayBefore, limit: 1 } } }),
  ]);
  if (!answer.data || !earlier.data) return answer.data ? { error: earlier.error, response: earlier.response } : answer;
  const items = [...answer.data.items].sort((one, other) => (`${one.work_date}${one.start}` < `${other.work_date}${other.start}` ? 1 : -1));
  return { data: { items, next_cursor: earlier.data.items.length > 0 ? from : null }, response: answer.response };
}

export function emptyForm(): Fields {
  const work_date = dateIn(phone.zone, phone.now);
  return { id: uuid7(Date.now()), work_date, start: "", end: "", description: "", output: "", quantity: "", unit: "", photos: [] };
}

/** A form with what an entry says already. Files that the service has stay there. */
export function formOf(entry: Activity | WaitingEntry["body"], photos: ArrayBuffer[] = []): Fields {
  const { work_date, start, end, description, output, quantity, unit } = entry;
  return { id: entry.id, work_date, start, end, description, output, quantity: quantity ? String(quantity) : "", unit: unit ?? "", photos };
}

export function entryOf(fields: Fields, account_id: string): WaitingEntry {
  const { id, work_date, start, end, description, output } = fields;
  const [quantity, unit] = [Number.parseInt(fields.quantity, 10), fields.unit.trim()];
  const amount = Number.isNaN(quantity) && unit === "" ? {} : { quantity: Number.isNaN(quantity) ? null : quantity, unit: unit || null };
  const body = { id, work_date, start, end, description: description.trim(), output: output.trim(), ...amount };
  return { account_id, body, photos: fields.photos };
}
