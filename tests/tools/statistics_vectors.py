"""Writes api-spec/vectors/statistics.json with exact fractions and nothing but Python's standard library.

Shares no code and no method with the service: bounds look at every number of deviations, totals over strata at every
way of spreading them (all splits, stratum by stratum), logarithms are decimals of 60 digits. Where a logarithm decides,
a comparison closer than 1e-30 ends the run; none is.

    python3 tests/tools/statistics_vectors.py            writes the file
    python3 tests/tools/statistics_vectors.py --check    fails where the file is another one
"""
import json, math, random, sys
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import lru_cache

getcontext().prec = 60
PATH = "api-spec/vectors/statistics.json"
CLOSE = Decimal("1e-30")


@lru_cache(maxsize=None)
def tail(N, M, n, x):
    """Samples of n with at most x of the M deviating units, and all samples."""
    below = sum(math.comb(M, j) * math.comb(N - M, n - j) for j in range(min(x, n) + 1))
    return below, math.comb(N, n)


def possible(N, n, x):
    return range(x, N - n + x + 1)


def upper(N, n, x, risk):
    return max(M for M in possible(N, n, x) if Fraction(*tail(N, M, n, x)) > risk)


def lower(N, n, x, risk):
    def above(M):
        below, samples = tail(N, M, n, x - 1) if x else (0, 1)
        return 1 - Fraction(below, samples)
    return min(M for M in possible(N, n, x) if above(M) > risk)


def risk_of(confidence_bp):
    return Fraction(10000 - confidence_bp, 10000)


def size(N, tolerable_bp, expected_bp, risk):
    deviating = -(-N * tolerable_bp // 10000)
    for n in range(1, N + 1):
        below, samples = tail(N, deviating, n, -(-n * expected_bp // 10000))
        if Fraction(below, samples) <= risk:
            return n
    return None


def decide(left, right):
    """Whether left > right, both decimals that are rounded."""
    assert abs(left - right) > CLOSE, (left, right)
    return left > right


@lru_cache(maxsize=None)
def log_tails(N, n, x):
    def log(M):
        below, samples = tail(N, M, n, x)
        return (Decimal(below) / Decimal(samples)).ln()
    return [(M, log(M)) for M in possible(N, n, x)]


def spread_best(strata):
    """For every total, the largest sum of logarithms over all ways of spreading it."""
    best = {0: Decimal(0)}
    for stratum in strata:
        grown = {}
        for total, sum_so_far in best.items():
            for M, log in log_tails(*stratum):
                value = sum_so_far + log
                if total + M not in grown or value > grown[total + M]:
                    grown[total + M] = value
        best = grown
    return best


def fisher(log, tests):
    """P(chi-squared with 2 tests degrees of freedom >= -2 log)."""
    term = total = Decimal(1)
    for k in range(1, tests):
        term = term * -log / k
        total += term
    return log.exp() * total


def total_upper(strata, risk):
    known = sum(x + (N - n) for N, n, x in strata if n in (0, N))
    tests = [s for s in strata if 0 < s[1] < s[0]]
    if len(tests) == 0:
        return known
    if len(tests) == 1:
        return known + upper(*tests[0], risk)
    limit = Decimal(risk.numerator) / Decimal(risk.denominator)
    best = spread_best(tests)
    return known + max(total for total, log in best.items() if decide(fisher(log, len(tests)), limit))


def total_lower(strata, risk):
    return sum(N for N, _, _ in strata) - total_upper([(N, n, n - x) for N, n, x in strata], risk)


def rising(value, count):
    return math.prod(range(value, value + count))


def falling(value, count):
    return math.prod(range(value - count + 1, value + 1))


def beta_binomial(M, N, a, b):
    return Fraction(math.comb(N, M) * rising(a, M) * rising(b, N - M), rising(a + b, N))


def is_in_sequence(N, n, x, M, a, b, risk):
    return beta_binomial(M, N, a, b) * risk < beta_binomial(M - x, N - n, a + x, b + n - x)


def sequence(N, n, x, a, b, risk):
    """The two ends, and that nothing between them is missing."""
    inside = [M for M in possible(N, n, x) if is_in_sequence(N, n, x, M, a, b, risk)]
    assert inside == list(range(inside[0], inside[-1] + 1))
    return [inside[0], inside[-1]]


def running(N, verdicts, a, b, risk):
    """After each verdict: what every look so far left over, or the last look alone if they contradict each other."""
    low, high, x, out = 0, N, 0, []
    for n, deviates in enumerate(verdicts, 1):
        x += deviates
        last = sequence(N, n, x, a, b, risk)
        low, high = max(low, last[0]), min(high, last[1])
        shown = [min(max(low, x), N - n + x), max(min(high, N - n + x), x)]
        out.append(shown if shown[0] <= shown[1] else last)
    return out


def sequence_size(N, tolerable_bp, a, b, risk):
    """Clean units after which the sequence first rules the tolerable rate out."""
    deviating = -(-N * tolerable_bp // 10000)
    return next(n for n in range(1, N + 1) if N - n < deviating or not is_in_sequence(N, n, 0, deviating, a, b, risk))


def strata_cases(chance):
    """All pairs of strata of up to six units, and a dense random set of pairs and triples of larger ones."""
    small = [(N, n, x) for N in range(1, 7) for n in range(N + 1) for x in range(n + 1)]
    yield from ([one, other] for place, one in enumerate(small) for other in small[place:])

    def any_stratum(most):
        N = chance.randint(1, most)
        n = chance.randint(0, N)
        return (N, n, min(n, chance.choice([0, 0, 0, 1, 1, 2, 3, chance.randint(0, n)])))
    for count, most, strata in ((1500, 60, 2), (700, 30, 3), (60, 60, 3)):
        for _ in range(count):
            yield [any_stratum(most) for _ in range(strata)]


def table(largest, value):
    """For each N up to the largest, each n, each x."""
    return [[[value(N, n, x) for x in range(n + 1)] for n in range(N + 1)] for N in range(1, largest + 1)]


def document():
    chance = random.Random(20260302)
    sizes = [dict(confidence_bp=c, tolerable_bp=t, expected_bp=e, sizes=[size(N, t, e, risk_of(c)) for N in range(1, 61)])
             for c in (9000, 9500, 9900) for t in (100, 300, 350, 500, 700, 1000, 1500, 2000, 3333, 5000, 10000)
             for e in (0, 1, 50, 100, 250, 999, 3000) if e < t]
    bounds = [dict(confidence_bp=c, upper=table(60, lambda N, n, x: upper(N, n, x, risk_of(c)))) for c in (9000, 9500, 9900)]
    lowers = [dict(confidence_bp=c, lower=table(24, lambda N, n, x: lower(N, n, x, risk_of(c)))) for c in (9000, 9500)]
    stratified = []
    for strata in strata_cases(chance):
        c = chance.choice((8000, 9000, 9500, 9900))
        half = risk_of(c) / 2
        stratified.append([c, strata, total_upper(strata, risk_of(c)), total_lower(strata, half), total_upper(strata, half)])
    sequences = [dict(confidence_bp=c, a=a, b=b, ends=table(24, lambda N, n, x: sequence(N, n, x, a, b, risk_of(c))))
                 for c, a, b in ((9500, 1, 1), (9500, 1, 20), (9000, 2, 50))]
    runs = []
    for _ in range(60):
        N = chance.randint(1, 60)
        M = chance.choice([0, chance.randint(0, N // 5), chance.randint(0, N)])
        units = [1] * M + [0] * (N - M)
        chance.shuffle(units)
        a, b, c = chance.choice([(1, 1, 9500), (1, 20, 9500), (1, 50, 9000), (3, 5, 8000)])
        verdicts = units[:chance.randint(1, N)]
        runs.append(dict(confidence_bp=c, a=a, b=b, population=N, verdicts=verdicts, ends=running(N, verdicts, a, b, risk_of(c))))
    contrary = [0] * 40 + [1] * 20
    runs.append(dict(confidence_bp=9500, a=1, b=1, population=60, verdicts=contrary, ends=running(60, contrary, 1, 1, risk_of(9500))))
    first = [dict(population=1000, tolerable_bp=500, confidence_bp=9500, a=1, b=b, size=sequence_size(1000, 500, 1, b, risk_of(9500)))
             for b in (1, 20, 50)]
    return dict(
        about="Exact fractions, by looking at every case (tests/tools/statistics_vectors.py). Tables: for each N from 1, "
              "each n from 0, each x from 0. Stratified: confidence_bp, strata as [N, n, x], upper, and the two-sided "
              "interval's lower and upper.",
        sizes=sizes, bounds=bounds, lower_bounds=lowers, stratified=stratified, sequences=sequences, runs=runs,
        first_proofs=first)


def text(value):
    """One line for each entry of each list."""
    parts = []
    for name, entries in value.items():
        if isinstance(entries, str):
            parts.append(f" {json.dumps(name)}: {json.dumps(entries)}")
        else:
            lines = ",\n".join("  " + json.dumps(entry, separators=(",", ":")) for entry in entries)
            parts.append(f" {json.dumps(name)}: [\n{lines}\n ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    assert upper(1200, 102, 1, risk_of(9000)) == 43
    assert total_upper([(200, 50, 0), (100, 25, 0)], risk_of(9500)) == 16
    made = text(document())
    if "--check" in sys.argv:
        sys.exit(0 if open(PATH).read() == made else f"{PATH} is another one")
    with open(PATH, "w") as file:
        file.write(made)
    print(len(made), "bytes")
