// Sending daily entries: every step may be repeated, nothing is sent for another, and what is refused waits for a word.
import { beforeEach, expect, test, vi } from "vitest";
import type { WaitingEntry } from "../../src/store";

const kept = new Map<string, WaitingEntry>();
const [get, post, put] = [vi.fn(), vi.fn(), vi.fn()];

vi.mock("../../src/store", () => ({
  alone: async (_name: string, work: () => Promise<unknown>) => work(),
  listEntries: async () => [...kept.values()],
  putEntry: async (entry: WaitingEntry) => void kept.set(entry.body.id, entry),
  removeEntry: async (id: string) => void kept.delete(id),
}));
vi.mock("../../src/session", () => ({ api: { GET: get, POST: post, PUT: put } }));

const { sendEntries } = await import("../../src/phone/pages/entries");
const { NoNetwork } = await import("../../src/call");

const answered = (status: number, data?: unknown, error?: unknown) => ({ data, error, response: new Response(null, { status }) });
const refused = (status: number) => answered(status, undefined, { code: "x", title: "", type: "", status });

function keep(id: string, photos = 0, account_id = "a"): void {
  const body = { id, work_date: "2026-03-02", start: "08:00", end: "09:00", description: "Rapat", output: "Notula" };
  kept.set(id, { account_id, body, photos: Array.from({ length: photos }, () => new ArrayBuffer(1)) });
}

const steps = () => post.mock.calls.map(([path]) => String(path).replace("/v1/activities", ""));

beforeEach(() => {
  kept.clear();
  for (const call of [get, post, put]) call.mockReset();
  post.mockImplementation(async (path: string) => answered(200, path === "/v1/activities" ? { state: "draft" } : {}));
});

test("an entry goes with its photos, is handed in last, and leaves the phone", async () => {
  keep("1", 2);
  await sendEntries("a");
  expect(steps()).toEqual(["", "/{id}/evidence", "/{id}/evidence", "/{id}/submission"]);
  expect(kept.size).toBe(0);
});

test("an entry that was handed in before its answer got lost is not handed in again", async () => {
  keep("1", 1);
  post.mockResolvedValueOnce(answered(200, { state: "submitted" }));
  await sendEntries("a");
  expect(steps()).toEqual([""]);
  expect(kept.size).toBe(0);
});

test("without a network everything stays and goes in order later", async () => {
  keep("1");
  keep("2");
  post.mockRejectedValueOnce(new NoNetwork());
  await expect(sendEntries("a")).rejects.toThrow(NoNetwork);
  expect([...kept.keys()]).toEqual(["1", "2"]);
  await sendEntries("a");
  expect(kept.size).toBe(0);
});

test("what the service refuses waits with the reason, and the next one goes", async () => {
  keep("1");
  keep("2");
  post.mockResolvedValueOnce(refused(422));
  await sendEntries("a");
  expect([...kept.values()].map(({ body, problem }) => [body.id, problem?.status])).toEqual([["1", 422]]);
  post.mockClear();
  await sendEntries("a");
  expect(post).not.toHaveBeenCalled();
});

test("a full service is no refusal", async () => {
  keep("1");
  post.mockResolvedValueOnce(refused(503));
  await expect(sendEntries("a")).rejects.toThrow();
  expect(kept.get("1")?.problem).toBeUndefined();
});

test("an entry that the service has with other words is changed, unless it was handed in", async () => {
  keep("1");
  post.mockResolvedValueOnce(refused(409));
  get.mockResolvedValueOnce(answered(200, { state: "returned", version: 3 }));
  put.mockResolvedValueOnce(answered(200, { state: "draft" }));
  await sendEntries("a");
  expect(put.mock.calls[0]?.[1].params.header).toEqual({ "If-Match": '"3"' });
  expect(put.mock.calls[0]?.[1].body).not.toHaveProperty("id");
  expect(kept.size).toBe(0);

  keep("2");
  post.mockResolvedValueOnce(refused(409));
  get.mockResolvedValueOnce(answered(200, { state: "approved", version: 4 }));
  await sendEntries("a");
  expect(put).toHaveBeenCalledTimes(1);
  expect(kept.get("2")?.problem?.status).toBe(409);
});

test("nobody's entries are sent in another's name", async () => {
  keep("1", 0, "b");
  await sendEntries("a");
  expect(post).not.toHaveBeenCalled();
  expect(kept.size).toBe(1);
});
