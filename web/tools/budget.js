// Holds each page to its budget: the JavaScript that its first load brings, compressed with gzip as the weakest browser gets it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Bytes of compressed JavaScript that a page may need at first; maps and further pages come later. */
const BUDGETS = { app: 40 * 1024, audit: 60 * 1024, desk: 60 * 1024 };

let isOver = false;
for (const [page, most] of Object.entries(BUDGETS)) {
  const seen = new Set();
  const open = scriptsOf(readFileSync(`dist/${page}/index.html`, "utf8"));
  while (open.length > 0) {
    const address = open.pop();
    if (seen.has(address)) continue;
    seen.add(address);
    // What a script imports statically comes with it; what it imports later does not.
    const text = readFileSync(`dist${address}`, "utf8");
    for (const [, name] of text.matchAll(/(?:^|[;\n}])\s*import\s*(?:[^"'();]*?from\s*)?["']\.\/([^"']+)["']/g)) {
      open.push(`/assets/${name}`);
    }
  }
  const bytes = [...seen].reduce((sum, address) => sum + gzipSync(readFileSync(`dist${address}`), { level: 9 }).length, 0);
  console.log(`web budget: ${page} ${bytes} of ${most} bytes of compressed JavaScript in ${seen.size} file(s)`);
  isOver ||= bytes > most;
}
process.exitCode = isOver ? 1 : 0;

/** @param {string} html */
function scriptsOf(html) {
  const scripts = html.matchAll(/<(?:script|link)[^>]+(?:src|href)="([^"]+\.m?js)"/g);
  return Array.from(scripts, ([, address]) => String(address));
}
