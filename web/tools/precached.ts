// Writes a page's service worker with the list of every file that the page can need, named by a digest of them all; what only other pages need is not on it.
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin, Rollup } from "vite";

interface Options {
  /** The page's folder, as `app`. */
  page: string;
  /** The service worker's source. */
  worker: string;
}

/** Runs after everything else was written, the public folder too, so that no chunk can be forgotten. */
export function precached({ page, worker }: Options): Plugin {
  const needed = new Set<string>();
  let directory = "dist";
  let root = ".";
  return {
    name: "precached-page",
    apply: "build",
    configResolved(config) {
      directory = config.build.outDir;
      root = config.root;
    },
    generateBundle(_options, bundle) {
      const entry = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry && file.name === page);
      if (entry) gather(entry.fileName, bundle, needed);
    },
    closeBundle: {
      order: "pre",
      sequential: true,
      async handler() {
        const names = await readdir(directory, { recursive: true, withFileTypes: true });
        const files = names
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
          .filter((path) => path.startsWith(`${page}/`) || needed.has(path))
          .filter((path) => !/\.(br|gz|txt)$/.test(path) && path !== `${page}/sw.js`)
          .sort();
        const digest = createHash("sha256");
        for (const path of files) digest.update(path).update(await readFile(join(directory, path)));
        const addresses = files.map((path) => `/${path}`.replace(/\/index\.html$/, "/"));
        const source = await readFile(join(root, worker), "utf8");
        const text = source
          .replace("__VERSION__", digest.digest("hex").slice(0, 16))
          .replace('["__FILES__"]', JSON.stringify(addresses));
        await writeFile(join(directory, page, "sw.js"), text);
      },
    },
  };
}

/** A chunk, its styles and pictures, and all that it imports now or later. */
function gather(name: string, bundle: Rollup.OutputBundle, needed: Set<string>): void {
  if (needed.has(name)) return;
  needed.add(name);
  const file = bundle[name];
  if (file?.type !== "chunk") return;
  const { importedCss = [], importedAssets = [] } = file.viteMetadata ?? {};
  for (const other of [...importedCss, ...importedAssets, ...file.imports, ...file.dynamicImports]) gather(other, bundle, needed);
}
