// Two services: BKD's, and that of an agency which sends its batches there. Both begin as demos; the second goes on as an agency's own.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Demo, SignIn } from "./demo";
import { fillIn, started } from "./person";

/** Whose instance it is. */
export const AGENCY = "diskominfo";

const binary = process.env.SHERLOK ?? "../target/debug/sherlok";

export class Service {
  constructor(
    readonly base_url: string,
    readonly sign_ins: SignIn[],
    readonly child: ChildProcess,
  ) {
    started.add(base_url);
  }

  of(role: string): SignIn {
    const found = this.sign_ins.find((someone) => someone.role === role && (!someone.agency || someone.agency === AGENCY));
    if (!found) throw new Error(`no ${role}`);
    return found;
  }

  /** Calls in an official's name. */
  async as(request: APIRequestContext, role: string) {
    const { username, password } = this.of(role);
    const signed = await request.post(`${this.base_url}/v1/sessions`, { data: { username, password } });
    const { access_token } = (await signed.json()) as { access_token: string };
    return { Authorization: `Bearer ${access_token}` };
  }

  /** Signs an official in at the desk and opens one of its pages. Cookies know no ports, so whoever was signed in elsewhere goes. */
  async open(page: Page, role: string, place = ""): Promise<void> {
    await page.context().clearCookies();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("about:blank");
    await page.goto(`${this.base_url}/desk/#/${place}`);
    await fillIn(page, this.of(role));
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill("SIGTERM");
    await ended;
  }
}

function environment(directory: string, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, SHERLOK_DATA_DIR: directory, SHERLOK_LISTEN: "127.0.0.1:0", SHERLOK_DATABASE_URL: undefined, ...more };
}

async function play(directory: string, name: string): Promise<Service> {
  const env = environment(directory, { SHERLOK_LOG_NAME: name });
  const child = spawn(binary, ["demo", "--json", "--people", "40"], { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(child.stdout)) {
    const { base_url, sign_ins } = JSON.parse(line) as Demo;
    return new Service(base_url, sign_ins, child);
  }
  throw new Error("the demo ended before it served");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function serve(directory: string, settings: NodeJS.ProcessEnv, sign_ins: SignIn[]): Promise<Service> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = environment(directory, { SHERLOK_LISTEN: address, RUST_LOG: "warn", ...settings });
  const child = spawn(binary, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
  const service = new Service(`http://${address}`, sign_ins, child);
  await expect.poll(() => fetch(`${service.base_url}/readyz`).then(({ status }) => status, () => 0), { timeout: 30_000 }).toBe(200);
  return service;
}

export interface Pair {
  bkd: Service;
  dinas: Service;
  /** The agency's instance as it was before its first batch, which goes another way from there: the same keys and another story. */
  other: () => Promise<Service>;
  stop: () => Promise<void>;
}

export async function startPair(): Promise<Pair> {
  const directories = ["bkd", "dinas", "other"].map((name) => mkdtempSync(join(tmpdir(), `sherlok-${name}-`)));
  const [bkdPlace = "", dinasPlace = "", otherPlace = ""] = directories;
  const [bkd, played] = await Promise.all([play(bkdPlace, "bkd.example"), play(dinasPlace, "dinas.example")]);
  await played.stop();
  cpSync(dinasPlace, otherPlace, { recursive: true });
  const { witness_key, openings_key } = (await (await fetch(`${bkd.base_url}/v1/logs`)).json()) as { witness_key: string; openings_key: string };
  const settings = { SHERLOK_LOG_NAME: "dinas.example", SHERLOK_BKD_WITNESS_KEY: witness_key, SHERLOK_BKD_OPENINGS_KEY: openings_key };
  const dinas = await serve(dinasPlace, settings, played.sign_ins);
  const services = [bkd, dinas];
  return {
    bkd,
    dinas,
    other: async () => {
      const other = await serve(otherPlace, settings, played.sign_ins);
      services.push(other);
      return other;
    },
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The key of the agency's log. */
export async function keyOf(dinas: Service): Promise<string> {
  const { items } = (await (await fetch(`${dinas.base_url}/v1/logs`)).json()) as { items: { name: string; verifying_key: string }[] };
  const log = items.find(({ name }) => name === `agency/${AGENCY}`);
  if (!log) throw new Error("the agency has no log");
  return log.verifying_key;
}

/** Seals a slot of today and sends it; gives the batch's id. */
export async function sent(request: APIRequestContext, dinas: Service, slot: string): Promise<string> {
  const headers = await dinas.as(request, "agency_operator");
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Jakarta" }).format(Date.now());
  const sealed = await request.post(`${dinas.base_url}/v1/agencies/${AGENCY}/batches`, { headers, data: { from: today, to: today, slot } });
  expect(sealed.ok(), await sealed.text()).toBe(true);
  const { id } = (await sealed.json()) as { id: string };
  const submitted = await request.post(`${dinas.base_url}/v1/batches/${id}/submission`, { headers });
  expect(submitted.ok(), await submitted.text()).toBe(true);
  return id;
}

/** The dispatch of a batch, as the operator downloads it. */
export async function dispatchOf(request: APIRequestContext, dinas: Service, id: string): Promise<Buffer> {
  const headers = await dinas.as(request, "agency_operator");
  const file = await request.get(`${dinas.base_url}/v1/batches/${id}/dispatch`, { headers });
  expect(file.ok(), await file.text()).toBe(true);
  return file.body();
}
