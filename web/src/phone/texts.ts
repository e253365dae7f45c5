// The phone's sentences.
import en from "../../texts/phone.en.json";
import id from "../../texts/phone.id.json";
import { speaker, type CommonKey } from "../texts";

export type Key = keyof typeof id | CommonKey;
export const text = speaker<keyof typeof id>({ id, en });
