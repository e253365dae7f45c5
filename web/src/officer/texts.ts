// The sentences that both desks have in common.
import en from "../../texts/officer.en.json";
import id from "../../texts/officer.id.json";
import { speaker, type CommonKey } from "../texts";

export type OfficerKey = keyof typeof id | CommonKey;
export const officerText = speaker<keyof typeof id>({ id, en });
