// Agencies that run an instance of their own, as BKD sees them.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { allPages, pageQuery } from "../../officer/pages";
import { api } from "../../officer/session";

export type Federated = components["schemas"]["FederatedAgencyView"];
export type Received = components["schemas"]["ReceivedDispatchView"];
export type Fork = components["schemas"]["LogForkView"] & { origin: string };

export function loadFederated(): Promise<Federated[]> {
  return allPages(async (cursor) => answerOf(await api.GET("/v1/federation/agencies", { params: { query: pageQuery(cursor) } })));
}

/** Where logs of agencies said two things of one size. */
export async function loadForks(agencies: Federated[]): Promise<Fork[]> {
  const { items } = answerOf(await api.GET("/v1/witnessed-logs"));
  const own = new Set(agencies.map(({ origin }) => origin));
  // A log whose key was replaced is no longer registered, and what it said stays.
  const isOfAgency = (origin: string) => own.has(origin) || /\/agency\/[^/]+$/.test(origin);
  return items.filter(({ origin }) => isOfAgency(origin)).flatMap(({ origin, forks }) => forks.map((fork) => ({ ...fork, origin })));
}
