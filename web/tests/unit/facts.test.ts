// What is told of a drawn slot in words: of a share that is here, and of a row that an agency sealed elsewhere.
import { expect, test } from "vitest";
import type { DayFile } from "../../src/audit/cases/cases.svelte";
import { facts } from "../../src/audit/cases/facts";

const SHARE = { captured_at: "2026-03-02T01:31:00.000Z", mode: "wfh", place: "outside", time: "on_time", channel: "app", flags: ["mock_provider"] };
const SEALED = { batch_id: "019cac40-0000-7000-8000-000000000001", state: "received", mode: "wfh", flags: [] };

function told(parts: object): string[] {
  const file = { duty_places: [], earlier: [], person: { name: "Contoh", agency_name: "Dinas Contoh" }, ...parts };
  return facts(file as unknown as DayFile, "Asia/Jakarta", "id").map(({ text }) => text);
}

test("a share that is here tells when it was received and how far it was in metres", () => {
  const record = { ...SHARE, received_at: "2026-03-02T01:31:05.000Z", distance_metres: 340 };
  const sentences = told({ record, duty_places: [{ kind: "home", corners: [] }] });
  expect(sentences).toContain("Lokasi diambil pukul 08.31 dan diterima pukul 08.31, tepat waktu.");
  expect(sentences).toContain("Titiknya 340 m dari rumah yang terdaftar.");
  expect(sentences.join(" ")).not.toContain("layanan perangkat daerah");
});

test("a sealed row says whose word it is, and tells the class of its distance", () => {
  const record = { ...SHARE, distance_class: "1_5_km", position: { latitude: -6.1, longitude: 106.1 }, position_message: "Titik tersegel tidak cocok." };
  const sentences = told({ record, sealed_row: SEALED });
  expect(sentences[0]).toContain("menurut kiriman yang disegel layanan perangkat daerah sendiri");
  expect(sentences[0]).toContain("bandingkan sendiri titiknya");
  expect(sentences).toContain("Lokasi diambil pukul 08.31, tepat waktu.");
  expect(sentences).toContain("Menurut perangkat daerah, titiknya 1 sampai 5 km dari tempat tugas.");
  expect(sentences).toContain("Titik tersegel tidak cocok.");
});

test("a sealed row without a share is nobody's guilt", () => {
  const sentences = told({ sealed_row: { ...SEALED, state: "missed" } });
  expect(sentences[0]).toContain("Itu belum berarti apa-apa");
  expect(sentences[1]).toContain("layanan perangkat daerah sendiri");
  expect(sentences[1]).not.toContain("titiknya");
  expect(sentences[2]).toBe("Cara bekerja hari itu: Bekerja dari rumah.");
});
