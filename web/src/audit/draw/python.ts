// How anybody draws again in four lines of Python, with a sampler that is not ours.

/** The draw of one stratum in four lines of Python, with the sampler that is not ours; `all` is the whole population. */
export function python(seed: string, stratum: string, take: number): string {
  const units = stratum === "all" ? "lines" : `[unit for unit in lines if unit.startswith(${quoted(`${stratum}/`)})]`;
  return [
    "from consistent_sampler import sampler  # pip install consistent_sampler",
    'lines = open("population.txt", newline="\\n", encoding="utf-8").read().split("\\n")[:-1]',
    `units = ${units}`,
    `for unit in sampler(units, seed=${quoted(seed)}, take=${take}, output="id"): print(unit)`,
  ].join("\n");
}

/** The same out of a bundle that was unpacked, which holds the seed as well. */
export function bundlePython(stratum: string, take: number): string {
  const units = stratum === "all" ? "" : ` if line.startswith(${quoted(`${stratum}/`)})`;
  return [
    "import json; from consistent_sampler import sampler",
    'seed = json.load(open("report.json"))["seed"]',
    `units = [line for line in open("population.txt").read().split()${units}]`,
    `print(*sampler(units, seed=seed, take=${take}, output="id"), sep="\\n")`,
  ].join("\n");
}

/** As Python reads it: JSON's escapes are among its own. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
