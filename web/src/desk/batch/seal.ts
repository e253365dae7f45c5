// Sealing: the rows are fixed, and the batch is opened to be looked at before it is sent.
import type { components } from "../../../generated/schema";
import { answerOf } from "../../call";
import { agency } from "../../officer/agency.svelte";
import { api } from "../../officer/session";

export async function seal(body: components["schemas"]["CreateBatchBody"]): Promise<void> {
  const { id } = answerOf(await api.POST("/v1/agencies/{code}/batches", { params: { path: { code: agency.code } }, body }));
  location.hash = `/kiriman/${id}`;
}
