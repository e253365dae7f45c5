// The best position within 30 seconds, told as it gets better.

export interface Fix {
  latitude: number;
  longitude: number;
  /** Radius in metres, as the browser says it. */
  accuracy: number;
  altitude: number | null;
}

export type Located =
  | { kind: "fix"; fix: Fix }
  | { kind: "denied" }
  | { kind: "unavailable" }
  | { kind: "cancelled" };

export interface Search {
  ended: Promise<Located>;
  /** Ends with the best point so far. */
  take(): void;
  cancel(): void;
}

/** The longest search. */
export const LONGEST_MILLISECONDS = 30_000;
/** A point that is as good as this needs no better one. */
export const GOOD_METRES = 25;
/** A point that is worse than this says little; the person is asked first. */
export const COARSE_METRES = 200;

const DENIED = 1;

/**
 * Watches until a point is good, or the time is over. The time counts from the first word of the phone, since until then
 * the person may be reading its question; a phone that says nothing ends it by itself.
 */
export function locate(geolocation: Geolocation, onFix: (best: Fix) => void): Search {
  let best: Fix | undefined;
  let watch: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end: (located: Located) => void = () => undefined;
  const ended = new Promise<Located>((resolve) => {
    end = (located) => {
      if (watch !== undefined) geolocation.clearWatch(watch);
      clearTimeout(timer);
      resolve(located);
    };
  });
  const settle = () => end(best ? { kind: "fix", fix: best } : { kind: "unavailable" });
  const start = () => (timer ??= setTimeout(settle, LONGEST_MILLISECONDS));
  watch = geolocation.watchPosition(
    ({ coords }) => {
      start();
      if (best && best.accuracy <= coords.accuracy) return;
      const { latitude, longitude, accuracy, altitude } = coords;
      best = { latitude, longitude, accuracy, altitude };
      onFix(best);
      if (accuracy <= GOOD_METRES) settle();
    },
    (error) => {
      if (error.code === DENIED) end({ kind: "denied" });
      // Without a point yet the phone's own time is over; with one, the search goes on for what is left of ours.
      else if (error.code === error.TIMEOUT && !best) settle();
      else start();
    },
    { enableHighAccuracy: true, maximumAge: 0, timeout: LONGEST_MILLISECONDS },
  );
  return { ended, take: settle, cancel: () => end({ kind: "cancelled" }) };
}
