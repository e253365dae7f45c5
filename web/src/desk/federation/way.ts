// The way of a dispatch to the service, by its two calls.
import { answerOf } from "../../call";
import { api, slowly } from "../../officer/session";
import type { Answer, Way } from "./bring";

/** A receipt is text, the number of bytes is JSON. */
function answer(result: { data?: unknown; error?: unknown; response: Response }): Answer {
  const text = String(answerOf(result));
  return result.response.status === 200 ? { receipt: text } : { here: (JSON.parse(text) as { received_bytes: number }).received_bytes };
}

export const way: Way = {
  async ask(digest) {
    return answer(await api.GET("/v1/federation/dispatches/{digest}", { params: { path: { digest } }, parseAs: "text" }));
  },
  async send(digest, offset, size, piece) {
    const params = { path: { digest }, query: { offset, size } };
    const headers = { "Content-Type": "application/octet-stream" };
    // The document calls bytes a list of numbers.
    const body = piece as unknown as number[];
    return answer(await api.PUT("/v1/federation/dispatches/{digest}", { params, headers, body, bodySerializer: (body) => body as unknown as Blob, parseAs: "text", fetch: slowly }));
  },
  pause: (attempt) => new Promise((resume) => setTimeout(resume, attempt * 2_000)),
};
