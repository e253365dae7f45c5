// How an official is signed in at a desk: by a cookie that the page can't read, and a token that shows the page is ours.
import createClient from "openapi-fetch";
import type { components, paths } from "../../generated/schema";
import { answerOf, LONG_PATIENCE_MILLISECONDS, Refused, sendPatiently, SignedOut, worded, type Problem } from "../call";

export type Profile = components["schemas"]["ProfileView"];
type Session = components["schemas"]["BrowserSessionView"];

let session: Session | undefined;

const open = createClient<paths>({ baseUrl: location.origin, fetch: (request) => sendPatiently(worded(request)) });

/** Calls as the official who is signed in; throws `SignedOut` once nobody is. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => authorised(request) });

/** The `fetch` of a call that may take minutes. */
export const slowly = (request: Request): Promise<Response> => authorised(request, LONG_PATIENCE_MILLISECONDS);

async function authorised(request: Request, milliseconds?: number): Promise<Response> {
  const response = await sendAs(request, milliseconds);
  // Another tab may have signed the same person in anew since: with the new token it is asked once more.
  if (response.status !== 403 || !(await isWithoutToken(response)) || !(await isSamePerson())) return response;
  return sendAs(request, milliseconds);
}

async function sendAs(request: Request, milliseconds?: number): Promise<Response> {
  if (!session) throw new SignedOut();
  const copy = worded(request.clone());
  copy.headers.set("X-CSRF-Token", session.csrf_token);
  const response = await sendPatiently(copy, milliseconds);
  if (response.status === 401) {
    session = undefined;
    throw new SignedOut();
  }
  return response;
}

async function isWithoutToken(response: Response): Promise<boolean> {
  const problem = (await response.clone().json().catch(() => undefined)) as Problem | undefined;
  return problem?.code === "csrf_token_needed";
}

/** Reads the session that the cookie stands for now. A page never goes on in the name of somebody else. */
async function isSamePerson(): Promise<boolean> {
  const before = session?.profile.account_id;
  await signedIn();
  if (session?.profile.account_id === before) return true;
  session = undefined;
  throw new SignedOut();
}

/** Who is signed in already, as the page is opened. */
export async function signedIn(): Promise<Profile | undefined> {
  try {
    session = answerOf(await open.GET("/v1/sessions/browser"));
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    session = undefined;
  }
  return session?.profile;
}

export async function signIn(username: string, password: string): Promise<Profile> {
  session = answerOf(await open.POST("/v1/sessions/browser", { body: { username, password } }));
  return session.profile;
}

/** Ends the session at the service, if it can be reached. */
export async function signOut(): Promise<void> {
  await api.DELETE("/v1/sessions/browser").catch(() => undefined);
  session = undefined;
}

/** A file of the service, as `/v1/batches/…/file.xlsx`. Its answer is there before its bytes are. */
export async function fileOf(path: string): Promise<Response> {
  const response = await slowly(new Request(new URL(path, location.origin)));
  if (!response.ok) answerOf({ error: await response.json().catch(() => undefined), response });
  return response;
}

/** A small file of the service, handed to the browser to keep under `name`. */
export async function download(path: string, name: string): Promise<void> {
  keep(await (await fileOf(path)).blob(), name);
}

/** Hands a file to the browser. */
export function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
