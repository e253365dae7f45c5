// One call to the service: how long it is waited for, in which language it answers, and what its failures are.
import type { components } from "../generated/schema";
import { chosenLanguage } from "./texts";

export type Problem = components["schemas"]["ProblemView"];

/** A call that got no answer within this is given up. */
const PATIENCE_MILLISECONDS = 30_000;
/** What the service needs long for, such as sealing a month of a large agency, is waited for this long. */
export const LONG_PATIENCE_MILLISECONDS = 600_000;

/** No answer came: no network, or too little of it. */
export class NoNetwork extends Error {}
/** The session is over; the person has to sign in again. */
export class SignedOut extends Error {}
/** The service answered, and did not do it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(problem?.title ?? String(status));
  }
}

export async function sendPatiently(request: Request, milliseconds = PATIENCE_MILLISECONDS): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), milliseconds);
  try {
    return await fetch(new Request(request, { signal: patience.signal }));
  } catch {
    throw new NoNetwork();
  } finally {
    clearTimeout(timer);
  }
}

/** The call with the language that the person reads. */
export function worded(request: Request): Request {
  const copy = new Request(request);
  copy.headers.set("Accept-Language", chosenLanguage());
  return copy;
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The answer, or the problem as an error. */
export function answerOf<Data>({ data, error, response }: Answered<Data>): Data {
  if (response.ok && data !== undefined) return data;
  const problem = typeof error === "object" && error !== null && "code" in error ? (error as Problem) : undefined;
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  throw new Refused(response.status, problem, Number.isNaN(seconds) ? undefined : seconds);
}

/** Throws the problem of a call that answers nothing when it was done. */
export function assertDone({ error, response }: Answered<unknown>): void {
  if (!response.ok) answerOf({ error, response });
}

/** Whether sending the same again can't end otherwise. */
export function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
}
