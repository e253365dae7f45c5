// What is shown at a draw: which step it stands at, the tickets, and how anybody does it again.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { api } from "../../officer/session";
import { isDrawn, type Audit } from "../audits.svelte";

export type Ticket = components["schemas"]["TicketView"];

export const STEPS = ["population", "seed", "draw", "tickets", "again"] as const;
export type Step = (typeof STEPS)[number];

/** Ten-sided dice that a seed takes at least, and at most. */
export const LEAST_DICE = 20;
export const MOST_DICE = 200;

/** The step that is next to be done, or the tickets once all is done. */
export function stepOf(audit: Audit): Step {
  if (isDrawn(audit)) return "tickets";
  return audit.seed === undefined || audit.seed === null ? "population" : "draw";
}

/** The tickets of a drawn audit, stratum by stratum in the order of the draw. */
export async function loadTickets(id: string): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor && { cursor }) };
    const page = answerOf(await api.GET("/v1/audits/{id}/tickets", { params: { path: { id }, query } }));
    tickets.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return tickets;
}

/** The population, byte for byte as its digest was taken. */
export async function loadPopulation(id: string): Promise<string> {
  return answerOf(await api.GET("/v1/audits/{id}/population", { params: { path: { id } }, parseAs: "text" }));
}

/** SHA-256 of a text in UTF-8, in lower-case hexadecimal. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A digest in groups of eight, so that two people can read it to each other. */
export function grouped(digest: string): string[] {
  return digest.match(/.{1,8}/g) ?? [];
}

/** Hands a text to the browser to keep. */
export function keep(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The tickets as a file for spreadsheets; numbers stay texts, since a spreadsheet would cut their digits. */
export function ticketFile(tickets: Ticket[]): string {
  const rows = tickets.map(({ stratum, draw_order, unit, ticket }) => [stratum, draw_order, unit, ticket].join(";"));
  return ["stratum;draw_order;unit;ticket", ...rows, ""].join("\r\n");
}
