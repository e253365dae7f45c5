// Starts the binary with a small demo on a database and port of its own, and ends it when the tests are done.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface SignIn {
  role: string;
  username: string;
  password: string;
  agency: string | null;
  position?: { latitude: number; longitude: number };
}

export interface Demo {
  base_url: string;
  sign_ins: SignIn[];
  /** The work day that was lived from morning to evening. */
  lived_on: string;
}

export default async function start(): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), "sherlok-web-"));
  const binary = process.env.SHERLOK ?? "../target/debug/sherlok";
  const child = spawn(binary, ["demo", "--json", "--people", "60"], {
    env: {
      ...process.env,
      SHERLOK_DATA_DIR: directory,
      SHERLOK_LISTEN: "127.0.0.1:0",
      SHERLOK_DATABASE_URL: undefined,
      SHERLOK_POSITION_RETENTION_DAYS: "120",
      SHERLOK_DATA_PROTECTION_CONTACT: "PPDP Provinsi Banten, ppdp@banten.example",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.env.SHERLOK_DEMO_DIRECTORY = directory;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for await (const line of createInterface(child.stdout)) {
    process.env.SHERLOK_DEMO = line;
    break;
  }
  if (!process.env.SHERLOK_DEMO) throw new Error("the demo ended before it served");
  return async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
}
