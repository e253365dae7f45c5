// How anybody draws again in four lines of Python, with a sampler that is not ours.
import { TARGETED } from "../targeted";

/** Which stratum, how much of it, and whether some units of the population stand apart from it with a mark. */
export interface Part {
  name: string;
  size: number;
  hasMarks: boolean;
}

/** The draw of one stratum in four lines of Python, with the sampler that is not ours; `all` is the whole population. */
export function python(seed: string, part: Part): string {
  const units = own(part, "lines", "unit");
  return [
    "from consistent_sampler import sampler  # pip install consistent_sampler",
    'lines = open("population.txt", newline="\\n", encoding="utf-8").read().split("\\n")[:-1]',
    `units = ${units}`,
    `for unit in sampler(units, seed=${quoted(seed)}, take=${part.size}, output="id"): print(unit)`,
  ].join("\n");
}

/** The same out of a bundle that was unpacked, which holds the seed as well. */
export function bundlePython(part: Part): string {
  const lines = `open("population.txt").read().${part.hasMarks ? "splitlines" : "split"}()`;
  return [
    "import json; from consistent_sampler import sampler",
    'seed = json.load(open("report.json"))["seed"]',
    `units = ${own(part, lines, "line")}`,
    `print(*sampler(units, seed=seed, take=${part.size}, output="id"), sep="\\n")`,
  ].join("\n");
}

/** The units of a stratum among the lines of a population; behind a targeted unit stand a tab and a word. */
function own({ name, hasMarks }: Part, lines: string, one: string): string {
  if (hasMarks && name === TARGETED) return `[${one}.split("\\t")[0] for ${one} in ${lines} if "\\t" in ${one}]`;
  const conditions = [...(name === "all" ? [] : [`${one}.startswith(${quoted(`${name}/`)})`]), ...(hasMarks ? [`"\\t" not in ${one}`] : [])];
  return conditions.length === 0 ? lines : `[${one} for ${one} in ${lines} if ${conditions.join(" and ")}]`;
}

/** As Python reads it: JSON's escapes are among its own. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
