// How a sample grows: by the next tickets, never beyond its stratum.
import type { Audit } from "../audits.svelte";

type Sample = Audit["samples"][number];

/** A stratum as it is drawn, and as it will be. */
export interface Grown extends Sample {
  then: number;
  more: number;
}

/** What samples of at least `size` units add; one that is as large already stays. */
export function added(samples: Sample[], size: number): Grown[] {
  return samples.map((sample) => {
    const then = Math.max(sample.size, Math.min(size, sample.population));
    return { ...sample, then, more: then - sample.size };
  });
}

/** A size to begin with: a quarter more than the largest sample that can still grow. */
export function usualSize(samples: Sample[]): number {
  const growing = samples.filter(({ population, size }) => size < population);
  const largest = Math.max(1, ...growing.map(({ size }) => size));
  const most = Math.max(1, ...growing.map(({ population }) => population));
  return Math.min(most, largest + Math.ceil(largest / 4), 10_000);
}
