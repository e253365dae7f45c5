// A dispatch goes on from where it stopped, stops when it is told to, and its receipt names its batch.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { NoNetwork, Refused } from "../../src/call";
import { fileNameOf, standingOf } from "../../src/desk/dispatch/dispatch";
import { batchOf, bring, PIECE_BYTES, type Answer, type Way } from "../../src/desk/federation/bring";

const file = new Blob([new Uint8Array(2 * PIECE_BYTES + 7)]);

/** A service that has `here` bytes; `trouble` is thrown before the answer to a piece, one after the other. */
function service(here = 0, trouble: (Error | undefined)[] = []) {
  const sent: [number, number][] = [];
  const digests = new Set<string>();
  const answer = (): Answer => (here === file.size ? { receipt: "receipt" } : { here });
  const way: Way = {
    ask: async (digest) => (digests.add(digest), answer()),
    async send(digest, offset, size, piece) {
      digests.add(digest);
      expect(size).toBe(file.size);
      sent.push([offset, piece.size]);
      const error = trouble.shift();
      if (error) throw error;
      here = offset + piece.size;
      return answer();
    },
    pause: async () => undefined,
  };
  return { way, sent, digests };
}

function progress(stopAfter = Infinity) {
  const seen: number[] = [];
  return { seen, set: (done: number) => void seen.push(done), get isStopped() { return seen.length >= stopAfter; } };
}

test("every piece goes once, and the receipt comes back", async () => {
  const { way, sent, digests } = service();
  const told = progress();
  expect(await bring(file, way, told)).toBe("receipt");
  expect(sent).toEqual([[0, PIECE_BYTES], [PIECE_BYTES, PIECE_BYTES], [2 * PIECE_BYTES, 7]]);
  expect(told.seen).toEqual([0, PIECE_BYTES, 2 * PIECE_BYTES, file.size]);
  const [digest, ...others] = digests;
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(others).toEqual([]);
});

test("what is there already is not sent again", async () => {
  const half = service(PIECE_BYTES);
  await bring(file, half.way, progress());
  expect(half.sent.map(([offset]) => offset)).toEqual([PIECE_BYTES, 2 * PIECE_BYTES]);
  const whole = service(file.size);
  expect(await bring(file, whole.way, progress())).toBe("receipt");
  expect(whole.sent).toEqual([]);
});

test("a lost answer is asked for again, and in the end the person is told", async () => {
  const lost = service(0, [undefined, new NoNetwork(), new NoNetwork()]);
  expect(await bring(file, lost.way, progress())).toBe("receipt");
  const gone = service(0, [new NoNetwork(), new NoNetwork(), new NoNetwork()]);
  await expect(bring(file, gone.way, progress())).rejects.toBeInstanceOf(NoNetwork);
  expect(gone.sent).toHaveLength(3);
});

test("what was refused is not tried again", async () => {
  const refused = service(0, [new Refused(422, undefined, undefined)]);
  await expect(bring(file, refused.way, progress())).rejects.toBeInstanceOf(Refused);
  expect(refused.sent).toHaveLength(1);
});

test("it stops between two pieces", async () => {
  const { way, sent } = service();
  expect(await bring(file, way, progress(1))).toBeUndefined();
  expect(sent).toHaveLength(1);
});

test("a receipt names its batch, and other texts name none", () => {
  const receipt = readFileSync("../api-spec/vectors/dispatch/first.tlog-proof", "utf8");
  const facts = { id: "019cac40-0000-7000-8000-000000000001", agency: "1.01", from: "2026-03-02", to: "2026-03-02", version: 1 };
  expect(batchOf(receipt)).toEqual(facts);
  for (const other of ["", "extra ", "extra bnVsbA==", receipt.replace("extra ", "extra")]) expect(batchOf(other)).toBeUndefined();
});

test("the last word on a dispatch is the one that is told", () => {
  const nothing = { proved_at: null, problem: null, next_attempt_at: null, made_at: null };
  const problem = (code: string) => ({ code, message: "" });
  expect(standingOf(nothing)).toBe("ready");
  expect(standingOf({ ...nothing, made_at: "2026-03-02T03:00:00.000Z" })).toBe("made");
  expect(standingOf({ ...nothing, next_attempt_at: "2026-03-02T03:00:00.000Z" })).toBe("waiting");
  expect(standingOf({ ...nothing, problem: problem("unreachable") })).toBe("unreached");
  expect(standingOf({ ...nothing, problem: problem("consistency") })).toBe("refused");
  expect(standingOf({ ...nothing, problem: problem("rows"), proved_at: "2026-03-02T03:00:00.000Z" })).toBe("proved");
  expect(fileNameOf({ agency: "1.01", from: "2026-03-02", slot: "midday", version: 2 })).toBe("1.01-2026-03-02-midday-v2");
  expect(fileNameOf({ agency: "1.01", from: "2026-03-02", slot: null, version: 1 })).toBe("1.01-2026-03-02-v1");
});
