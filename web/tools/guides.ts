// Makes pages of the guides in docs/guides, with their pictures, under /guide/: plain HTML that needs no script.
import { marked } from "marked";
import { readdir, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { Plugin } from "vite";

const GUIDES = resolve(import.meta.dirname, "../../docs/guides");
const STYLES = ["colours.css", "page.css", "guide.css"].map((name) => resolve(import.meta.dirname, "../src/style", name));
const PICTURE = /\]\(\.\.\/\.\.\/web\/screenshots\/([\w-]+\.png)\)/g;

export function guides(): Plugin {
  return {
    name: "guides",
    apply: "build",
    async generateBundle() {
      const emit = (fileName: string, source: string | Uint8Array) => this.emitFile({ type: "asset", fileName: `guide/${fileName}`, source });
      const pictures = new Set<string>();
      for (const file of await readdir(GUIDES)) {
        const text = await readFile(resolve(GUIDES, file), "utf8");
        const [, title = ""] = /^# (.+)$/m.exec(text) ?? [];
        for (const [, picture] of text.matchAll(PICTURE)) pictures.add(String(picture));
        const body = await marked.parse(text.replace(PICTURE, "]($1)").replace(/\]\((\w+)\.md\)/g, "]($1.html)"));
        const isFirst = file === "README.md";
        emit(isFirst ? "index.html" : `${basename(file, ".md")}.html`, page(title, isFirst ? body : `<p><a href="./">Panduan</a></p>\n${body}`));
      }
      for (const picture of pictures) emit(picture, await readFile(resolve(import.meta.dirname, "../screenshots", picture)));
      emit("guide.css", (await Promise.all(STYLES.map((style) => readFile(style, "utf8")))).join("\n"));
    },
  };
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="id">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} - Sherlok</title>
    <link rel="icon" href="/app/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="guide.css" />
  </head>
  <body>
    <main>
${body}
    </main>
  </body>
</html>
`;
}
