// The sentences of the agency's desk, beside those of both desks.
import officerEn from "../../texts/officer.en.json";
import officerId from "../../texts/officer.id.json";
import boardEn from "../../texts/board.en.json";
import boardId from "../../texts/board.id.json";
import en from "../../texts/desk.en.json";
import id from "../../texts/desk.id.json";
import { speaker, type CommonKey } from "../texts";

type Own = keyof typeof id | keyof typeof boardId | keyof typeof officerId;
export type Key = Own | CommonKey;
export const text = speaker<Own>({ id: { ...officerId, ...boardId, ...id }, en: { ...officerEn, ...boardEn, ...en } });
