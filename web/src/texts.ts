// Every sentence of the pages, from one file a room and language; what the service itself says comes from the service.
import en from "../texts/common.en.json";
import id from "../texts/common.id.json";

export type Language = "id" | "en";
export type Values = Record<string, string | number>;
export type CommonKey = keyof typeof id;

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

/** What says the sentences of a room, and those that all rooms have in common, with their places filled in. */
export function speaker<Key extends string>(room: Record<Language, Record<Key, string>>) {
  const texts = { id: { ...id, ...room.id }, en: { ...en, ...room.en } } as Record<Language, Record<string, string>>;
  return (language: Language, key: Key | CommonKey, values: Values = {}): string =>
    (texts[language][key] ?? key).replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** Says what all rooms have in common. */
export const commonText = speaker<never>({ id: {}, en: {} });
