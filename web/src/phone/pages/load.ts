// Where each page lies. A chunk of its own, so that the first screen does not carry the list.
import type { Component } from "svelte";

export type Page = Component<{ detail: string }>;

const PAGES: Record<string, () => Promise<{ default: unknown }>> = {
  kabar: () => import("./News.svelte"),
  temuan: () => import("./Case.svelte"),
  catatan: () => import("./Flagged.svelte"),
  kegiatan: () => import("./Activities.svelte"),
  laporan: () => import("./Report.svelte"),
  bulan: () => import("./Month.svelte"),
  hari: () => import("./Day.svelte"),
  koreksi: () => import("./Corrections.svelte"),
  cuti: () => import("./Leave.svelte"),
  rumah: () => import("./Homes.svelte"),
  data: () => import("./Own.svelte"),
  disimpan: () => import("./Kept.svelte"),
  akses: () => import("./Accesses.svelte"),
  kalender: () => import("./CalendarFeed.svelte"),
  dinas: () => import("./Travels.svelte"),
  tanda: () => import("./Marks.svelte"),
  sandi: () => import("./Password.svelte"),
};

export async function load(name: string): Promise<Page | undefined> {
  // Each is a page that may look at what follows its name in the address.
  return (await PAGES[name]?.())?.default as Page | undefined;
}
