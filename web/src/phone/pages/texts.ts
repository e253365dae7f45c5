// The sentences of the pages beyond the first screen.
import en from "../../../texts/phone_more.en.json";
import id from "../../../texts/phone_more.id.json";
import { speaker, type CommonKey, type Values } from "../../texts";
import { phone } from "../phone.svelte";

export type MoreKey = keyof typeof id | CommonKey;
const text = speaker<keyof typeof id>({ id, en });

/** A sentence in the language that the person reads. */
export function say(key: MoreKey, values?: Values): string {
  return text(phone.language, key, values);
}

export function isKey(key: string): key is keyof typeof id {
  return Object.hasOwn(id, key);
}
