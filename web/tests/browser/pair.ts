// Services of a test's own. Two of them: BKD's, and that of an agency which sends its batches there; both begin as demos, and the second
// goes on as an agency's own. Or one alone, whose days are nobody else's.
import { expect, type APIRequestContext, type Page } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
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
    /** The work day that was lived from morning to evening. */
    readonly lived_on: string,
    readonly child: ChildProcess,
  ) {
    started.add(base_url);
  }

  /** Somebody with a role; of auditors there are two. */
  of(role: string, index = 0): SignIn {
    const found = this.sign_ins.filter((someone) => someone.role === role && (!someone.agency || someone.agency === AGENCY))[index];
    if (!found) throw new Error(`no ${role}`);
    return found;
  }

  /** What runs the staff list of an agency, which the demo tells of two agencies only. */
  operator(agency: string): SignIn {
    return { ...this.of("agency_operator"), username: `operator.${agency}`, agency };
  }

  /** Calls in an official's name. */
  async as(request: APIRequestContext, role: string | SignIn, index = 0) {
    const { username, password } = typeof role === "string" ? this.of(role, index) : role;
    const signed = await request.post(`${this.base_url}/v1/sessions`, { data: { username, password } });
    const { access_token } = (await signed.json()) as { access_token: string };
    return { Authorization: `Bearer ${access_token}` };
  }

  /** Signs an official in at the desk and opens one of its pages. Cookies know no ports, so whoever was signed in elsewhere goes. */
  async open(page: Page, role: string, place = "", room = "desk", index = 0): Promise<void> {
    await page.context().clearCookies();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto("about:blank");
    await page.goto(`${this.base_url}/${room}/#/${place}`);
    await fillIn(page, this.of(role, index));
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
    const { base_url, sign_ins, lived_on } = JSON.parse(line) as Demo;
    return new Service(base_url, sign_ins, lived_on, child);
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

async function serve(directory: string, settings: NodeJS.ProcessEnv, played: Service): Promise<Service> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = environment(directory, { SHERLOK_LISTEN: address, RUST_LOG: "warn", ...settings });
  const child = spawn(binary, ["serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
  const service = new Service(`http://${address}`, played.sign_ins, played.lived_on, child);
  await expect.poll(() => fetch(`${service.base_url}/readyz`).then(({ status }) => status, () => 0), { timeout: 30_000 }).toBe(200);
  return service;
}

/** One service that has played the demo; it is stopped by `stop`. */
export async function startAlone(): Promise<{ service: Service; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "sherlok-alone-"));
  const service = await play(directory, "bkd.example");
  return {
    service,
    stop: async () => {
      await service.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
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
  const dinas = await serve(dinasPlace, settings, played);
  const services = [bkd, dinas];
  return {
    bkd,
    dinas,
    other: async () => {
      const other = await serve(otherPlace, settings, played);
      services.push(other);
      return other;
    },
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The key of an agency's log. */
export async function keyOf(dinas: Service, agency = AGENCY): Promise<string> {
  const { items } = (await (await fetch(`${dinas.base_url}/v1/logs`)).json()) as { items: { name: string; verifying_key: string }[] };
  const log = items.find(({ name }) => name === `agency/${agency}`);
  if (!log) throw new Error("the agency has no log");
  return log.verifying_key;
}

/** Seals a slot of today and sends it; gives the batch's id. */
export async function sent(request: APIRequestContext, dinas: Service, slot: string): Promise<string> {
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Jakarta" }).format(Date.now());
  return seal(request, dinas, AGENCY, { from: today, to: today, slot });
}

/** Seals the day that the demo lived, as an agency's operator, and sends it; gives the batch's id. */
async function sentDay(request: APIRequestContext, dinas: Service, agency: string): Promise<string> {
  return seal(request, dinas, agency, { from: dinas.lived_on, to: dinas.lived_on });
}

async function seal(request: APIRequestContext, dinas: Service, agency: string, data: object): Promise<string> {
  const headers = await dinas.as(request, dinas.operator(agency));
  const sealed = await request.post(`${dinas.base_url}/v1/agencies/${agency}/batches`, { headers, data });
  expect(sealed.ok(), await sealed.text()).toBe(true);
  const { id } = (await sealed.json()) as { id: string };
  const submitted = await request.post(`${dinas.base_url}/v1/batches/${id}/submission`, { headers });
  expect(submitted.ok(), await submitted.text()).toBe(true);
  return id;
}

/** The dispatch of a batch, as the operator downloads it. */
export async function dispatchOf(request: APIRequestContext, dinas: Service, id: string, agency = AGENCY): Promise<Buffer> {
  const headers = await dinas.as(request, dinas.operator(agency));
  const file = await request.get(`${dinas.base_url}/v1/batches/${id}/dispatch`, { headers });
  expect(file.ok(), await file.text()).toBe(true);
  return file.body();
}

/** Registers the key of an agency's log at BKD's instance. */
export async function registerKey(request: APIRequestContext, { bkd, dinas }: Pair, agency: string): Promise<void> {
  const headers = await bkd.as(request, "bkd_officer");
  const data = { verifying_key: await keyOf(dinas, agency) };
  const registered = await request.put(`${bkd.base_url}/v1/federation/agencies/${agency}`, { headers, data });
  expect(registered.ok(), await registered.text()).toBe(true);
}

/** Has the agency send the day that the demo lived there, and BKD take it. */
export async function bringDay(request: APIRequestContext, { bkd, dinas }: Pair, agency: string): Promise<void> {
  const file = await dispatchOf(request, dinas, await sentDay(request, dinas, agency), agency);
  const digest = createHash("sha256").update(file).digest("hex");
  const headers = { ...(await bkd.as(request, "bkd_officer")), "Content-Type": "application/octet-stream" };
  const brought = await request.put(`${bkd.base_url}/v1/federation/dispatches/${digest}?offset=0&size=${file.length}`, { headers, data: file });
  expect(brought.status(), await brought.text()).toBe(200);
}
