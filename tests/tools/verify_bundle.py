#!/usr/bin/env python3
"""Checks an audit's bundle without any of our code: api-spec/audit-bundle.md, from the files alone.

Needs Python 3.9 and `pip install consistent_sampler`, which draws the sample. Usage: verify_bundle.py FOLDER [--log-key KEY]
Does not check the beacon's own signature (BLS12-381); says so.
"""
import argparse, base64, hashlib, hmac, json, re, sys
from datetime import datetime, timezone
from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb, factorial, perm
from pathlib import Path
from consistent_sampler import sampler

NAMES = ["bundle.json", "log/checkpoint", "log/consistency", "log/entries.ndjson", "log/plan-checkpoint", "policy.txt",
         "population.txt", "report.json", "report.txt", "sample.ndjson", "verdicts.ndjson"]
getcontext().prec = 60
class Wrong(Exception):
    """A check failed; the text names the first bad record."""
sha = lambda data: hashlib.sha256(data).digest()
canonical = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
def need(condition, what):
    if not condition:
        raise Wrong(what)
def parse(text, place):
    # A key that stands twice, a float and every other spelling do not come back as they were.
    value = json.loads(text, parse_float=lambda _: None, parse_constant=lambda _: None)
    need(canonical(value) == text, f"{place}: not canonical JSON")
    return value
def lines(name, data):
    text = data.decode("utf-8")
    need(not text or text.endswith("\n"), f"{name}: the last line has no end")
    return text.split("\n")[:-1]
def keys(value, names, place):
    need(isinstance(value, dict) and sorted(value) == names, f"{place}: not the keys {names}")
def b64(text, length=None):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text and length in (None, len(data)), "not base64 of the right length")
    return data

# Ed25519 (RFC 8032, section 6), verification only.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, I = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)
def point(data):
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * I % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return (x, y, 1, x * y % P)
def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    return ((b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P)
NEUTRAL = (0, 1, 1, 0)
times = lambda factor, base: add(times(factor >> 1, add(base, base)), base if factor & 1 else NEUTRAL) if factor else NEUTRAL
same = lambda one, other: all((one[at] * other[2] - other[at] * one[2]) % P == 0 for at in (0, 1))
BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
def signed(public, message, signature):
    key, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L or same(times(8, key), NEUTRAL):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, key)))

# Trees (RFC 9162, section 2.1) and checkpoints (C2SP).
node = lambda left, right: sha(b"\x01" + left + right)
half_of = lambda size: 1 << (size - 1).bit_length() - 1
def root_of(leaf, index, size, proof):
    if size == 1 or not proof:
        need(size == 1 and not proof and index == 0, "the proof has too few or too many hashes")
        return leaf
    half, beside = half_of(size), proof[-1]
    if index < half:
        return node(root_of(leaf, index, half, proof[:-1]), beside)
    return node(beside, root_of(leaf, index - half, size - half, proof[:-1]))
def roots_of(first, size, proof, root):
    """The roots of the first `first` and of all leaves; `root` is the former, where it is that of a whole subtree."""
    if first == size or not proof:
        need(first == size and len(proof) == (root is None), "the proof has too few or too many hashes")
        return (root or proof[0],) * 2
    half, beside = half_of(size), proof[-1]
    if first <= half:
        before, after = roots_of(first, half, proof[:-1], root)
        return before, node(after, beside)
    before, after = roots_of(first - half, size - half, proof[:-1], None)
    return node(beside, before), node(beside, after)
def key_of(text):
    name, identity, data = text.split("+", 2)[:2] + [b64(text.split("+", 2)[2], 33)]
    need(sha(name.encode() + b"\n" + data)[:4].hex() == identity, f"{text}: the id is not that of the key")
    return {"text": text, "name": name, "id": bytes.fromhex(identity), "type": data[0], "public": data[1:]}
def policy_of(data):
    rows = [row for row in map(str.split, lines("policy.txt", data)) if row and not row[0].startswith("#")]
    of_kind = lambda kind: [row[1:] for row in rows if row[0] == kind]
    members = {name: key_of(key) for name, key, *_ in of_kind("witness")}
    members |= {name: ({"all": len(inner), "any": 1}.get(count) or int(count), inner) for name, count, *inner in of_kind("group")}
    known = sum(len(of_kind(kind)) for kind in ("log", "witness", "group", "quorum"))
    need(len(of_kind("quorum")) == 1 and known == len(rows), "policy.txt: not one quorum, or a line of an unknown kind")
    return [key_of(key) for key, *_ in of_kind("log")], members, of_kind("quorum")[0][0]
def checkpoint_of(name, data, policy):
    """Origin, size, root and the times of the witnesses of a checkpoint that the policy believes."""
    text, _, signatures = data.decode("utf-8").partition("\n\n")
    text += "\n"
    (origin, size, root), (logs, members, quorum) = text.split("\n")[:3], policy
    by_log, times_by_key = False, {}
    for line in signatures.split("\n")[:-1]:
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        need(match, f"{name}: not a signature line")
        signature = b64(match[2])
        for key in logs + [member for member in members.values() if isinstance(member, dict)]:
            is_its_key = (key["name"], key["id"]) == (match[1], signature[:4])
            if is_its_key and key["type"] == 1 and key["name"] == origin:
                need(signed(key["public"], text.encode(), signature[4:]), f"{name}: wrong signature of {match[1]}")
                by_log = True
            elif is_its_key and key["type"] == 4:
                at = int.from_bytes(signature[4:12], "big")
                message = f"cosignature/v1\ntime {at}\n{text}".encode()
                need(signed(key["public"], message, signature[12:]), f"{name}: wrong cosignature of {match[1]}")
                times_by_key[key["public"]] = at
    need(by_log, f"{name}: the log has not signed it")
    reached = lambda name: (members[name]["public"] in times_by_key if isinstance(members[name], dict)
                            else sum(map(reached, members[name][1])) >= members[name][0])
    need(quorum == "none" or reached(quorum), f"{name}: fewer witnesses than the quorum asks for")
    return origin, int(size), b64(root, 32), list(times_by_key.values())

# Bounds, exactly (api-spec/audit-sampling.md, section 6); `tail` is P(Hypergeometric <= found).
tail = lambda population, marked, sample, found: Fraction(
    sum(comb(marked, x) * comb(population - marked, sample - x) for x in range(found + 1)), comb(population, sample))
def last(holds, low, high):
    """The last number of a range for which something holds that holds for the first and, once it does not, no more."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
upper = lambda population, sample, found, risk: last(
    lambda marked: tail(population, marked, sample, found) > risk, found, population - (sample - found))
def running(population, verdicts, weights, risk):
    """What no look of a confidence sequence rules out (section 6.4), in whole numbers."""
    (a, b), found, ends = weights, 0, (0, population)
    left, right, look = risk.denominator, risk.numerator, ends
    for n, deviates in enumerate(verdicts, 1):
        left, right = left * (a + b + n - 1), right * (population - n + 1) * (a + found if deviates else b + n - 1 - found)
        found += deviates
        most = population - n + found
        peak = min(max(found * (population + 1) // n, found), most)
        stays = lambda marked: perm(marked, found) * perm(population - marked, n - found) * left > right
        look = -last(lambda marked: stays(-marked), -peak, -found), last(stays, peak, most)
        ends = max(ends[0], look[0]), min(ends[1], look[1])
    within = [min(max(end, found), population - len(verdicts) + found) for end in ends]
    return within if within[0] <= within[1] else look
counts_of = lambda outcomes: {"sample": len(outcomes), "upheld": outcomes.count("upheld"),
                              "inconclusive": outcomes.count("inconclusive"), "open": outcomes.count(None)}
settled = lambda outcomes: outcomes[:(outcomes + [None]).index(None)]
def together(found, risk):
    """Stark's union-intersection bound of several strata (section 6.3), with sixty digits."""
    tests = [part for part in found if 0 < part[1] < part[0]]
    known = sum(x if n == size else size for size, n, x in found if (size, n, x) not in tests)
    if len(tests) < 2:
        return known + sum(upper(*part, risk) for part in tests)
    steps, whole = [], sum(x for _, _, x in tests)
    for size, n, x in tests:
        chance, exact = Decimal(1), Decimal(comb(size - x, n - x)) / Decimal(comb(size, n))
        for g in range(x, size - n + x):
            after = chance - exact * (n - x) / (size - g)
            steps.append(chance.ln() - after.ln())
            exact = exact * (g + 1) / (g + 1 - x) * (size - g - n + x) / (size - g)
            chance = after
    spent, limit = Decimal(0), Decimal(risk.numerator) / risk.denominator
    for step in sorted(steps):
        spent += step
        if (-spent).exp() * sum(spent ** k / factorial(k) if k else 1 for k in range(len(tests))) <= limit:
            break
        whole += 1
    return known + whole
ENDS = "lower", "upper", "upper_one_sided"
def fixed_ends(strata, risk):
    """The bounds of strata of a fixed size, of one or of several together; what was checked as a whole is as it was found."""
    clean = [(each["population"], each["sample"], each["sample"] - each["upheld"]) for each in strata]
    most = [(each["population"], each["sample"], each["upheld"] + each["inconclusive"] + each["open"]) for each in strata]
    least = sum(each["population"] for each in strata) - together(clean, risk / 2)
    return dict(zip(ENDS, (least, together(most, risk / 2), together(most, risk))))
def bound_of(name, population, outcomes, risk, weights):
    counts = counts_of(outcomes) | {"name": name, "population": population}
    if not weights:
        return counts | fixed_ends([counts], risk)
    ends = lambda *found: running(population, [outcome in found for outcome in settled(outcomes)], weights, risk)
    high = ends("upheld", "inconclusive")[1]
    return counts | dict(zip(ENDS, (min(ends("upheld")[0], high), high, high)))
summed = lambda parts, *keys: {key: sum(part[key] for part in parts) for key in keys}
COUNTS = "population", "sample", "upheld", "inconclusive", "open"
grouped = lambda number, mark: f"{number:,}".replace(",", mark)
def percent(part, whole, comma):
    tenths = -(-part * 1000 // max(whole, 1))
    return f"{tenths // 10}{comma}{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
def claims(total, random, beside, looked, confidence):
    """What is claimed, in both languages; `looked` are the counts of what a sequence rests on, `beside` the targeted units."""
    counted, doubts = looked or random, lambda each: each["inconclusive"] + each["open"]
    numbers = {"u": random["upper_one_sided"], "p": random["population"], "s": random["sample"], "l": counted["sample"],
               "d": counted["upheld"], "o": counted["inconclusive"] if looked else doubts(random),
               "w": total["upper_one_sided"], "a": total["population"]}
    numbers |= {"n": beside["population"], "f": beside["upheld"], "q": doubts(beside)} if beside else {}
    for comma, mark, opening, fixed, sequence, also in (
            (",", ".", "Sementara: ", "Dengan tingkat keyakinan {c}, paling banyak {u} dari {p} slot ({r}) menyimpang; dari {s} "
             "slot yang diperiksa, {d} dinyatakan menyimpang dan {o} belum dapat dipastikan",
             "Dengan tingkat keyakinan {c}, kapan pun dilihat, paling banyak {u} dari {p} slot ({r}) menyimpang; {l} dari {s} "
             "slot terundi sudah dihitung menurut urutan undian, {d} dinyatakan menyimpang dan {o} tidak dapat dipastikan",
             "; di samping itu {n} slot bertanda diperiksa semua, {f} di antaranya dinyatakan menyimpang dan {q} belum dapat "
             "dipastikan: seluruhnya paling banyak {w} dari {a} slot ({t}) menyimpang"),
            (".", ",", "Provisional: ", "With {c} confidence at most {u} of {p} slots ({r}) deviate; of {s} slots checked, {d} "
             "were found to deviate and {o} could not be settled",
             "With {c} confidence, whenever one looks, at most {u} of {p} slots ({r}) deviate; {l} of {s} drawn slots are "
             "counted, in the order of the draw: {d} were found to deviate and {o} could not be settled",
             "; beside these, all {n} flagged slots are checked, of which {f} were found to deviate and {q} could not be "
             "settled: in all at most {w} of {a} slots ({t}) deviate")):
        rate = lambda each: percent(each["upper_one_sided"], each["population"], comma)
        sentence = (sequence if looked else (opening if total["open"] else "") + fixed) + (also if beside else "") + "."
        yield sentence.format(c=percent(confidence, 10_000, comma), r=rate(random), t=rate(total),
                              **{name: grouped(number, mark) for name, number in numbers.items()})
seconds = lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()
def entries_of(data, size, root):
    index, entries = -1, []
    for number, text in enumerate(lines("log/entries.ndjson", data), 1):
        place = f"log/entries.ndjson, line {number}"
        line = parse(text, place)
        keys(line, ["entry", "index", "opening", "proof"], place)
        entry, opening = line["entry"], line["opening"]
        keys(entry, ["at", "c", "facts", "kind", "subject", "v"], place)
        need(line["index"] > index and entry["v"] == 1, f"{place}: out of order or of another version")
        index = line["index"]
        leaf, proof = canonical(entry).encode(), [b64(text, 32) for text in line["proof"]]
        need(root_of(sha(b"\0" + leaf), index, size, proof) == root, f"{place}: not in the log")
        if opening is not None:
            keys(opening, ["record", "salt"], place)
            need(re.fullmatch("[0-9a-f]{64}", opening["salt"]), f"{place}: the salt is malformed")
            mac = hmac.new(bytes.fromhex(opening["salt"]), canonical(opening["record"]).encode(), hashlib.sha256)
            is_its_own = mac.hexdigest() == entry["c"] and opening["record"]["kind"] == entry["kind"]
            need(is_its_own, f"{place}: the opening is not that of the commitment")
        entries.append((index, entry, leaf, opening and opening["record"]))
    return entries
def check_seed(plan_entry, seed_entry, plan_digest):
    rule, seed = plan_entry["facts"]["seed"], seed_entry["facts"]
    need(rule["kind"] == seed["kind"], "seed: of another kind than the plan says")
    if rule["kind"] == "text":
        need(len(seed["seed"]) >= 20 and not seed["dice"] and not seed["beacon"], "seed: not a text of 20 characters")
        return seconds(seed_entry["at"])
    need(re.fullmatch("[0-9]{20,200}", seed["dice"]), "seed: the dice are not 20 digits or more")
    randomness, known = "", seconds(seed_entry["at"])
    if rule["kind"] == "beacon_and_dice":
        beacon, draw_at = seed["beacon"], seconds(rule["draw_at"])
        need(draw_at >= seconds(plan_entry["at"]) + 600, "plan: the draw is less than 10 minutes away")
        need(beacon["round"] == rule["round"] == int(draw_at - 1692803367) // 3 + 1, "seed: of another round")
        randomness, known = beacon["randomness"], 1692803367 + 3 * (beacon["round"] - 1)
        need(sha(bytes.fromhex(beacon["signature"])).hex() == randomness, "seed: the randomness is not the signature's")
        need(seconds(seed_entry["at"]) >= known, "seed: it was written before its beacon")
        print(f"note  seed: the signature of round {beacon['round']} (BLS12-381) was not checked here")
    mixed = sha(f"bkd-audit-seed/v1\n{plan_digest}\n{randomness}\n{seed['dice']}\n".encode()).hex()
    need(mixed == seed["seed"], "seed: not the mix of plan, beacon and dice")
    return known
def check(files, log_key):
    need(sorted(files) == NAMES, f"not the files of a bundle: {sorted(files)}")
    document = parse("".join(lines("bundle.json", files["bundle.json"])), "bundle.json")
    facts = [{"bytes": len(files[name]), "name": name, "sha256": sha(files[name]).hex()} for name in NAMES[1:]]
    expected = {"audit": document["audit"], "files": facts, "format": "sherlok-audit-bundle/1"}
    need(files["bundle.json"] == (canonical(expected) + "\n").encode(), "bundle.json: not that of the files")
    print("ok    files")
    logs, members, quorum = policy_of(files["policy.txt"])
    policy = [key_of(log_key)] if log_key else logs, members, quorum
    print("note  key brought along" if log_key else f"note  key trusted on first sight: {logs[0]['text']}")
    origin, size, root, _ = checkpoint_of("log/checkpoint", files["log/checkpoint"], policy)
    before = checkpoint_of("log/plan-checkpoint", files["log/plan-checkpoint"], policy)
    need(before[0] == origin, "log/plan-checkpoint: of another log")
    print("ok    signatures")
    proof = [b64(line, 32) for line in lines("log/consistency", files["log/consistency"])]
    need(roots_of(before[1], size, proof, before[2]) == (before[2], root), "log/consistency: the log was changed")
    print("ok    consistency")
    entries = entries_of(files["log/entries.ndjson"], size, root)
    print(f"ok    entries: {len(entries)}")
    need(all(entry["subject"] == f"audit/{document['audit']}" for _, entry, _, _ in entries), "an entry is about something else")
    of_kind = lambda *kinds: [each for each in entries if each[1]["kind"] in kinds]
    is_one = len(of_kind("plan")) == len(of_kind("seed")) == len(of_kind("draw")) == 1
    need(is_one and not of_kind("plan_cancelled"), "not one plan, one seed, one draw, or the plan was cancelled")
    (plan_index, plan_entry, plan_leaf, _), (seed_index, seed_entry, _, _) = of_kind("plan")[0], of_kind("seed")[0]
    draws, decided = of_kind("draw", "extension"), of_kind("verdict", "verdict_amended")
    need(plan_index < seed_index < draws[0][0] and draws[0][1]["kind"] == "draw", "plan, seed and draw are not in order")
    need(all(index > draws[0][0] for index, _, _, _ in decided), "a verdict comes before the draw")
    need(plan_index < before[1] <= seed_index, "log/plan-checkpoint: not between plan and seed")
    plan_digest = sha(plan_leaf).hex()
    known = check_seed(plan_entry, seed_entry, plan_digest)
    need(all(at < known for at in before[3]), "log/plan-checkpoint: a witness saw it when the seed could be known")
    print("ok    order and seed")
    plan, seed, rows = plan_entry["facts"], seed_entry["facts"]["seed"], lines("population.txt", files["population.txt"])
    units, rule = [row.partition("\t")[0] for row in rows], plan.get("targeted")
    marked = dict.fromkeys(unit for unit, row in zip(units, rows) if unit != row)
    need(all(row == unit or rule and row == unit + "\ttargeted" for unit, row in zip(units, rows)), "population.txt: a wrong mark")
    need(sha(files["population.txt"]).hex() == plan["population_sha256"], "population.txt: not that of the plan")
    need(all(one.encode() < two.encode() for one, two in zip(units, units[1:])), "population.txt: the units do not rise")
    names, drawn, again = [each["name"] for each in plan["samples"]], {}, set()
    if rule is not None:
        keys(rule, ["flags", "most"], "plan")
        is_sound = rule["flags"] and rule["flags"] == sorted(set(rule["flags"])) and len(marked) <= rule["most"] <= 10_000
        need(is_sound and "targeted" not in plan["agencies"], "plan: not a sound rule of targeted picks, or more than it allows")
        need({"name": "targeted", "population": len(marked), "size": len(marked)} in plan["samples"], "plan: not all are examined")
    for stratum, step in zip(plan["samples"], draws[-1][1]["facts"]["strata"]):
        name = stratum["name"]
        own = list(marked) if rule and name == "targeted" else [
            unit for unit in units if unit not in marked and (plan["strata"] == "whole" or unit.startswith(name + "/"))]
        need(len(own) == stratum["population"], f"stratum {name}: not as many units as planned")
        drawn[name] = list(sampler(own, seed=seed, take=step["size"], output="tuple", digits=200))
    before = [0] * len(names)
    for index, entry, _, _ in draws:
        steps = entry["facts"]["strata"]
        need([each["name"] for each in steps] == names, f"entry {index}: not the strata of the plan")
        after, added = [each["size"] for each in steps], []
        is_planned = any(before) or after == [each["size"] for each in plan["samples"]]
        need(is_planned and all(map(int.__le__, before, after)), f"entry {index}: a stratum is of another size")
        for step, start in zip(steps, before):
            taken = drawn[step["name"]][:step["size"]]
            text = "".join(f"{unit}\t{ticket}\n" for ticket, unit, _ in taken)
            need(sha(text.encode()).hex() == step["sha256"], f"entry {index}: stratum {step['name']} was drawn otherwise")
            added += [unit for _, unit, _ in taken[start:]]
        share = -(-len(added) * plan["second_review_bp"] // 10_000)
        again |= set(sampler(added, seed=seed + "/second-review", take=share, output="id")) if share else set()
        before = after
    strata_of = {each["name"]: each["population"] for each in plan["samples"]}
    need(sum(strata_of.values()) == len(units) == plan["population"], "population.txt: units of no stratum, or not as planned")
    sample = [{"order": order, "stratum": name, "ticket": ticket, "unit": unit}
              for name in names for order, (ticket, unit, _) in enumerate(drawn[name], 1)]
    text = "".join(canonical(line) + "\n" for line in sample)
    need(files["sample.ndjson"] == text.encode(), "sample.ndjson: not what is drawn")
    print(f"ok    draw and sample: {len(sample)} units by consistent_sampler")
    verdicts = {}
    for index, entry, _, record in decided:
        need(record is not None, f"entry {index}: the verdict is not opened")
        need((record["unit"] in verdicts) == (entry["kind"] == "verdict_amended"), f"entry {index}: out of order")
        is_alone = record["outcome"] == "upheld" and record["decided_by"] in (None, record["reviewed_by"])
        need(not is_alone, f"entry {index}: upheld without a second person")
        verdicts[record["unit"]] = (index, record)
    need(set(verdicts) <= {line["unit"] for line in sample}, "a verdict is on a unit that was not drawn")
    reviews = of_kind("second_review")
    for index, _, _, review in reviews:
        need(review is not None and index > draws[0][0] and review["unit"] in again, f"entry {index}: no second review is due")
        again.remove(review["unit"])
        verdict = verdicts.get(review["unit"], (index, review | {"reviewed_by": None, "outcome": None}))[1]
        parts = verdict["reviewed_by"], verdict["decided_by"] if verdict["outcome"] == "upheld" else None
        need(verdict["case"] == review["case"] and review["reviewer"] not in parts,
             f"entry {index}: of another case, or by somebody who had a part in the verdict")
    text, outcomes = "", {name: [] for name in strata_of}
    for line in sample:
        index, record = verdicts.get(line["unit"], (None, {"outcome": None}))
        outcomes[line["stratum"]].append(record["outcome"])
        told = {"index": index, "outcome": record["outcome"]} | {key: line[key] for key in ("order", "stratum", "unit")}
        text += canonical(told) + "\n" if record["outcome"] else ""
    need(files["verdicts.ndjson"] == text.encode(), "verdicts.ndjson: not what the log says")
    print(f"ok    verdicts: {len(verdicts)}, and {len(reviews)} of {len(reviews) + len(again)} second reviews")
    stopping, risk = plan["stopping"], Fraction(10_000 - plan["confidence_bp"], 10_000)
    weights = (stopping["a"], stopping["b"]) if stopping["code"] == "sequence" else None
    is_known = all(1 <= each <= 10**6 for each in weights) if weights else stopping == {"a": None, "b": None, "code": "fixed"}
    need(is_known, "plan: the rule for stopping is unknown here")
    need(weights or len(draws) == 1, "a sample of fixed size was extended")
    present = {name: (size, outcomes[name]) for name, size in strata_of.items() if size}
    beside = bound_of("targeted", *present.pop("targeted"), risk, None) if marked else None
    strata = [bound_of(name, *each, risk, weights) for name, each in present.items()]
    shared = [bound_of(name, *each, risk / len(present), weights) for name, each in present.items()] if weights else []
    random = summed(strata, *COUNTS) | (summed(shared, *ENDS) if weights else fixed_ends(strata, risk))
    total = summed([random, beside] if beside else [random], *COUNTS, *ENDS) | {"name": "all"}
    parts = {"random": random | {"name": "random"}, "targeted": beside} if beside else {}
    for index, entry, _, _ in of_kind("bound")[-1:]:
        need(entry["facts"] == {"confidence_bp": plan["confidence_bp"], "strata": strata, "total": total} | parts,
             f"entry {index}: the bounds are not those of the counts")
    print(f"ok    bounds: at most {total['upper_one_sided']} of {total['population']}")
    looked = weights and counts_of([outcome for _, each in present.values() for outcome in settled(each)])
    claim, claim_en = claims(total, random, beside, looked, plan["confidence_bp"])
    report = {"audit": document["audit"], "claim": claim, "claim_en": claim_en, "is_final": total["open"] == 0,
              "plan_sha256": plan_digest, "seed": seed, "seed_kind": plan["seed"]["kind"], "strata": strata, "total": total}
    report |= parts | {key: plan[key] for key in ("confidence_bp", "from", "population_sha256", "to")}
    need(files["report.json"] == (canonical(report) + "\n").encode(), "report.json: not what follows from the log")
    counted = lambda each: ("{population} units, {sample} drawn, {upheld} upheld, {inconclusive} inconclusive, {open} open; "
                            "deviating {lower} to {upper}, at most {upper_one_sided}").format(**each)
    text = [f"audit: {document['audit']}", f"period: {plan['from']} to {plan['to']}", f"plan: {plan_digest}",
            f"population: {plan['population_sha256']}", f"seed: {seed} ({plan['seed']['kind']})",
            f"confidence: {plan['confidence_bp']} basis points"]
    named = [("stratum " + each["name"], each) for each in strata] + [*parts.items(), ("total", total)]
    text += [f"{name}: {counted(each)}" for name, each in named] + ["", claim, claim_en, ""]
    need(files["report.txt"] == "\n".join(text).encode(), "report.txt: not what follows from the log")
    # All but bundle.json and what is below log/.
    need(of_kind("report") and of_kind("report")[-1][1]["facts"] == {"files": facts[4:]}, "the log holds another report")
    print("ok    report")
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=Path)
parser.add_argument("--log-key")
given = parser.parse_args()
paths = [path for path in given.folder.rglob("*") if path.is_file()]
try:
    check({path.relative_to(given.folder).as_posix(): path.read_bytes() for path in paths}, given.log_key)
except (Wrong, ValueError, KeyError, TypeError, IndexError, StopIteration) as error:
    print(f"WRONG {error}")
    sys.exit(1)
print("sound, but for what the notes say")
