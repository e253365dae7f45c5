// What the pages are made of is under licences that the product may carry; what only builds and tests them too.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import lock from "../../package-lock.json";

const SHIPPED = /^(MIT|\(MIT OR Apache-2\.0\)|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|MPL-2\.0|OFL-1\.1)$/;
/** Never leaves the machine that builds: argparse, which reads the command line of the client's generator. */
const TOOLS_TOO = /^(\(MIT OR CC0-1\.0\)|Python-2\.0)$/;

/** A package that names no licence in its list is under the one whose text it brings. */
function textOf(name: string): string {
  return /^(MIT|ISC) License/.exec(readFileSync(`${name}/LICENSE`, "utf8"))?.[1] ?? "";
}

test("every package is under an allowed licence and from the registry", () => {
  const packages = Object.entries(lock.packages as Record<string, { license?: string; dev?: boolean; resolved?: string }>);
  expect(packages.length).toBeGreaterThan(50);
  for (const [name, { license: named, dev = false, resolved }] of packages) {
    const license = named ?? textOf(name);
    expect(SHIPPED.test(license) || (dev && TOOLS_TOO.test(license)), `${name}: ${license}`).toBe(true);
    // What another package brings inside itself has no address of its own.
    if (resolved !== undefined) expect(resolved, name).toMatch(/^https:\/\/registry\.npmjs\.org\//);
  }
});
