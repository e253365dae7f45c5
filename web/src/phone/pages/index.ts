// The pages beyond the first screen by their name in the address; each is loaded when it is first opened.
import type { Page } from "./load";

const NAMES = "kabar temuan catatan kegiatan laporan bulan hari koreksi cuti rumah data disimpan akses kalender dinas tanda sandi".split(" ");

export function isPage(name: string): boolean {
  return NAMES.includes(name);
}

export async function loadPage(name: string): Promise<Page | undefined> {
  return (await import("./load")).load(name);
}
