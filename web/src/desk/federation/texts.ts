// The sentences of the pages about agencies' own instances, which come with these pages, beside those of the desk.
import en from "../../../texts/federation.en.json";
import id from "../../../texts/federation.id.json";
import { speaker, type Language, type Values } from "../../texts";
import { text as ofDesk, type Key as DeskKey } from "../texts";

type Own = keyof typeof id;
export type Key = Own | DeskKey;
const own = speaker<Own>({ id, en });

export function text(language: Language, key: Key, values: Values = {}): string {
  return key in id ? own(language, key as Own, values) : ofDesk(language, key as DeskKey, values);
}
