"""Writes api-spec/vectors/log/*.json: Python's standard library, and PyPI cryptography for Ed25519 (tried with 48.0.0).

The tree is that of RFC 9162, section 2.1, in the words of its definitions; notes, checkpoints, cosignatures, proofs,
tiles, policies and the witness's answers are those of C2SP.
"""
import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

OUT = pathlib.Path("api-spec/vectors/log")
ORIGIN = "log.example/bkd"
TIME = 1774224000


def b64(data):
    return base64.b64encode(data).decode()


# The tree.

def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def mth(leaves):
    """MTH of RFC 9162, section 2.1.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\1" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def path(m, leaves):
    """PATH of RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return path(m, leaves[:k]) + [mth(leaves[k:])]
    return path(m - k, leaves[k:]) + [mth(leaves[:k])]


def subproof(m, leaves, whole=True):
    """SUBPROOF of RFC 9162, section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return subproof(m, leaves[:k], whole) + [mth(leaves[k:])]
    return subproof(m - k, leaves[k:], False) + [mth(leaves[:k])]


def entry(index):
    return b"entry %d" % index


LEAVES = [leaf(entry(i)) for i in range(600)]


def flipped(data, place=0):
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]


def tree():
    inclusion, consistency = [], []
    places = [(n, i) for n in range(1, 17) for i in range(n)] + [(n, i) for n in (255, 256, 257, 600) for i in (0, 1, 254, n - 1)]
    for n, i in places:
        proof = path(i, LEAVES[:n])
        case = dict(index=i, size=n, leaf=b64(LEAVES[i]), root=b64(mth(LEAVES[:n])), proof=[b64(h) for h in proof])
        inclusion.append(case | dict(refused=None))
        if n not in (1, 7, 8, 257):
            continue
        for refused, change in [
            ("root", dict(root=b64(flipped(mth(LEAVES[:n]))))), ("root", dict(leaf=b64(flipped(LEAVES[i], 31)))),
            ("index", dict(index=n)), ("too_long", dict(proof=case["proof"] + [case["leaf"]])),
        ] + [("too_short", dict(proof=case["proof"][:-1]))] * bool(proof) + [
            ("root", dict(proof=[b64(flipped(h, j)) if j == at else b64(h) for j, h in enumerate(proof)])) for at in range(len(proof))
        ]:
            inclusion.append(case | change | dict(refused=refused))
    pairs = [(m, n) for n in range(0, 17) for m in range(n + 1)] + [(m, n) for n in (256, 257, 600) for m in (1, 2, 128, 255, n - 1, n)]
    for m, n in pairs:
        proof = subproof(m, LEAVES[:n]) if 0 < m else []
        case = dict(earlier_size=m, earlier_root=b64(mth(LEAVES[:m])), later_size=n, later_root=b64(mth(LEAVES[:n])), proof=[b64(h) for h in proof])
        consistency.append(case | dict(refused=None))
        if n not in (5, 8, 257):
            continue
        changes = [("too_long", dict(proof=case["proof"] + [case["later_root"]]))]
        changes += [("too_short", dict(proof=case["proof"][:-1]))] * bool(proof)
        if m == 0:
            changes += [("empty_root", dict(earlier_root=b64(LEAVES[0])))]
        elif m == n:
            changes += [("other_root", dict(earlier_root=b64(LEAVES[0])))]
        else:
            changes += [("size", dict(earlier_size=n, later_size=m)), ("later_root", dict(later_root=b64(flipped(mth(LEAVES[:n])))))]
            # From a power of two on, the earlier root is where the later one starts from.
            changes += [("earlier_root", dict(earlier_root=b64(flipped(mth(LEAVES[:m])))))] * bool(m & (m - 1))
        consistency += [case | change | dict(refused=refused) for refused, change in changes]
    return dict(
        about="Leaves are the entries \"entry 0\", \"entry 1\", ...; roots[n] is over the first n. Hashes in base64. refused names the check.",
        roots=[b64(mth(LEAVES[:n])) for n in range(65)], inclusion=inclusion, consistency=consistency)


# Tiles.

def tile_path(kind, index, width):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "tile/%s/%s%s" % (kind, "/".join(groups), "" if width == 256 else ".p/%d" % width)


def row(kind, old, new):
    return [tile_path(kind, i, min(256, new - 256 * i)) for i in range(old // 256, -(-new // 256))] if new > old else []


def tile():
    growths = []
    for old, new in [(0, 0), (0, 1), (0, 255), (0, 256), (0, 257), (255, 257), (256, 512), (300, 301), (0, 70000), (69999, 70000),
                     (65535, 65537), (256000, 256001), (16777215, 16777217), (2**40, 2**40 + 300), (2**63 - 3, 2**63 - 1)]:
        tiles = [t for level in range(8) for t in row(level, old >> 8 * level, new >> 8 * level)]
        growths.append(dict(old=old, new=new, tiles=tiles, bundles=row("entries", old, new)))
    contents = []
    for name in growths_of(600):
        kind, index, width = name
        if kind == "entries":
            entries = [entry(256 * index + i) for i in range(width)]
            data = b"".join(len(e).to_bytes(2, "big") + e for e in entries)
        else:
            span = 256**kind
            data = b"".join(mth(LEAVES[(256 * index + i) * span:(256 * index + i + 1) * span]) for i in range(width))
        contents.append(dict(path=tile_path(*name), bytes=len(data), sha256=hashlib.sha256(data).hexdigest()))
    refused = ["tile/0/0", "tile/00/000", "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/001/000",
               "tile/0/x001", "tile/64/000", "tile/8/000", "tile/0/-01", "tile/entries/0000", "tile/0/000.p/1/", "/tile/0/000", "tile/0/..", ""]
    return dict(about="Tiles and bundles that a tree writes when it grows; the contents for the 600 entries of tree.json; paths that are none.",
                growths=growths, contents=contents, refused=refused)


def growths_of(size):
    names = [(level, i, min(256, (size >> 8 * level) - 256 * i)) for level in (0, 1) for i in range(-(-(size >> 8 * level) // 256))]
    return names + [("entries", i, min(256, size - 256 * i)) for i in range(-(-size // 256))]


# Notes and what is made of them.

class Key:
    def __init__(self, name, kind, seed):
        self.name, self.kind = name, kind
        self.seed = hashlib.sha256(b"vector " + seed.encode()).digest()
        self.key = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{b64(bytes([kind]) + self.public)}"
        self.secret = f"PRIVATE+KEY+{name}+{self.id.hex()}+{b64(bytes([kind]) + self.seed)}"

    def line(self, text, time=TIME):
        if self.kind == 1:
            return self.raw(self.key.sign(text.encode()))
        message = f"cosignature/v1\ntime {time}\n{text}"
        return self.raw(time.to_bytes(8, "big") + self.key.sign(message.encode()))

    def raw(self, signature):
        return f"\u2014 {self.name} {b64(self.id + signature)}\n"


LOG = Key(ORIGIN, 1, "log")
OTHER = Key(ORIGIN, 1, "another log of the name")
W1, W2, W3 = (Key(f"witness.example/{i}", 4, f"witness {i}") for i in (1, 2, 3))


def body(size, root=None, origin=ORIGIN):
    return f"{origin}\n{size}\n{b64(root or mth(LEAVES[:size]))}\n"


def signed(text, *lines):
    return text + "\n" + "".join(lines)


def note():
    text = body(7)
    sound = signed(text, LOG.line(text), W1.line(text), W2.line(text, 1))
    known = [LOG.vkey, W1.vkey, W2.vkey]
    wrong = W1.line(body(8))
    cases = [
        ("a log and two witnesses", sound, known, None), ("only the log is known", sound, known[:1], None), ("nobody is known", sound, [W3.vkey], "unsigned"),
        ("a key of the same name and another id", sound, [OTHER.vkey], "unsigned"), ("a text with empty lines", signed("a\n\nb\n", LOG.line("a\n\nb\n")), known, None),
        ("another text", sound.replace("\n7\n", "\n8\n"), known, "bad_signature"), ("a known key's cosignature of another text", signed(text, LOG.line(text), wrong), known, "bad_signature"),
        ("the same, from an unknown key", signed(text, LOG.line(text), wrong), known[:1], None), ("a cosignature without a time", signed(text, W1.line(text, 0)), known, "bad_signature"),
        ("a time beyond 2^63 - 1", signed(text, W1.line(text, 2**63)), known, "bad_signature"), ("a cosigning key that signs the bare text", signed(text, W1.raw(W1.key.sign(text.encode()))), known, "bad_signature"),
        ("a hyphen for the dash", sound.replace("\u2014", "-"), known, "line"), ("two spaces", sound.replace("\u2014 ", "\u2014  "), known, "line"),
        ("no last newline", sound[:-1], known, "form"), ("a line break of two characters", sound.replace("\n", "\r\n"), known, "form"),
        ("a tab in the text", signed("a\tb\n", LOG.line("a\tb\n")), known, "control"), ("no signature", text + "\n", known, "form"), ("no empty line", text + LOG.line(text), known, "form"),
        ("an empty line at the end", sound + "\n", known, "form"), ("base64 without padding", signed(text, LOG.line(text).replace("=", "")), known, "line"),
        ("more than 64 signatures", signed(text, LOG.line(text) * 65), known, "too_many"),
    ]
    cases = [dict(name=n, note=t, known=k, refused=r) for n, t, k, r in cases]
    bodies = [(body(7), None), (body(0), None), (body(7) + "one more line\n", None), (body(7)[:-1], "form"), ("", "form"), ("\n" + body(7), "origin"), (body(7).replace("\n7", "\n07"), "size"),
              (body(7).replace("\n7", "\n-7"), "size"), (body(7).replace("\n7", "\n9223372036854775808"), "size"), (body(7).replace("=", ""), "root"), (body(7) + "\n", "extension"), (body(7).replace("\n", "\r\n"), "origin")]
    keys = [dict(secret=k.secret, public=k.vkey, id=k.id.hex()) for k in (LOG, OTHER, W1, W2, W3)]
    return dict(about="Keys from SHA-256 of a text, notes with the keys that are known, and bodies of checkpoints. refused names the check.", keys=keys, notes=cases,
                checkpoints=[dict(text=t, refused=r) for t, r in bodies])


POLICY = f"# Two of three witnesses\nlog {LOG.vkey}\nwitness A {W1.vkey}\nwitness B {W2.vkey}\nwitness C {W3.vkey} https://witness.example/3\ngroup two 2 A B C\nquorum two\n"


def proof_text(index, size, note_text, extra=None):
    head = "c2sp.org/tlog-proof@v1\n" + (f"extra {b64(extra)}\n" if extra else "") + f"index {index}\n"
    return head + "".join(b64(h) + "\n" for h in path(index, LEAVES[:size])) + "\n" + note_text


def proof():
    text = body(7)
    sound = signed(text, LOG.line(text), W1.line(text, TIME), W3.line(text, TIME + 5))
    whole = proof_text(4, 7, sound)
    seen = [dict(witness="A", time=TIME), dict(witness="C", time=TIME + 5)]
    one = signed(text, LOG.line(text), W1.line(text))
    cases = [
        ("the fifth of seven entries", whole, 4, seen, None), ("with extra data", proof_text(4, 7, sound, b"beside it"), 4, seen, None),
        ("another entry", whole, 5, None, "root"), ("another index", whole.replace("index 4", "index 5"), 4, None, "root"), ("an index outside", whole.replace("index 4", "index 7"), 4, None, "index"),
        ("an index with a zero before it", whole.replace("index 4", "index 04"), 4, None, "index"), ("a hash too many", whole.replace("index 4\n", f"index 4\n{b64(LEAVES[0])}\n"), 4, None, "too_long"),
        ("a hash too few", whole.replace(b64(LEAVES[5]) + "\n", ""), 4, None, "too_short"), ("too few witnesses", proof_text(4, 7, one), 4, None, "quorum"),
        ("witnesses without the log", proof_text(4, 7, signed(text, W1.line(text), W2.line(text))), 4, None, "log_unsigned"), ("a strange log", proof_text(4, 7, signed(text, OTHER.line(text))), 4, None, "unsigned"),
        ("another origin", proof_text(4, 7, signed(body(7, origin="x"), LOG.line(body(7, origin="x")))), 4, None, "origin"), ("another version", whole.replace("@v1", "@v2"), 4, None, "format"),
        ("extra data that is empty", whole.replace("index", "extra \nindex"), 4, None, "extra"), ("no index", whole.replace("index 4\n", ""), 4, None, "form"),
        ("two empty lines", whole.replace("\n\n", "\n\n\n", 1), 4, None, "origin"), ("64 hashes", whole.replace("index 4\n", "index 4\n" + (b64(LEAVES[0]) + "\n") * 61), 4, None, "hashes"),
    ]
    policies = [(POLICY, None, None), (POLICY.replace("two 2", "two 4"), 6, "threshold"), (POLICY.replace("two 2", "two 0"), 6, "threshold"), (POLICY.replace("A B C", "A B D"), 6, "unknown_name"), (POLICY.replace("A B C", "A B A"), 6, "same_member"),
                (POLICY.replace("witness B", "witness A"), 4, "same_name"), (POLICY.replace(W2.vkey, W1.vkey), 4, "same_key"), (POLICY.replace(W2.vkey, OTHER.vkey), 4, "key_type"), (POLICY + "quorum none\n", 8, "quorum"),
                (POLICY.replace("quorum two\n", ""), 7, "quorum"), (POLICY.replace("quorum", "quota"), 7, "form"), (POLICY[:-1], 1, "text"), (POLICY.replace("\n", "\r\n"), 1, "text"), (POLICY.replace("+", "-"), 2, "form")]
    return dict(about="Proofs of the entries of tree.json under one policy, what the witnesses say, and policies with the line and fault. refused names the check.", policy=POLICY,
                proofs=[dict(name=n, proof=p, entry=entry(e).decode(), witnessed=w, refused=r) for n, p, e, w, r in cases], policies=[dict(text=t, line=l, refused=r) for t, l, r in policies])


def witness():
    def request(old, size, proof=None, text=None, line=None):
        text = text or body(size)
        proof = proof if proof is not None else (subproof(old, LEAVES[:size]) if 0 < old <= size else [])
        return f"old {old}\n" + "".join(b64(h) + "\n" for h in proof) + "\n" + signed(text, line or LOG.line(text))

    def last(size):
        return None if size is None else signed(body(size), LOG.line(body(size)))

    fork = body(5, LEAVES[0])
    strange = body(9, origin="x")
    cases = [("the first checkpoint", request(0, 5), None, 200, None), ("an empty first one", request(0, 0), None, 200, None), ("growth", request(5, 9), 5, 200, None), ("growth from nothing", request(0, 9), 0, 200, None),
             ("the same again", request(5, 5), 5, 200, None), ("old above the size", request(6, 5, []), 5, 400, None), ("a zero before the number", request(5, 9).replace("old 5", "old 05"), 5, 400, None),
             ("no empty line", request(5, 9).replace("\n\n", "\n"), 5, 400, None), ("64 hashes", request(5, 9, [LEAVES[0]] * 64), 5, 400, None), ("a strange key", request(5, 9, line=OTHER.line(body(9))), 5, 403, None),
             ("a wrong signature beside a sound one", request(5, 9, line=LOG.line(body(9)) + LOG.line(body(8))), 5, 403, None), ("a strange origin", request(5, 9, text=strange), 5, 404, None), ("old below the last", request(3, 9), 5, 409, 5),
             ("old zero to ask", request(0, 9), 5, 409, 5), ("old without a last", request(3, 9), None, 409, 0), ("a hash too few", request(5, 9, subproof(5, LEAVES[:9])[:-1]), 5, 422, None), ("a changed hash", request(5, 9, [flipped(h) for h in subproof(5, LEAVES[:9])]), 5, 422, None),
             ("a proof from nothing", request(0, 9, [LEAVES[0]]), None, 422, None), ("no leaves but a root", request(0, 0, text=body(0, LEAVES[0])), None, 422, None), ("another root of the size", request(5, 5, [], fork), 5, 422, None),
             ("another root, old zero", request(0, 5, [], fork), 5, 409, 5)]
    return dict(about="Requests to cosign, the last checkpoint that the witness kept, and its answer: status, and the size of a 409. forks: whether last and new are proof of misbehaviour.", origin=ORIGIN, trusted=[LOG.vkey],
                requests=[dict(name=n, request=r, last=last(l), status=s, size=z, fork="another root" in n) for n, r, l, s, z in cases])


def written(vectors):
    """JSON with one element of a list to a line."""
    dump = lambda value: json.dumps(value, ensure_ascii=True)
    whole = lambda value: "[\n  " + ",\n  ".join(map(dump, value)) + "\n ]" if isinstance(value, list) else dump(value)
    return "{\n " + ",\n ".join(f"{dump(key)}: {whole(value)}" for key, value in vectors.items()) + "\n}\n"


OUT.mkdir(parents=True, exist_ok=True)
for make in (tree, tile, note, proof, witness):
    text = written(make())
    (OUT / f"{make.__name__}.json").write_text(text)
    print(make.__name__, len(text))
