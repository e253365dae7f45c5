// Watching the board: by events where there are any, else by asking, and only while somebody looks.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watch } from "../../src/desk/board/watch";

class Events extends EventTarget {
  static all: Events[] = [];
  static readonly CLOSED = 2;
  readyState = 1;
  constructor(readonly url: string) {
    super();
    Events.all.push(this);
  }
  close() {
    this.readyState = Events.CLOSED;
  }
  tell(day: unknown) {
    this.dispatchEvent(new MessageEvent("day", { data: JSON.stringify(day) }));
  }
  break(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const show = (state: string) => {
  page.visibilityState = state;
  page.dispatchEvent(new Event("visibilitychange"));
};
const look = vi.fn(async () => undefined);
const seen = vi.fn();
let end = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", page);
  vi.stubGlobal("EventSource", Events);
  Events.all = [];
  page.visibilityState = "visible";
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

const after = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000);

test("without events the day is asked for every 15 seconds", async () => {
  end = watch({ events: undefined, look, seen });
  await after(31);
  expect(look).toHaveBeenCalledTimes(3);
  expect(Events.all).toHaveLength(0);
  end();
  await after(60);
  expect(look).toHaveBeenCalledTimes(3);
});

test("whoever is told by events does not ask", async () => {
  end = watch({ events: "/day/events", look, seen });
  await after(1);
  Events.all[0]?.tell({ staff: 7 });
  await after(300);
  expect(seen).toHaveBeenCalledExactlyOnceWith({ staff: 7 });
  expect(look).toHaveBeenCalledTimes(1);
});

test("where events are refused the day is asked for, and they are tried anew", async () => {
  end = watch({ events: "/day/events", look, seen });
  await after(1);
  Events.all[0]?.break(Events.CLOSED);
  await after(60);
  expect(look.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(Events.all).toHaveLength(1);
  await after(90);
  expect(Events.all.length).toBeGreaterThanOrEqual(2);
});

test("nobody asks while the page is out of sight, and it is asked at once when it comes back", async () => {
  end = watch({ events: "/day/events", look, seen });
  await after(1);
  show("hidden");
  expect(Events.all[0]?.readyState).toBe(Events.CLOSED);
  await after(120);
  expect(look).toHaveBeenCalledTimes(1);
  show("visible");
  await after(1);
  expect(look).toHaveBeenCalledTimes(2);
  expect(Events.all).toHaveLength(2);
});
