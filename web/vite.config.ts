// How the pages are built: the phone and the desks each by a run of their own, so that what the desks use never costs the phone anything.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { resolve } from "node:path";
import { defineConfig } from "vite";
import { compressed } from "./tools/compressed.ts";
import { guides } from "./tools/guides.ts";
import { precached } from "./tools/precached.ts";

/** The HTML entries of each run, by the mode that it is called with; the development server has them all. */
const ROOMS: Record<string, string[]> = { phone: ["app"], desks: ["desk", "audit"] };

export default defineConfig(({ mode }) => {
  const rooms = ROOMS[mode] ?? Object.values(ROOMS).flat();
  const isPhone = rooms.includes("app");
  return {
    base: "/",
    appType: "mpa",
    plugins: [svelte(), isPhone && precached({ page: "app", worker: "src/phone/sw.js" }), !isPhone && guides(), compressed()],
    publicDir: isPhone && "public",
    // The small map is drawn from what ships with the service.
    server: {
      fs: { allow: [".", "../data/regions"] },
      proxy: Object.fromEntries(["/v1", "/branding", "/map"].map((path) => [path, "http://127.0.0.1:8080"])),
    },
    build: {
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // The phone comes first and begins anew.
      emptyOutDir: isPhone,
      license: { fileName: `${rooms[0]}/licences.txt` },
      rollupOptions: {
        input: Object.fromEntries(rooms.map((room) => [room, resolve(import.meta.dirname, room, "index.html")])),
      },
    },
  };
});
