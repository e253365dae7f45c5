// What the pages are made of is under licences that the product may carry; what only builds and tests them too.
import { expect, test } from "vitest";
import lock from "../../package-lock.json";

const SHIPPED = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|MPL-2\.0|OFL-1\.1)$/;
/** Never leaves the machine that builds: argparse, which reads the command line of the client's generator. */
const TOOLS_TOO = /^(\(MIT OR CC0-1\.0\)|Python-2\.0)$/;

test("every package is under an allowed licence and from the registry", () => {
  const packages = Object.entries(lock.packages as Record<string, { license?: string; dev?: boolean; resolved?: string }>);
  expect(packages.length).toBeGreaterThan(50);
  for (const [name, { license = "", dev = false, resolved }] of packages) {
    expect(SHIPPED.test(license) || (dev && TOOLS_TOO.test(license)), `${name}: ${license}`).toBe(true);
    // What another package brings inside itself has no address of its own.
    if (resolved !== undefined) expect(resolved, name).toMatch(/^https:\/\/registry\.npmjs\.org\//);
  }
});
