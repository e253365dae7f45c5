// The search for a position: it keeps the best point, ends by itself, and says why there is none.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { locate, LONGEST_MILLISECONDS, type Fix } from "../../src/fix";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A phone that says what it is told to say. */
function phone() {
  let tell: PositionCallback = () => undefined;
  let complain: PositionErrorCallback = () => undefined;
  const geolocation = {
    watchPosition: vi.fn((onFix: PositionCallback, onError: PositionErrorCallback) => {
      [tell, complain] = [onFix, onError];
      return 7;
    }),
    clearWatch: vi.fn(),
  };
  const point = (accuracy: number) => {
    const coords = { latitude: -6.1, longitude: 106.2, accuracy, altitude: null };
    tell({ coords, timestamp: 0 } as unknown as GeolocationPosition);
  };
  const error = (code: number) => complain({ code, TIMEOUT: 3 } as GeolocationPositionError);
  return { geolocation: geolocation as unknown as Geolocation, clearWatch: geolocation.clearWatch, point, error };
}

function started() {
  const told: number[] = [];
  const made = phone();
  const search = locate(made.geolocation, (best: Fix) => told.push(best.accuracy));
  return { ...made, search, told };
}

test("a good point ends the search at once", async () => {
  const { point, search, told, clearWatch } = started();
  point(80);
  point(25);
  expect(await search.ended).toMatchObject({ kind: "fix", fix: { accuracy: 25 } });
  expect(told).toEqual([80, 25]);
  expect(clearWatch).toHaveBeenCalledWith(7);
});

test("without a good one the best of 30 seconds is taken, not the last", async () => {
  const { point, search, told } = started();
  point(140);
  vi.advanceTimersByTime(10_000);
  point(60);
  point(90);
  vi.advanceTimersByTime(LONGEST_MILLISECONDS - 10_000);
  expect(await search.ended).toMatchObject({ kind: "fix", fix: { accuracy: 60 } });
  expect(told).toEqual([140, 60]);
});

test("the person may take what there is, or leave", async () => {
  const taken = started();
  taken.point(140);
  taken.search.take();
  expect(await taken.search.ended).toMatchObject({ kind: "fix", fix: { accuracy: 140 } });
  const left = started();
  left.search.cancel();
  expect(await left.search.ended).toEqual({ kind: "cancelled" });
  expect(left.clearWatch).toHaveBeenCalled();
});

test("a refusal is told as one; a phone without a position ends after its time", async () => {
  const denied = started();
  denied.error(1);
  expect(await denied.search.ended).toEqual({ kind: "denied" });
  const silent = started();
  silent.error(3);
  expect(await silent.search.ended).toEqual({ kind: "unavailable" });
});

test("a gap in reception does not end the search", async () => {
  const { point, error, search } = started();
  error(2);
  vi.advanceTimersByTime(5_000);
  point(20);
  expect(await search.ended).toMatchObject({ kind: "fix", fix: { accuracy: 20 } });
});
