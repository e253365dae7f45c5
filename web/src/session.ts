// Signing in, staying signed in over bad networks, and calls with the session's token.
import createClient from "openapi-fetch";
import type { paths } from "../generated/schema";
import { answerOf, sendPatiently, SignedOut, worded } from "./call";
import { alone, deviceId, forget, forgetKnown, read, write, type Session } from "./store";

/** A token that ends sooner than this is exchanged before the call. */
const MARGIN_MILLISECONDS = 20_000;

async function send(request: Request): Promise<Response> {
  const started = Date.now();
  const response = await sendPatiently(request);
  await learnTime(response, started);
  return response;
}

/** Notes how far the service's clock is ahead, for countdowns; the Date header tells whole seconds. */
async function learnTime(response: Response, started: number): Promise<void> {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const ahead = said + 500 - (started + Date.now()) / 2;
  await write("ahead", Math.abs(ahead) < 2_000 ? 0 : Math.round(ahead)).catch(() => undefined);
}

async function authorised(request: Request): Promise<Response> {
  const session = await current();
  const call = (token: string) => {
    const copy = worded(request.clone());
    copy.headers.set("Authorization", `Bearer ${token}`);
    return send(copy);
  };
  const response = await call(session.access_token);
  if (response.status !== 401) return response;
  return call((await refreshed(session)).access_token);
}

const open = createClient<paths>({ baseUrl: location.origin, fetch: (request) => send(worded(request)) });

/** Calls as the person who is signed in. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorised });

async function current(): Promise<Session> {
  const session = await read("session");
  if (!session) throw new SignedOut();
  if (session.expires_at - Date.now() > MARGIN_MILLISECONDS) return session;
  return refreshed(session);
}

/** Exchanges the refresh token, once for all pages of this phone. */
async function refreshed(used: Session): Promise<Session> {
  return alone("session", async () => {
    const session = await read("session");
    if (!session || session.account_id !== used.account_id) throw new SignedOut();
    // Another page was quicker.
    if (session.access_token !== used.access_token) return session;
    const answer = await open.POST("/v1/sessions/refresh", { body: { refresh_token: session.refresh_token } });
    if (answer.response.status === 401) {
      await forget("session");
      throw new SignedOut();
    }
    const tokens = answerOf(answer);
    const { access_token, refresh_token, expires_in } = tokens;
    const next = { ...session, access_token, refresh_token, expires_at: Date.now() + expires_in * 1_000 };
    await write("session", next);
    return next;
  });
}

/** A file of the service, as `/v1/letters/…/file.pdf`. */
export async function readFile(path: string): Promise<Blob> {
  const response = await authorised(new Request(new URL(path, location.origin)));
  if (!response.ok) answerOf({ error: await response.json().catch(() => undefined), response });
  return response.blob();
}

export async function signIn(username: string, password: string): Promise<Session> {
  const body = { username, password, device_id: await deviceId() };
  const tokens = answerOf(await open.POST("/v1/sessions", { body }));
  const authorization = { Authorization: `Bearer ${tokens.access_token}` };
  const profile = answerOf(await open.GET("/v1/me", { headers: authorization }));
  const session: Session = {
    access_token: tokens.access_token,
    refresh_token: tokens.refresh_token,
    expires_at: Date.now() + tokens.expires_in * 1_000,
    account_id: profile.account_id,
    display_name: profile.display_name,
  };
  await write("session", session);
  return session;
}

/** Ends the session here at once, and at the service if it can be reached. */
export async function signOut(): Promise<void> {
  const call = api.DELETE("/v1/sessions/current").catch(() => undefined);
  await Promise.race([call, new Promise((resume) => setTimeout(resume, 3_000))]);
  await forget("session");
  await Promise.all([forget("day"), forget("news"), forgetKnown()]);
}
