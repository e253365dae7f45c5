// How an official is signed in at a desk: who it is, and calls in their name. Nothing is kept beside the page's memory.
import createClient from "openapi-fetch";
import type { components, paths } from "../../generated/schema";
import { answerOf, sendPatiently, SignedOut, worded } from "../call";

export type Profile = components["schemas"]["ProfileView"];

let token: string | undefined;

async function authorised(request: Request): Promise<Response> {
  if (!token) throw new SignedOut();
  const copy = worded(request);
  copy.headers.set("Authorization", `Bearer ${token}`);
  const response = await sendPatiently(copy);
  if (response.status === 401) {
    token = undefined;
    throw new SignedOut();
  }
  return response;
}

const open = createClient<paths>({ baseUrl: location.origin, fetch: (request) => sendPatiently(worded(request)) });

/** Calls as the official who is signed in; throws `SignedOut` once nobody is. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: authorised });

/** Who is signed in already, as the page is opened. */
export async function signedIn(): Promise<Profile | undefined> {
  if (!token) return undefined;
  return answerOf(await api.GET("/v1/me"));
}

export async function signIn(username: string, password: string): Promise<Profile> {
  token = answerOf(await open.POST("/v1/sessions", { body: { username, password } })).access_token;
  return answerOf(await api.GET("/v1/me"));
}

/** Ends the session at the service, if it can be reached. */
export async function signOut(): Promise<void> {
  await api.DELETE("/v1/sessions/current").catch(() => undefined);
  token = undefined;
}

/** A file of the service, as `/v1/batches/…/file.xlsx`, handed to the browser to keep under `name`. */
export async function download(path: string, name: string): Promise<void> {
  const response = await authorised(new Request(new URL(path, location.origin)));
  if (!response.ok) answerOf({ error: await response.json().catch(() => undefined), response });
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
