// Every sentence of the pages, from one file a language; what the service itself says comes from the service.
import en from "../texts/en.json";
import id from "../texts/id.json";

export type Language = "id" | "en";
export type Key = keyof typeof id;

const TEXTS: Record<Language, Record<Key, string>> = { id, en };
const PLACE_OF_CHOICE = "sherlok-language";

/** Indonesian unless the person chose English. */
export function chosenLanguage(): Language {
  try {
    return localStorage.getItem(PLACE_OF_CHOICE) === "en" ? "en" : "id";
  } catch {
    return "id";
  }
}

export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(PLACE_OF_CHOICE, language);
  } catch {
    // It then holds until the page is closed.
  }
}

/** The sentence with its places filled in. */
export function text(language: Language, key: Key, values: Record<string, string | number> = {}): string {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
