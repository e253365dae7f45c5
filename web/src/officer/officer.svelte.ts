// What every page of a desk shares: who is signed in, the language, and which page the address names.
import { NoNetwork, Refused, SignedOut } from "../call";
import { chooseLanguage, chosenLanguage, type Language } from "../texts";
import { signedIn, signIn, signOut, type Profile } from "./session";

/** The address after the `#`: `#/rekap/2026-11?q=dewi` is page `rekap`, rest `["2026-11"]`, query `q=dewi`. */
export interface Place {
  page: string;
  rest: string[];
  query: URLSearchParams;
}

class Officer {
  isReady = $state(false);
  profile: Profile | undefined = $state();
  /** Whether a session ended without the person asking for it. */
  hasEnded = $state(false);
  language: Language = $state(chosenLanguage());
  place: Place = $state.raw(placeOf(location.hash));

  /** The agencies that the person's roles name; those of BKD name none. */
  get agencies(): string[] {
    return [...new Set((this.profile?.roles ?? []).flatMap(({ agency }) => agency ?? []))];
  }

  has(...roles: string[]): boolean {
    return (this.profile?.roles ?? []).some(({ role }) => roles.includes(role));
  }

  async start(): Promise<void> {
    document.documentElement.lang = this.language;
    addEventListener("hashchange", () => (this.place = placeOf(location.hash)));
    try {
      this.profile = await signedIn();
    } catch {
      // Signing in says what is wrong.
    }
    this.isReady = true;
  }

  async signIn(username: string, password: string): Promise<void> {
    this.profile = await signIn(username, password);
    this.hasEnded = false;
  }

  async signOut(): Promise<void> {
    await signOut();
    this.profile = undefined;
  }

  speak(language: Language): void {
    this.language = language;
    chooseLanguage(language);
    document.documentElement.lang = language;
  }

  /** What to tell of a call that was not done; the end of a session leads back to signing in. */
  explain(error: unknown, offline: string, failed: string): string {
    if (error instanceof SignedOut) {
      this.profile = undefined;
      this.hasEnded = true;
      return "";
    }
    if (error instanceof NoNetwork) return offline;
    if (error instanceof Refused && error.status < 500 && error.problem) return error.problem.title;
    return failed;
  }
}

function placeOf(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", ...rest] = path.split("/").map(decodeURIComponent);
  return { page, rest, query: new URLSearchParams(query) };
}

export const officer = new Officer();
