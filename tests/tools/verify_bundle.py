#!/usr/bin/env python3
"""Checks an audit's bundle without any of our code: api-spec/audit-bundle.md, from the files alone.

Needs Python 3.9 and `pip install consistent_sampler`, which draws the sample. Usage: verify_bundle.py FOLDER [--log-key KEY]
Does not check the beacon's own signature (BLS12-381); says so.
"""
import argparse, base64, hashlib, hmac, json, re, sys
from datetime import datetime, timezone
from decimal import Decimal, getcontext
from fractions import Fraction
from math import comb, factorial
from pathlib import Path

from consistent_sampler import sampler

NAMES = ["bundle.json", "log/checkpoint", "log/consistency", "log/entries.ndjson", "log/plan-checkpoint", "policy.txt",
         "population.txt", "report.json", "report.txt", "sample.ndjson", "verdicts.ndjson"]
BOUND = ["policy.txt", "population.txt", "report.json", "report.txt", "sample.ndjson", "verdicts.ndjson"]

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
    try:
        value = json.loads(text, parse_float=lambda _: None, parse_constant=lambda _: None)
    except ValueError as error:
        raise Wrong(f"{place}: {error}")
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
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)
def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    return None if (x * x - square) % P or (x == 0 and sign) else x if x & 1 == sign else P - x
def point(data):
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)
def add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    return ((b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P)
def times(factor, base):
    result = (0, 1, 1, 0)
    while factor:
        result = add(result, base) if factor & 1 else result
        factor, base = factor >> 1, add(base, base)
    return result
same = lambda one, other: all((one[at] * other[2] - other[at] * one[2]) % P == 0 for at in (0, 1))

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
def signed(public, message, signature):
    key, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L or same(times(8, key), (0, 1, 1, 0)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, key)))

# Trees (RFC 9162, section 2.1) and checkpoints (C2SP).
node = lambda left, right: sha(b"\x01" + left + right)
def root_of(leaf, index, size, proof):
    need(index < size, "the index lies outside the tree")
    place, last, value = index, size - 1, leaf
    for beside in proof:
        need(last > 0, "the proof has too many hashes")
        if place & 1 or place == last:
            value = node(beside, value)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, beside)
        place, last = place >> 1, last >> 1
    need(last == 0, "the proof has too few hashes")
    return value
def consistent(first, second, proof):
    (size, root), (later, later_root) = first, second
    if size == later:
        return not proof and root == later_root
    need(0 < size < later, "the sizes are not in order")
    proof = list(proof) if size & (size - 1) else [root] + list(proof)
    need(proof, "the consistency proof is empty")
    place, last = size - 1, later - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = proof[0]
    for beside in proof[1:]:
        need(last > 0, "the consistency proof is too long")
        if place & 1 or place == last:
            old, new = node(beside, old), node(beside, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node(new, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and old == root and new == later_root
def key_of(text):
    name, identity, data = text.split("+", 2)[:2] + [b64(text.split("+", 2)[2], 33)]
    need(sha(name.encode() + b"\n" + data)[:4].hex() == identity, f"{text}: the id is not that of the key")
    return {"name": name, "id": bytes.fromhex(identity), "type": data[0], "public": data[1:]}
def policy_of(data):
    logs, members, quorum = [], {}, None
    for line in lines("policy.txt", data):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            logs.append(key_of(words[1]))
        elif words[0] == "witness":
            members[words[1]] = key_of(words[2])
        elif words[0] == "group":
            least = {"all": len(words) - 3, "any": 1}.get(words[2]) or int(words[2])
            members[words[1]] = (least, words[3:])
        elif words[0] == "quorum":
            quorum = words[1]
        else:
            raise Wrong(f"policy.txt: {words[0]} is unknown")
    need(quorum is not None, "policy.txt: there is no quorum")
    return logs, members, quorum
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
            if (key["name"], key["id"]) != (match[1], signature[:4]):
                continue
            if key["type"] == 1 and key["name"] == origin:
                need(signed(key["public"], text.encode(), signature[4:]), f"{name}: wrong signature of {match[1]}")
                by_log = True
            elif key["type"] == 4:
                at = int.from_bytes(signature[4:12], "big")
                message = f"cosignature/v1\ntime {at}\n{text}".encode()
                need(signed(key["public"], message, signature[12:]), f"{name}: wrong cosignature of {match[1]}")
                times_by_key[key["public"]] = at
    need(by_log, f"{name}: the log has not signed it")

    def reached(member):
        if isinstance(members[member], dict):
            return members[member]["public"] in times_by_key
        return sum(map(reached, members[member][1])) >= members[member][0]

    need(quorum == "none" or reached(quorum), f"{name}: fewer witnesses than the quorum asks for")
    return origin, int(size), b64(root, 32), list(times_by_key.values())

# Bounds, exactly (api-spec/audit-sampling.md, section 6).
def tail(population, marked, sample, found):
    """P(Hypergeometric <= found)."""
    ways = sum(comb(marked, x) * comb(population - marked, sample - x) for x in range(0, found + 1))
    return Fraction(ways, comb(population, sample))
def upper(population, sample, found, risk):
    low, high = found, population - (sample - found)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tail(population, middle, sample, found) > risk else (low, middle - 1)
    return low
lower = lambda population, sample, found, risk: population - upper(population, sample, sample - found, risk)
def bound_of(name, count, risk):
    population, sample, upheld, inconclusive, still_open = count
    most = upheld + inconclusive + still_open
    return {"name": name, "population": population, "sample": sample, "upheld": upheld, "inconclusive": inconclusive,
            "open": still_open, "lower": lower(population, sample, upheld, risk / 2),
            "upper": upper(population, sample, most, risk / 2), "upper_one_sided": upper(population, sample, most, risk)}
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
def total_of(counts, risk):
    total = dict(zip(("population", "sample", "upheld", "inconclusive", "open"), map(sum, zip(*counts))), name="all")
    clean = [(size, n, n - upheld) for size, n, upheld, _, _ in counts]
    most = [(size, n, sum(rest)) for size, n, *rest in counts]
    return total | {"lower": total["population"] - together(clean, risk / 2), "upper": together(most, risk / 2),
                    "upper_one_sided": together(most, risk)}
grouped = lambda number, mark: f"{number:,}".replace(",", mark)
def percent(part, whole, comma):
    tenths = -(-part * 1000 // max(whole, 1))
    return f"{tenths // 10}{comma}{tenths % 10} %" if tenths % 10 else f"{tenths // 10} %"
def claims(total, confidence):
    unsettled = total["inconclusive"] + total["open"]
    for comma, mark, words in (
            (",", ".", ("Sementara: ", "Dengan tingkat keyakinan {c}, paling banyak {u} dari {p} slot ({r}) menyimpang; dari {s} "
             "slot yang diperiksa, {d} dinyatakan menyimpang dan {o} belum dapat dipastikan.")),
            (".", ",", ("Provisional: ", "With {c} confidence at most {u} of {p} slots ({r}) deviate; of {s} slots checked, {d} "
             "were found to deviate and {o} could not be settled."))):
        yield (words[0] if total["open"] else "") + words[1].format(
            c=percent(confidence, 10_000, comma), u=grouped(total["upper_one_sided"], mark),
            p=grouped(total["population"], mark), r=percent(total["upper_one_sided"], total["population"], comma),
            s=grouped(total["sample"], mark), d=grouped(total["upheld"], mark), o=grouped(unsettled, mark))
seconds = lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()
def entries_of(data, size, root):
    last, entries = -1, []
    for number, text in enumerate(lines("log/entries.ndjson", data), 1):
        place = f"log/entries.ndjson, line {number}"
        line = parse(text, place)
        keys(line, ["entry", "index", "opening", "proof"], place)
        entry, opening = line["entry"], line["opening"]
        keys(entry, ["at", "c", "facts", "kind", "subject", "v"], place)
        need(line["index"] > last and entry["v"] == 1, f"{place}: out of order or of another version")
        last = line["index"]
        leaf = canonical(entry).encode()
        proof = [b64(text, 32) for text in line["proof"]]
        need(root_of(sha(b"\0" + leaf), last, size, proof) == root, f"{place}: not in the log")
        if opening is not None:
            keys(opening, ["record", "salt"], place)
            need(re.fullmatch("[0-9a-f]{64}", opening["salt"]), f"{place}: the salt is malformed")
            mac = hmac.new(bytes.fromhex(opening["salt"]), canonical(opening["record"]).encode(), hashlib.sha256)
            need(mac.hexdigest() == entry["c"], f"{place}: the opening is not that of the commitment")
            need(opening["record"]["kind"] == entry["kind"], f"{place}: the opening is of another kind")
        entries.append((last, entry, leaf, opening and opening["record"]))
    return entries
def check_seed(plan_entry, seed_entry, plan_digest):
    rule, seed = plan_entry["facts"]["seed"], seed_entry["facts"]
    need(rule["kind"] == seed["kind"], "seed: of another kind than the plan says")
    if rule["kind"] == "text":
        need(len(seed["seed"]) >= 20 and not seed["dice"] and not seed["beacon"], "seed: not a text of 20 characters")
        return None
    need(re.fullmatch("[0-9]{20,200}", seed["dice"]), "seed: the dice are not 20 digits or more")
    randomness, known = "", None
    if rule["kind"] == "beacon_and_dice":
        beacon, draw_at = seed["beacon"], seconds(rule["draw_at"])
        need(draw_at >= seconds(plan_entry["at"]) + 600, "plan: the draw is less than 10 minutes away")
        need(beacon["round"] == rule["round"] == int(draw_at - 1692803367) // 3 + 1, "seed: of another round")
        randomness = beacon["randomness"]
        need(sha(bytes.fromhex(beacon["signature"])).hex() == randomness, "seed: the randomness is not the signature's")
        known = 1692803367 + 3 * (beacon["round"] - 1)
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
    policy = policy_of(files["policy.txt"])
    if log_key:
        policy = ([key_of(log_key)], policy[1], policy[2])
    else:
        print("note  key trusted on first sight: " + next(line for line in lines("policy.txt", files["policy.txt"])))
    origin, size, root, _ = checkpoint_of("log/checkpoint", files["log/checkpoint"], policy)
    before = checkpoint_of("log/plan-checkpoint", files["log/plan-checkpoint"], policy)
    need(before[0] == origin, "log/plan-checkpoint: of another log")
    print("ok    signatures")
    proof = [b64(line, 32) for line in lines("log/consistency", files["log/consistency"])]
    need(consistent(before[1:3], (size, root), proof), "log/consistency: the log was changed")
    print("ok    consistency")
    entries = entries_of(files["log/entries.ndjson"], size, root)
    print(f"ok    entries: {len(entries)}")
    audit = f"audit/{document['audit']}"
    need(all(entry["subject"] == audit for _, entry, _, _ in entries), "an entry is about something else")
    of_kind = lambda *kinds: [each for each in entries if each[1]["kind"] in kinds]
    need(len(of_kind("plan")) == len(of_kind("seed")) == len(of_kind("draw")) == 1, "not one plan, one seed, one draw")
    need(not of_kind("plan_cancelled"), "the plan was cancelled")
    (plan_index, plan_entry, plan_leaf, _), (seed_index, seed_entry, _, _) = of_kind("plan")[0], of_kind("seed")[0]
    draws, decided = of_kind("draw", "extension"), of_kind("verdict", "verdict_amended")
    need(plan_index < seed_index < draws[0][0] and draws[0][1]["kind"] == "draw", "plan, seed and draw are not in order")
    need(all(index > draws[0][0] for index, _, _, _ in decided), "a verdict comes before the draw")
    need(plan_index < before[1] <= seed_index, "log/plan-checkpoint: not between plan and seed")
    plan_digest = sha(plan_leaf).hex()
    known = check_seed(plan_entry, seed_entry, plan_digest)
    known = seconds(seed_entry["at"]) if known is None else known
    need(all(at < known for at in before[3]), "log/plan-checkpoint: a witness saw it when the seed could be known")
    print("ok    order and seed")
    plan, seed, units = plan_entry["facts"], seed_entry["facts"]["seed"], lines("population.txt", files["population.txt"])
    need(sha(files["population.txt"]).hex() == plan["population_sha256"], "population.txt: not that of the plan")
    need(all(one.encode() < two.encode() for one, two in zip(units, units[1:])), "population.txt: the units do not rise")
    need(len(units) == plan["population"], "population.txt: not as many units as planned")
    sample, counts, last = [], {}, {each["name"]: each["size"] for each in draws[-1][1]["facts"]["strata"]}
    for stratum in plan["samples"]:
        name = stratum["name"]
        own = [unit for unit in units if plan["strata"] == "whole" or unit.startswith(name + "/")]
        need(len(own) == stratum["population"], f"stratum {name}: not as many units as planned")
        drawn = list(sampler(own, seed=seed, take=last[name], output="tuple", digits=200))
        size_before = stratum["size"]
        for index, entry, _, _ in draws:
            step = next(each for each in entry["facts"]["strata"] if each["name"] == name)
            need(step["size"] >= size_before and (entry["kind"] != "draw" or step["size"] == size_before),
                 f"entry {index}: stratum {name} is of another size")
            size_before = step["size"]
            text = "".join(f"{unit}\t{ticket}\n" for ticket, unit, _ in drawn[:size_before])
            need(sha(text.encode()).hex() == step["sha256"], f"entry {index}: stratum {name} was drawn otherwise")
        sample += [{"order": order, "stratum": name, "ticket": ticket, "unit": unit}
                   for order, (ticket, unit, _) in enumerate(drawn, 1)]
        counts[name] = [stratum["population"], len(drawn), 0, 0, len(drawn)]
    need(sum(count[0] for count in counts.values()) == len(units), "population.txt: units of no stratum")
    text = "".join(canonical(line) + "\n" for line in sample)
    need(files["sample.ndjson"] == text.encode(), "sample.ndjson: not what is drawn")
    print(f"ok    draw and sample: {len(sample)} units by consistent_sampler")
    verdicts = {}
    for index, entry, _, record in decided:
        need(record is not None, f"entry {index}: the verdict is not opened")
        need((record["unit"] in verdicts) == (entry["kind"] == "verdict_amended"), f"entry {index}: out of order")
        need(record["outcome"] != "upheld" or record["decided_by"] not in (None, record["reviewed_by"]),
             f"entry {index}: upheld without a second person")
        verdicts[record["unit"]] = (index, record["outcome"])
    need(set(verdicts) <= {line["unit"] for line in sample}, "a verdict is on a unit that was not drawn")
    text = ""
    for line in sample:
        if line["unit"] in verdicts:
            index, outcome = verdicts[line["unit"]]
            text += canonical({"index": index, "order": line["order"], "outcome": outcome, "stratum": line["stratum"],
                               "unit": line["unit"]}) + "\n"
            for place, change in ((2, outcome == "upheld"), (3, outcome == "inconclusive"), (4, -1)):
                counts[line["stratum"]][place] += change
    need(files["verdicts.ndjson"] == text.encode(), "verdicts.ndjson: not what the log says")
    print(f"ok    verdicts: {len(verdicts)}")
    need(plan["stopping"]["code"] == "fixed", "plan: the rule for stopping is unknown here")
    risk = Fraction(10_000 - plan["confidence_bp"], 10_000)
    present = {name: count for name, count in counts.items() if count[0]}
    strata = [bound_of(name, count, risk) for name, count in present.items()]
    total = total_of(list(present.values()), risk)
    for index, entry, _, _ in of_kind("bound")[-1:]:
        need(entry["facts"] == {"confidence_bp": plan["confidence_bp"], "strata": strata, "total": total},
             f"entry {index}: the bounds are not those of the counts")
    print(f"ok    bounds: at most {total['upper_one_sided']} of {total['population']}")
    claim, claim_en = claims(total, plan["confidence_bp"])
    report = {"audit": document["audit"], "claim": claim, "claim_en": claim_en, "confidence_bp": plan["confidence_bp"],
              "from": plan["from"], "is_final": total["open"] == 0, "plan_sha256": plan_digest,
              "population_sha256": plan["population_sha256"], "seed": seed, "seed_kind": plan["seed"]["kind"],
              "strata": strata, "to": plan["to"], "total": total}
    need(files["report.json"] == (canonical(report) + "\n").encode(), "report.json: not what follows from the log")
    counted = lambda each: ("{population} units, {sample} drawn, {upheld} upheld, {inconclusive} inconclusive, {open} open; "
                            "deviating {lower} to {upper}, at most {upper_one_sided}").format(**each)
    text = [f"audit: {document['audit']}", f"period: {plan['from']} to {plan['to']}", f"plan: {plan_digest}",
            f"population: {plan['population_sha256']}", f"seed: {seed} ({plan['seed']['kind']})",
            f"confidence: {plan['confidence_bp']} basis points"]
    text += [f"stratum {each['name']}: {counted(each)}" for each in strata]
    text += [f"total: {counted(total)}", "", claim, claim_en, ""]
    need(files["report.txt"] == "\n".join(text).encode(), "report.txt: not what follows from the log")
    facts = [each for each in facts if each["name"] in BOUND]
    need(of_kind("report") and of_kind("report")[-1][1]["facts"] == {"files": facts}, "the log holds another report")
    print("ok    report")

def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--log-key")
    arguments = parser.parse_args()
    folder = arguments.folder
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    try:
        check(files, arguments.log_key)
    except (Wrong, ValueError, KeyError, TypeError, IndexError, StopIteration) as error:
        print(f"WRONG {error}")
        sys.exit(1)
    print("sound, but for what the notes say")

main()
