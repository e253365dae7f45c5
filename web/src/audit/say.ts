// Says a sentence of the auditor's desk in the language that is chosen now.
import { officer } from "../officer/officer.svelte";
import type { Values } from "../texts";
import { text, type Key } from "./texts";

export const say = (key: Key, values?: Values): string => text(officer.language, key, values);
