// Daily entries that wait: the entry, its photos, the handing-in. Every step may be repeated, so that a lost answer costs nothing.
import { answerOf, isFinal, Refused } from "../../call";
import { api } from "../../session";
import { alone, listEntries, putEntry, removeEntry, type WaitingEntry } from "../../store";

/** States in which the owner may still change an entry. */
const OPEN = ["draft", "returned"];

/** Sends what waits of this account, oldest first; ends early where nobody can be reached. */
export async function sendEntries(account_id: string): Promise<void> {
  await alone("entries", async () => {
    for (const entry of await listEntries()) {
      if (entry.account_id !== account_id || entry.problem) continue;
      try {
        await sendEntry(entry);
        await removeEntry(entry.body.id, entry);
      } catch (error) {
        if (!(error instanceof Refused) || !isFinal(error.status)) throw error;
        const problem = error.problem ?? { type: "about:blank", code: "refused", status: error.status, title: error.message };
        await putEntry({ ...entry, problem });
      }
    }
  });
}

async function sendEntry({ body, photos }: WaitingEntry): Promise<void> {
  const params = { path: { id: body.id } };
  const entry = await write(body);
  // It was handed in already, and the answer got lost.
  if (!OPEN.includes(entry.state)) return;
  for (const photo of photos) {
    answerOf(
      await api.POST("/v1/activities/{id}/evidence", {
        params,
        body: "",
        bodySerializer: () => new Blob([photo], { type: "image/jpeg" }),
        headers: { "Content-Type": "image/jpeg" },
      }),
    );
  }
  answerOf(await api.POST("/v1/activities/{id}/submission", { params }));
}

/** Makes the entry, or changes the one of this id that the service has. */
async function write(body: WaitingEntry["body"]) {
  try {
    return answerOf(await api.POST("/v1/activities", { body }));
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 409) throw error;
    const { id, ...fields } = body;
    const path = { id };
    const known = await api.GET("/v1/activities/{id}", { params: { path } });
    if (!known.data || !OPEN.includes(known.data.state)) throw error;
    const header = { "If-Match": `"${known.data.version}"` };
    return answerOf(await api.PUT("/v1/activities/{id}", { params: { path, header }, body: fields }));
  }
}
