// Tells of an agency's day as it changes: by the service's own events, and where they can't be had by asking again and again.

const EVERY_MILLISECONDS = 15_000;
/** So often it is asked instead, before events are tried anew. */
const LOOKS_BEFORE_TRYING = 8;

interface Watch<Day> {
  /** The address of the events; without it the day is asked for. */
  events: string | undefined;
  /** Asks for the day. What went wrong is told by the page; the next turn tries again. */
  look: () => Promise<void>;
  /** What an event said. */
  seen: (day: Day) => void;
}

/** Watches while the page is in sight, and looks at once when it comes back into sight. Gives what ends it. */
export function watch<Day>({ events, look, seen }: Watch<Day>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stream: EventSource | undefined;
  let looks = 0;
  let isLooking = false;
  let isOver = false;

  async function turn() {
    if (isLooking || isOver) return;
    clearTimeout(timer);
    isLooking = true;
    await look().catch(() => undefined);
    isLooking = false;
    looks += 1;
    if (looks % LOOKS_BEFORE_TRYING === 1) follow();
    if (!isOver && document.visibilityState === "visible") timer = setTimeout(turn, EVERY_MILLISECONDS);
  }

  function follow() {
    if (!events || isOver || document.visibilityState !== "visible") return;
    leave();
    const opened = new EventSource(events);
    stream = opened;
    opened.addEventListener("day", (event) => {
      // Whoever is told need not ask.
      clearTimeout(timer);
      seen(JSON.parse((event as MessageEvent<string>).data) as Day);
    });
    opened.addEventListener("error", () => {
      // The browser connects again by itself unless it was refused; meanwhile the day is asked for.
      if (opened.readyState === EventSource.CLOSED) leave();
      clearTimeout(timer);
      if (!isOver) timer = setTimeout(turn, EVERY_MILLISECONDS);
    });
  }

  function leave() {
    stream?.close();
    stream = undefined;
  }

  function turned() {
    clearTimeout(timer);
    leave();
    looks = 0;
    if (document.visibilityState === "visible") void turn();
  }

  document.addEventListener("visibilitychange", turned);
  void turn();
  return () => {
    isOver = true;
    clearTimeout(timer);
    leave();
    document.removeEventListener("visibilitychange", turned);
  };
}
