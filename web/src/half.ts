// A day in words: one mode, or one for each half.
import type { components } from "../generated/schema";
import { commonText, type Language } from "./texts";

type Mode = components["schemas"]["WorkModeView"];

/** `Bekerja dari rumah`, or `Pagi bekerja dari rumah, siang bekerja di kantor`. */
export function modeWords(language: Language, mode: Mode, afternoon: Mode | null | undefined): string {
  const word = (mode: Mode) => commonText(language, `mode.${mode}`);
  if (!afternoon) return word(mode);
  return commonText(language, "mode.halves", { morning: word(mode).toLowerCase(), afternoon: word(afternoon).toLowerCase() });
}
