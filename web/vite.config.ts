// How the pages are built: one HTML entry a role, hashed assets, a service worker that knows every file, compressed forms.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { compressed } from "./tools/compressed.ts";
import { precached } from "./tools/precached.ts";

export default defineConfig({
  base: "/",
  appType: "mpa",
  plugins: [svelte(), precached({ page: "app", worker: "src/phone/sw.js" }), compressed()],
  server: { proxy: { "/v1": "http://127.0.0.1:8080" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "app/licences.txt" },
    rollupOptions: {
      input: Object.fromEntries(["app", "desk", "audit"].map((room) => [room, resolve(import.meta.dirname, room, "index.html")])),
    },
  },
});
