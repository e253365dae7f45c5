// The agency that the desk is looked at for: the only one of most people, chosen by those whose role spans several.
import type { components } from "../../generated/schema";
import { answerOf } from "../call";
import { officer } from "./officer.svelte";
import { api } from "./session";

export type AgencyView = components["schemas"]["AgencyView"];

/** Who may list agencies. */
const LISTING = ["agency_operator", "agency_head", "bkd_officer", "bkd_head", "bkd_auditor", "administrator"];
const PLACE_OF_CHOICE = "sherlok-agency";

class Agency {
  all: AgencyView[] = $state.raw([]);
  /** Empty until the agencies are there. */
  code = $state("");

  get view(): AgencyView | undefined {
    return this.all.find(({ code }) => code === this.code);
  }

  get name(): string {
    return this.view?.name ?? this.code;
  }

  /** The zone of its places of duty. */
  get zone(): string {
    return this.view?.zone ?? "Asia/Jakarta";
  }

  /** Today in that zone, as `2026-11-28`. */
  get today(): string {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: this.zone }).format(new Date());
  }

  async load(): Promise<void> {
    if (!officer.has(...LISTING)) {
      // Superiors, leave officers and signers see people, not agencies.
      this.code = officer.agencies[0] ?? "";
      return;
    }
    const all: AgencyView[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor ? { limit: 200, cursor } : { limit: 200 };
      const page = answerOf(await api.GET("/v1/agencies", { params: { query } }));
      all.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    this.all = all;
    const before = sessionStorage.getItem(PLACE_OF_CHOICE);
    this.code = (all.find(({ code }) => code === before) ?? all[0])?.code ?? "";
  }

  choose(code: string): void {
    this.code = code;
    sessionStorage.setItem(PLACE_OF_CHOICE, code);
  }
}

export const agency = new Agency();
