// Writes a Brotli and a gzip form beside every text file, for the service to choose from.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(html|m?js|css|json|svg|webmanifest)$/;

export function compressed(): Plugin {
  let directory = "dist";
  return {
    name: "compressed-forms",
    apply: "build",
    configResolved(config) {
      directory = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        for (const name of await readdir(directory, { recursive: true })) {
          if (!TEXT.test(name)) continue;
          const path = join(directory, name);
          const bytes = await readFile(path);
          const forms = {
            br: await promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
            gz: await promisify(gzip)(bytes, { level: 9 }),
          };
          for (const [ending, form] of Object.entries(forms)) {
            // A form that saves nothing is not worth keeping.
            if (form.length < bytes.length) await writeFile(`${path}.${ending}`, form);
          }
        }
      },
    },
  };
}
