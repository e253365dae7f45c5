"""Writes api-spec/vectors/sampling.json with PyPI consistent_sampler 1.0.10 and exact fractions."""
import json, math
from fractions import Fraction
from consistent_sampler import sampler
from consistent_sampler.consistent_sampler import first_ticket

pseudonyms = ["00112233445566778899","00000000000000000000","ffffffffffffffffffff","0a1b2c3d4e5f60718293","deadbeefdeadbeefdead"]
units = [f"{a}/2026-03-{d:02d}/{p}/{s}" for a in ("1.01","1.02","1.02.01-A") for d in (2,3) for p in pseudonyms for s in ("morning","midday","afternoon")]
odd = ["", " ", "a", "a ", " a", "a\r", "a\tb", "Ä", "A\u0308", "é", "e\u0301", "日本", "🏛️", "Dinas Pendidikan / Serang", "\u2028", "0", "00", "0.1", "x"*1000, "\u0000", "\ufeffa", "\U0010ffff"]
seeds = ["63454660390103169462", "063454660390103169462", "", "Sampel Maret 2026 – Banten", "314159", "🎲🎲", " 42", "42"]

def full(seed, i): return first_ticket(i, seed).ticket_number
def drawn(seed, ids, take):
    out = [(full(seed, i), i) for i in sampler(ids, seed=seed, take=take, output="id")]
    return [{"id": i, "ticket": t} for t, i in out]

def tail(N, M, n, x):
    return Fraction(sum(math.comb(M, j) * math.comb(N - M, n - j) for j in range(0, min(x, n) + 1) if n - j >= 0), math.comb(N, n))
def binom_tail(n, p, x):
    return sum(math.comb(n, j) * p**j * (1 - p)**(n - j) for j in range(0, min(x, n) + 1))
def plan(N, t, e, c, model):
    a = Fraction(10000 - c, 10000); K = -(-N * t // 10000)
    for n in range(1, N + 1 if model == "hypergeometric" else 10**6):
        k = -(-n * e // 10000)
        P = tail(N, K, n, k) if model == "hypergeometric" else binom_tail(n, Fraction(t, 10000), k)
        if P <= a: return n
def upper(N, n, x, c):
    a = Fraction(10000 - c, 10000)
    return max(M for M in range(x, N - n + x + 1) if tail(N, M, n, x) > a)
def interval(N, n, x, c):
    a = Fraction(10000 - c, 20000)
    up = max(M for M in range(x, N - n + x + 1) if tail(N, M, n, x) > a)
    low = min(M for M in range(x, N - n + x + 1) if x == 0 or 1 - tail(N, M, n, x - 1) > a)
    return {"lower": low, "upper": up}

out = {
  "about": "Tickets and draws: consistent_sampler 1.0.10 from PyPI. Sizes and bounds: exact fractions, by looking at every case.",
  "tickets": [{"seed": s, "id": i, "ticket": full(s, i)} for s in seeds for i in odd + units[:3]],
  "draws": [{"seed": s, "population": p, "size": k, "drawn": drawn(s, p, k)} for s, p, k in
     [("314159", ["ab-1","ab-2","cd-1","ef-3"], 4), (seeds[0], units, 12), (seeds[0], units[:45], 12), (seeds[3], odd[1:], 7), (seeds[0], units, 1), ("42", ["only"], 1)]],
  "sizes": [dict(population=N, tolerable_bp=t, expected_bp=e, confidence_bp=c, model=m, size=plan(N,t,e,c,m)) for N,t,e,c,m in
     [(1000,500,0,9500,"hypergeometric"),(1000,500,0,9500,"binomial"),(1000,500,100,9500,"hypergeometric"),(1000,500,100,9500,"binomial"),(30,500,0,9500,"hypergeometric"),(1,500,0,9500,"hypergeometric"),(400,350,100,9000,"hypergeometric"),(2000,350,100,9500,"binomial"),(20,500,0,9500,"hypergeometric"),(500,1000,300,9900,"hypergeometric"),(500,10000,0,9500,"hypergeometric")]],
  "bounds": [dict(population=N, sample=n, deviations=x, confidence_bp=c, upper=upper(N,n,x,c), interval=interval(N,n,x,c)) for N,n,x,c in
     [(1200,102,0,9000),(1200,102,1,9000),(1200,102,2,9000),(1200,102,3,9000),(1000,57,0,9500),(60,60,7,9500),(60,0,0,9500),(20,19,0,9500),(500,50,25,9900),(300,80,80,9500)]],
}
json.dump(out, open("api-spec/vectors/sampling.json","w"), ensure_ascii=True, indent=1); print(len(out["tickets"]))
print(out["sizes"], out["bounds"])
