// What the service says is amiss in a form, as `Problem` and `Field` show it.
import { Refused } from "../call";
import { officer } from "./officer.svelte";
import { officerText } from "./texts";

export interface Amiss {
  /** Id of the field that it is about, if it is about one. */
  field?: string | undefined;
  text: string;
}

/** What to show of a call that was not done. `ids` names the field of the page for a field of the service; unknown ones lead nowhere. */
export function amissOf(error: unknown, ids: Record<string, string> = {}): Amiss[] {
  if (error instanceof Refused && error.problem?.fields?.length) {
    return error.problem.fields.map(({ field, message }) => ({ field: ids[field], text: message }));
  }
  const say = (key: "officer.offline" | "officer.failed") => officerText(officer.language, key);
  const text = officer.explain(error, say("officer.offline"), say("officer.failed"));
  return text ? [{ text }] : [];
}

/** The sentence about one field. */
export function amissAt(problems: Amiss[], id: string): string | undefined {
  return problems.find(({ field }) => field === id)?.text;
}
