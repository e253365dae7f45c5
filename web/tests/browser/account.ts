// Calls in somebody's name beside the page: what a test needs done before it looks.
import type { APIResponse, Page } from "@playwright/test";
import type { SignIn } from "./demo";

type Method = "get" | "post" | "put";

/** Signs somebody in beside the page; what comes back calls the service for them and gives the answer, or throws it. */
export async function account(page: Page, { username, password }: SignIn) {
  const signed = await page.request.post("/v1/sessions", { data: { username, password } });
  const { access_token } = (await signed.json()) as { access_token: string };
  return async function call<Answer>(method: Method, path: string, data?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const options = { headers: { Authorization: `Bearer ${access_token}`, ...headers }, ...(data === undefined ? {} : { data }) };
    const response: APIResponse = await page.request[method](path, options);
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}
