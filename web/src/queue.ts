// The queue of shares: kept before anything is sent, sent in order, and gone only when the service has answered for them.
import { answerOf, isFinal, NoNetwork, Refused, SignedOut } from "./call";
import { api } from "./session";
import { addWaiting, alone, deviceId, listWaiting, refuse, settle, type Claim, type Waiting } from "./store";
import type { Fix } from "./fix";
import { uuid7 } from "./uuid";

/** So many at once; the service takes up to 200. */
const MOST_AT_ONCE = 50;

/** How a round of sending ended. */
export type Round =
  | { kind: "done" }
  /** Nobody could be reached. */
  | { kind: "offline" }
  /** The service is full; try again after so many seconds. */
  | { kind: "busy"; seconds: number }
  | { kind: "signed_out" };

/** Keeps a share under an id made here and now, and gives the id. */
export async function keep(account_id: string, fix: Fix, now: number): Promise<string> {
  const claim: Claim = {
    id: uuid7(now),
    captured_at: new Date(now).toISOString(),
    latitude: fix.latitude,
    longitude: fix.longitude,
    accuracy_metres: Math.min(Math.max(fix.accuracy, 0.1), 100_000),
  };
  if (fix.altitude !== null && Math.abs(fix.altitude) < 1_000) claim.altitude_metres = fix.altitude;
  await addWaiting({ account_id, claim });
  return claim.id;
}

/** Sends what waits of this account, oldest first. Safe to call at any time and from several pages at once. */
export async function flush(account_id: string): Promise<Round> {
  return alone("queue", async () => {
    try {
      for (;;) {
        const all = await listWaiting();
        const due = all.filter((waiting) => waiting.account_id === account_id && !waiting.problem);
        if (due.length === 0) return { kind: "done" };
        const round = await sendSome(due.slice(0, MOST_AT_ONCE));
        if (round) return round;
      }
    } catch (error) {
      if (error instanceof SignedOut) return { kind: "signed_out" };
      if (error instanceof NoNetwork) return { kind: "offline" };
      if (error instanceof Refused) return { kind: "busy", seconds: error.retryAfterSeconds ?? 30 };
      throw error;
    }
  });
}

/** Sends these; gives how the round ended if it can't go on. */
async function sendSome(due: Waiting[]): Promise<Round | undefined> {
  const sent_at = new Date().toISOString();
  const check_ins = due.map(({ claim }) => ({ ...claim, sent_at }));
  const headers = { "X-Device-Id": await deviceId() };
  const { results } = answerOf(await api.POST("/v1/check-ins/batch", { body: { check_ins }, headers }));
  let wait: number | undefined;
  for (const [index, waiting] of due.entries()) {
    const result = results[index];
    if (result?.check_in) {
      await settle(waiting, result.check_in);
    } else if (result?.problem && isFinal(result.status)) {
      await refuse(waiting, result.problem);
    } else {
      wait = Math.max(wait ?? 0, result?.problem?.retry_after_seconds ?? 5);
    }
  }
  return wait === undefined ? undefined : { kind: "busy", seconds: wait };
}
