// Settles the cases of an audit on a service of a test's own, as its auditors would: straight through the API.
import { expect, type APIRequestContext } from "@playwright/test";
import type { components } from "../../generated/schema";
import type { Service } from "./pair";

type Case = components["schemas"]["CaseView"];
type Second = components["schemas"]["SecondReviewView"];

/** Writes what is left to be found. `unsettled` is found so, by whoever looks again too; every other case is in order. */
export async function settle(request: APIRequestContext, service: Service, audit: string, unsettled: string): Promise<void> {
  for (const auditor of [0, 1]) {
    const headers = await service.as(request, "bkd_auditor", auditor);
    const get = async <Answer>(path: string): Promise<Answer> => {
      const answer = await request.get(`${service.base_url}${path}`, { headers });
      expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
      return (await answer.json()) as Answer;
    };
    const write = async (path: string, { id, version }: { id: string; version: number }): Promise<void> => {
      const data = { finding: id === unsettled ? "inconclusive" : "valid", method: "map" };
      const answer = await request.post(`${service.base_url}${path}`, { headers: { ...headers, "If-Match": `"${version}"` }, data });
      expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
    };
    const { items } = await get<{ items: Case[] }>(`/v1/audits/${audit}/cases?limit=200`);
    for (const { id } of items.filter(({ part, state }) => part === "review" && state === "assigned")) {
      await write(`/v1/cases/${id}/review`, await get<Case>(`/v1/cases/${id}?purpose=case_review`));
    }
    const again = await get<{ items: Second[] }>(`/v1/audits/${audit}/second-reviews`);
    for (const one of again.items.filter(({ is_written }) => !is_written)) await write(`/v1/second-reviews/${one.id}`, one);
  }
}
