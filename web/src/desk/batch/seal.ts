// Sealing as a piece of work: the rows are fixed, and the batch is opened to be looked at before it is sent, unless another page is looked at by then.
import type { components } from "../../../generated/schema";
import { answerOf, Refused } from "../../call";
import { agency } from "../../officer/agency.svelte";
import { officer } from "../../officer/officer.svelte";
import { api, slowly } from "../../officer/session";
import { works } from "../../officer/work.svelte";
import { text } from "../texts";
import { coverage } from "./batch";

type Body = components["schemas"]["CreateBatchBody"];

/** Seals; throws what the service refused where the page on which it was begun is still looked at. */
export async function seal(body: Body): Promise<void> {
  const begun = location.hash;
  let refused: unknown;
  const title = text(officer.language, "seal.work", { coverage: coverage(body, officer.language) });
  await works.begin(title, async (progress) => {
    try {
      const params = { path: { code: agency.code } };
      const { id } = answerOf(await api.POST("/v1/agencies/{code}/batches", { params, body, fetch: slowly }));
      progress.lead(`#/kiriman/${id}`);
      if (location.hash === begun) {
        location.hash = `/kiriman/${id}`;
        progress.drop();
      }
      return text(officer.language, "seal.done");
    } catch (error) {
      if (location.hash === begun && error instanceof Refused) {
        refused = error;
        progress.drop();
      }
      throw error;
    }
  });
  if (refused) throw refused;
}
