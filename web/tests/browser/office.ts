// What people of the demo ask for, so that there is something to decide: straight through the API.
import type { APIRequestContext } from "@playwright/test";
import { randomBytes } from "node:crypto";
import { demo } from "./person";
import type { SignIn } from "./demo";

/** A UUID of version 7 of this moment. */
export function uuid(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Somebody of the agency whose employee, superior, operator, leave officer and head fit together. */
export function of(role: string, agency: string | null = "diskominfo"): SignIn {
  const found = demo().sign_ins.find((someone) => someone.role === role && (!agency || someone.agency === agency));
  if (!found) throw new Error(`the demo has no ${role} of ${agency}`);
  return found;
}

/** Calls in somebody's name. */
export async function as(request: APIRequestContext, { username, password }: SignIn) {
  const signed = await request.post("/v1/sessions", { data: { username, password } });
  const { access_token } = (await signed.json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${access_token}` };
  const answered = async <Answer>(response: Awaited<ReturnType<APIRequestContext["get"]>>): Promise<Answer> => {
    if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    headers,
    get: async <Answer = Record<string, unknown>>(path: string) => answered<Answer>(await request.get(path, { headers })),
    post: async <Answer = Record<string, unknown>>(path: string, data: unknown = {}, more: Record<string, string> = {}) =>
      answered<Answer>(await request.post(path, { headers: { ...headers, ...more }, data })),
  };
}

/** A date in the demo's zone, so many days from today. */
export function date(days: number): string {
  const at = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Jakarta" }).format(at);
}

/** Three days in a row of one year, ten days or more from today: annual leave lies in one year. */
export function threeDays(): [string, string] {
  const isOneYear = (ahead: number) => date(ahead).slice(0, 4) === date(ahead + 2).slice(0, 4);
  const ahead = isOneYear(10) ? 10 : 13;
  return [date(ahead), date(ahead + 2)];
}
