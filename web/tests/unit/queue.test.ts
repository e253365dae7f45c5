// Sending: in order, in portions, never another's, never again what was refused, and never lost.
import { beforeEach, expect, test, vi } from "vitest";
import type { Problem } from "../../src/call";
import type { CheckIn, Waiting } from "../../src/store";

const kept: Waiting[] = [];
const settled: string[] = [];
const post = vi.fn();

vi.mock("../../src/store", () => ({
  addWaiting: async (waiting: Waiting) => void kept.push(waiting),
  alone: async (_name: string, work: () => Promise<unknown>) => work(),
  deviceId: async () => "ponsel-1",
  listWaiting: async () => [...kept],
  refuse: async (waiting: Waiting, problem: Problem) => void (waiting.problem = problem),
  settle: async ({ claim }: Waiting) => {
    settled.push(claim.id);
    kept.splice(
      kept.findIndex((other) => other.claim.id === claim.id),
      1,
    );
  },
}));

vi.mock("../../src/session", () => ({ api: { POST: post } }));
vi.mock("../../src/call", async (original) => ({
  ...(await original<typeof import("../../src/call")>()),
  answerOf: (answer: unknown) => answer,
}));

const { flush, keep } = await import("../../src/queue");
const { NoNetwork, Refused, SignedOut } = await import("../../src/call");

const FIX = { latitude: -6.1, longitude: 106.2, accuracy: 18.5, altitude: null };
const taken = { status: 201, check_in: {} as CheckIn };
const refusal = (status: number) => ({ status, problem: { status, title: "", type: "", code: "x" } as Problem });

/** Answers each share as it is told to, all others with "taken". */
function answering(...results: unknown[]) {
  post.mockImplementation(async (_path: string, { body }: { body: { check_ins: unknown[] } }) => ({
    results: body.check_ins.map(() => results.shift() ?? taken),
  }));
}

const sent = () => post.mock.calls.map(([, { body }]) => body.check_ins.map(({ id }: { id: string }) => id));

beforeEach(() => {
  kept.length = 0;
  settled.length = 0;
  post.mockReset();
});

test("a share is kept as it was captured, and only sent_at is new at each try", async () => {
  const id = await keep("a", FIX, Date.UTC(2026, 2, 2, 0, 41));
  post.mockRejectedValueOnce(new NoNetwork());
  expect(await flush("a")).toEqual({ kind: "offline" });
  expect(kept).toHaveLength(1);
  answering();
  expect(await flush("a")).toEqual({ kind: "done" });
  const [first, second] = post.mock.calls.map(([, { body }]) => body.check_ins[0]);
  expect({ ...second, sent_at: "" }).toEqual({ ...first, sent_at: "" });
  expect(first).toMatchObject({ id, captured_at: "2026-03-02T00:41:00.000Z", accuracy_metres: 18.5 });
  expect([kept.length, settled]).toEqual([0, [id]]);
});

test("what waits is sent oldest first, fifty at once", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 120; index += 1) ids.push(await keep("a", FIX, 1_772_000_000_000 + index));
  answering();
  expect(await flush("a")).toEqual({ kind: "done" });
  expect(sent().map((portion) => portion.length)).toEqual([50, 50, 20]);
  expect(sent().flat()).toEqual(ids);
});

test("another account's shares stay where they are", async () => {
  await keep("a", FIX, 1);
  const mine = await keep("b", FIX, 2);
  answering();
  await flush("b");
  expect(sent()).toEqual([[mine]]);
  expect(kept.map(({ account_id }) => account_id)).toEqual(["a"]);
});

test("a refused share is kept with the reason, not sent again, and holds nothing up", async () => {
  await keep("a", FIX, 1);
  await keep("a", FIX, 2);
  answering(refusal(422));
  expect(await flush("a")).toEqual({ kind: "done" });
  expect(kept).toHaveLength(1);
  expect(kept[0]?.problem?.status).toBe(422);
  await flush("a");
  expect(post).toHaveBeenCalledTimes(1);
});

test("what the service had no time for is kept and comes again", async () => {
  await keep("a", FIX, 1);
  await keep("a", FIX, 2);
  answering(refusal(503));
  expect(await flush("a")).toEqual({ kind: "busy", seconds: 5 });
  expect(kept).toHaveLength(1);
  expect(kept[0]?.problem).toBeUndefined();
});

test("a whole call that is not answered with results loses nothing", async () => {
  await keep("a", FIX, 1);
  post.mockRejectedValueOnce(new Refused(503, undefined, 7));
  expect((await flush("a")).kind).toBe("busy");
  post.mockRejectedValueOnce(new SignedOut());
  expect(await flush("a")).toEqual({ kind: "signed_out" });
  post.mockResolvedValueOnce({ results: [] });
  expect((await flush("a")).kind).toBe("busy");
  expect(kept).toHaveLength(1);
});

test("an accuracy that no phone should say is brought into what the service takes", async () => {
  await keep("a", { ...FIX, accuracy: 0, altitude: 12_000 }, 1);
  await keep("a", { ...FIX, accuracy: 5e6, altitude: 30 }, 2);
  expect(kept.map(({ claim }) => [claim.accuracy_metres, claim.altitude_metres])).toEqual([
    [0.1, undefined],
    [100_000, 30],
  ]);
});
