// Long work that goes on while other pages are looked at: what it is, how far it is, and what became of it.
import { officer } from "./officer.svelte";
import { officerText } from "./texts";

export interface Work {
  readonly id: number;
  readonly title: string;
  /** Of `total`; a total of 0 is not known yet. */
  done: number;
  total: number;
  state: "running" | "done" | "stopped";
  /** What became of it, in a sentence. */
  outcome: string;
  /** Where its result is looked at. */
  href: string | undefined;
  /** Whether it can be ended between two of its steps. */
  canStop: boolean;
  /** What is counted. */
  unit: "steps" | "bytes";
  /** When it began, milliseconds; how long it has taken is told where nothing can be counted. */
  begunAt: number;
  /** Whether there is nothing to look at once it is done: it goes with the page. */
  isBrief: boolean;
}

/** What is known of a piece of work beside its title. */
export interface WorkOptions {
  href?: string;
  canStop?: boolean;
  unit?: "steps" | "bytes";
  isBrief?: boolean;
}

/** How far the work is; `isAsked` is whether the person asked it to stop. */
export interface Progress {
  set(done: number, total: number): void;
  /** Where the result is looked at, once that is known. */
  lead(href: string): void;
  /** What became of it is told where it was begun. */
  drop(): void;
  readonly isStopped: boolean;
}

class Works {
  all: Work[] = $state([]);
  #count = 0;
  #stopped = new Set<number>();

  /** Begins a piece of work. What it gives back is said when it is done. */
  begin(title: string, run: (progress: Progress) => Promise<string>, { href, canStop = false, unit = "steps", isBrief = false }: WorkOptions = {}): Promise<void> {
    this.#count += 1;
    const id = this.#count;
    this.all.push({ id, title, done: 0, total: 0, state: "running", outcome: "", href, canStop, unit, begunAt: Date.now(), isBrief });
    const change = (values: Partial<Work>) => {
      const work = this.all.find((work) => work.id === id);
      if (work) Object.assign(work, values);
    };
    const stopped = this.#stopped;
    const progress: Progress = {
      set: (done, total) => change({ done, total }),
      lead: (href) => change({ href }),
      drop: () => this.dismiss(id),
      get isStopped() {
        return stopped.has(id);
      },
    };
    return run(progress).then(
      (outcome) => change({ state: "done", outcome }),
      (error: unknown) => {
        const say = (key: "officer.offline" | "officer.failed") => officerText(officer.language, key);
        change({ state: "stopped", outcome: officer.explain(error, say("officer.offline"), say("officer.failed")) });
      },
    );
  }

  stop(id: number): void {
    this.#stopped.add(id);
  }

  dismiss(id: number): void {
    this.all = this.all.filter((work) => work.id !== id);
  }

  /** Nothing that one official has done is told to the next; what runs ends as it ends. */
  clear(): void {
    this.all = this.all.filter(({ state }) => state === "running");
  }

  /** Another page is looked at: what is done and has nothing to show is put away. */
  move(): void {
    this.all = this.all.filter(({ state, isBrief }) => state !== "done" || !isBrief);
  }

  get isRunning(): boolean {
    return this.all.some(({ state }) => state === "running");
  }
}

export const works = new Works();

addEventListener("hashchange", () => works.move());

// Leaving the pages altogether would end it; the browser asks first.
addEventListener("beforeunload", (event) => {
  if (works.isRunning) event.preventDefault();
});
