// The audits and the names of the agencies that they are about, as the service tells them.
import type { components } from "../../generated/schema";
import { answerOf } from "../call";
import { api } from "../officer/session";

export type Audit = components["schemas"]["AuditView"];
type Agency = components["schemas"]["AgencyView"];

/** Whether its sample was drawn, so that there are cases and a report. */
export function isDrawn({ state }: Audit): boolean {
  return state !== "planned" && state !== "cancelled";
}

/** Every audit, the newest plan first. */
export async function loadAudits(): Promise<Audit[]> {
  const audits: Audit[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor && { cursor }) };
    const page = answerOf(await api.GET("/v1/audits", { params: { query } }));
    audits.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return audits;
}

export async function loadAudit(id: string): Promise<Audit> {
  return answerOf(await api.GET("/v1/audits/{id}", { params: { path: { id } } }));
}

class Agencies {
  all: Agency[] = $state.raw([]);
  #coming: Promise<void> | undefined;

  /** Sees to it that the names are there. */
  async load(): Promise<void> {
    this.#coming ??= this.#bring().catch((error: unknown) => {
      this.#coming = undefined;
      throw error;
    });
    return this.#coming;
  }

  /** The agency's name; its code while the name is not known. `all` is every agency of an audit together. */
  nameOf(code: string): string {
    return this.all.find((agency) => agency.code === code)?.name ?? code;
  }

  /** The zone of the agency's clocks. */
  zoneOf(code: string): string {
    return this.all.find((agency) => agency.code === code)?.zone ?? "Asia/Jakarta";
  }

  async #bring(): Promise<void> {
    const found: Agency[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...(cursor && { cursor }) };
      const page = answerOf(await api.GET("/v1/agencies", { params: { query } }));
      found.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor);
    this.all = found;
  }
}

export const agencies = new Agencies();
