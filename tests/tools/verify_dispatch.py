#!/usr/bin/env python3
"""Reads a dispatch as api-spec/federation.md tells: every check of its section 3 but `batch`, which asks what else was received.

Shares no code with the service. Needs Python 3.9 and `pip install cryptography` (Ed25519, X25519, AES-GCM). Prints one line a
check, in the page's order; the first that fails ends it with exit code 1.

  verify_dispatch.py DISPATCH --agency-key KEY --openings-key KEY
      [--last NOTE]                          the checkpoint of the agency's log that was cosigned last; without it none was
      [--openings-secret HEX]                opens every seal and holds it against its row's commitment
      [--receipt PROOF --witness-key KEY]    checks what came back
"""
import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import zipfile
import zlib
from datetime import date, datetime

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAMES = ["dispatch.json", "manifest.json", "rows.ndjson", "cells.ndjson", "submission.json", "openings.ndjson",
         "batch.tlog-proof", "add-checkpoint"]
LINES = ("rows.ndjson", "cells.ndjson", "openings.ndjson")
MOST = {"batch.tlog-proof": 393_216, "add-checkpoint": 266_240, **dict.fromkeys(LINES, 2 << 30)}
MOST_NOTE = 262_144
LONGEST_LINE = 16 * 1024
FORMAT, BATCH_FORMAT = "sherlok-dispatch/1", "sherlok-batch/1"
PURPOSE = b"sherlok-dispatch/1 opening"

class Wrong(Exception):
    """A check failed: its name, and what exactly."""

def need(holds, check, what):
    """Ends the reading where a check fails."""
    if not holds:
        raise Wrong(check, what)

# Archive (section 2).

def opened(path):
    """The archive, if its list of files is that of the format."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        need(22 <= size <= 512 << 20, "archive", "not of the size of a dispatch")
        mark, disks, here, count, length, start, comment = struct.unpack("<4sIHHIIH", piece(file, size - 22, 22))
        need((mark, disks, here, count, comment) == (b"PK\5\6", 0, len(NAMES), len(NAMES), 0) and start + length + 22 == size,
             "archive", "not a ZIP of eight files without a comment")
        directory = piece(file, start, length)
        for place, name in enumerate(NAMES):
            fields = struct.unpack("<4s2x2xHH4x4x4x4xHHHH2x4xI", directory[:46].ljust(46, b"\0"))
            mark, flags, method, named, extra, comment, disk, at = fields
            head = piece(file, at, 30 + len(name)).ljust(30, b"\0")
            own = struct.unpack("<4s2xHH4x4x4x4xH2x", head[:30]) + (head[30:],)
            need((mark, named, directory[46:46 + named]) == (b"PK\1\2", len(name), name.encode()), "archive", f"file {place + 1} is not {name}")
            need(flags & ~0x080e == 0 and method in (0, 8) and comment == disk == 0, "archive", f"{name} is not deflated or stored")
            need(own == (b"PK\3\4", flags, method, len(name), name.encode()), "archive", f"{name} says something else of itself")
            need(place or at == 0, "archive", "bytes before the first file")
            directory = directory[46 + named + extra:]
        need(not directory, "archive", "bytes behind the last entry of the directory")
    # Which version of the format a reader should know is of no concern here.
    zipfile.MAX_EXTRACT_VERSION = 65_535
    return zipfile.ZipFile(path)

def piece(file, place, length):
    """Bytes of a file from a place on."""
    file.seek(place)
    return file.read(length)

def text_of(archive, name):
    """A small file as text."""
    most = MOST.get(name, 64 * 1024)
    with archive.open(name) as file:
        data = file.read(most + 1)
    need(len(data) <= most, "archive", f"{name} is too large")
    return data.decode("utf-8")

def lines_of(archive, name):
    """The lines of a file, each without its line feed."""
    total = 0
    with archive.open(name) as file:
        while line := file.readline(LONGEST_LINE + 2):
            total += len(line)
            need(total <= MOST[name], "archive", f"{name} is too large")
            need(line.endswith(b"\n") and len(line) <= LONGEST_LINE + 1, "archive", f"{name}: a line is too long or not ended")
            yield line[:-1].decode("utf-8")

# Canonical JSON over closed schemas (export-format.md, section 1).

def canonical(value):
    """RFC 8785 over values without floats and with keys of the basic plane."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

def no_float(text):
    """Refuses a number with a fraction or an exponent."""
    raise ValueError(f"{text} is not an integer")

def read(text, schema):
    """A canonical text of a schema; ValueError where it is none."""
    try:
        value = json.loads(text, parse_float=no_float, parse_constant=no_float)
    except RecursionError:
        raise ValueError("nested too deeply")
    if canonical(value) != text:
        raise ValueError("not in canonical form")
    if not fits(value, schema):
        raise ValueError("not the expected fields and types")
    return value

def fits(value, schema):
    """Whether a value is of a schema: an object of named members, a list of one, or what a function says."""
    if isinstance(schema, dict):
        return (isinstance(value, dict) and value.keys() == schema.keys()
                and all(fits(value[name], member) for name, member in schema.items()))
    if isinstance(schema, list):
        return isinstance(value, list) and all(fits(item, schema[0]) for item in value)
    return schema(value)

def text(value):
    """Any string."""
    return isinstance(value, str)

def like(pattern):
    """A string of a pattern."""
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None

def one_of(*codes):
    """One of some strings."""
    return lambda value: isinstance(value, str) and value in codes

def maybe(schema):
    """Null or what the schema says."""
    return lambda value: value is None or fits(value, schema)

def whole(low, high):
    """An integer between two bounds, both inclusive."""
    return lambda value: type(value) is int and low <= value <= high

def a_date(value):
    """A date of the calendar."""
    try:
        return like(r"\d{4}-\d\d-\d\d")(value) and bool(date.fromisoformat(value))
    except ValueError:
        return False

def an_instant(value):
    """A moment in UTC with milliseconds."""
    try:
        return like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")(value) and bool(datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ"))
    except ValueError:
        return False

def a_unit(value):
    """`<agency>/<date>/<pseudonym>/<slot>`."""
    parts = value.split("/") if isinstance(value, str) else []
    return len(parts) == 4 and AGENCY(parts[0]) and a_date(parts[1]) and like("[0-9A-Za-z_-]{1,64}")(parts[2]) and SLOT(parts[3])

COUNT = whole(0, 2**53 - 1)
HEX = like("[0-9a-f]{64}")
UUID = like("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
AGENCY = like("[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
SLOT = one_of("morning", "midday", "afternoon")
PLACES = ("inside", "outside", "probable", "uncertain", "unusable", "unverifiable")
STATES = ("excused", "missed", "not_required", "open", "received")
HEADER = {"agency": AGENCY, "batch_id": UUID, "format": text, "manifest_sha256": HEX, "openings_key": text, "rows_secret": HEX}
MANIFEST = {
    "agency": AGENCY, "agency_name": text, "batch_id": UUID, "format": text, "from": a_date, "kind": one_of("slot", "day", "period"),
    "counts": {**dict.fromkeys(("employees", "expected", "rows", "unexpected") + STATES, COUNT), "places": dict.fromkeys(PLACES, COUNT)},
    "files": [{"bytes": COUNT, "name": text, "rows": COUNT, "sha256": HEX}], "prepared_by": maybe(text), "sealed_at": an_instant,
    "slot": maybe(SLOT), "supersedes": maybe({"batch_id": UUID, "manifest_sha256": HEX}), "to": a_date, "version": whole(0, 2**32 - 1)}
SUBMISSION = {"approved_by": maybe(text), "batch_id": UUID, "format": text, "manifest_sha256": HEX, "submitted_at": an_instant,
              "submitted_by": text}
ROW = {
    "agency": AGENCY, "captured_at": maybe(an_instant), "channel": maybe(text), "check_in_id": maybe(UUID), "commitment": maybe(HEX),
    "distance_class": maybe(one_of("under_100_m", "100_200_m", "200_500_m", "500_1000_m", "1_5_km", "5_20_km", "over_20_km")),
    "employee_number": text, "expected": lambda value: isinstance(value, bool), "flags": [text],
    "mode": one_of("wfo", "wfh", "wfa", "picket", "duty_travel", "leave", "sick", "training", "off"), "place": maybe(one_of(*PLACES)),
    "slot": SLOT, "state": one_of(*STATES), "time": maybe(one_of("on_time", "late", "outside_window", "backfilled")), "unit_id": a_unit,
    "work_date": a_date, "work_group": one_of("public_service", "administration", "educator")}
CELL = {"cell": {"south": whole(-9_000, 9_000), "west": whole(-18_000, 18_000)}, "check_ins": COUNT, "place": one_of(*PLACES), "slot": SLOT,
        "work_date": a_date}
OPENING = {
    "opening": {"accuracy_millimetres": maybe(whole(0, 2**32 - 1)), "captured_at": an_instant, "check_in_id": UUID,
                "position": {"latitude_e7": whole(-900_000_000, 900_000_000), "longitude_e7": whole(-1_800_000_000, 1_800_000_000)},
                "unit": a_unit},
    "salt": HEX}
SEALED = {"sealed": maybe(lambda value: isinstance(value, str) and 49 <= len(b64(value)) <= 2_048), "unit": a_unit}
ENTRY = {
    "at": an_instant, "c": lambda value: value is None, "kind": one_of("batch_sealed"), "subject": like("batch/.*"), "v": whole(1, 1),
    "facts": {"agency": AGENCY, "from": a_date, "manifest_sha256": HEX, "rows": COUNT, "rows_root": HEX, "to": a_date, "version": COUNT}}

# Trees, notes and proofs (log-format.md).

def sha(data):
    """SHA-256."""
    return hashlib.sha256(data).digest()

def node(left, right):
    """The hash over two subtrees."""
    return sha(b"\1" + left + right)

def root_of(stack):
    """The root over whole subtrees, the largest first."""
    root = None
    for _, hash_ in reversed(stack):
        root = hash_ if root is None else node(hash_, root)
    return sha(b"") if root is None else root

def append(stack, leaf):
    """Adds a leaf to whole subtrees, each (height, hash)."""
    height, hash_ = 0, sha(b"\0" + leaf)
    while stack and stack[-1][0] == height:
        height, hash_ = height + 1, node(stack.pop()[1], hash_)
    stack.append((height, hash_))

def included(leaf, index, size, hashes):
    """The root to which a leaf leads (RFC 9162, section 2.1.3.2); none where the proof does not fit."""
    if index >= size:
        return None
    first, last, hash_ = index, size - 1, sha(b"\0" + leaf)
    for beside in hashes:
        if last == 0:
            return None
        if first & 1 or first == last:
            hash_ = node(beside, hash_)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            hash_ = node(hash_, beside)
        first, last = first >> 1, last >> 1
    return hash_ if last == 0 else None

def goes_on(old, old_root, new, new_root, hashes):
    """Whether a tree goes on from an earlier one (RFC 9162, section 2.1.4.2; log-format.md, section 2)."""
    if old in (0, new):
        return not hashes and (old == 0 or old_root == new_root) and (new > 0 or new_root == sha(b""))
    if not hashes or old > new:
        return False
    path = list(hashes) if old & (old - 1) else [old_root] + list(hashes)
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    before = after = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node(beside, before), node(beside, after)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            after = node(after, beside)
        first, last = first >> 1, last >> 1
    return last == 0 and (before, after) == (old_root, new_root)

def b64(value, length=None):
    """Base64 in its one spelling."""
    data = base64.b64decode(value, validate=True)
    if base64.b64encode(data).decode() != value or length not in (None, len(data)):
        raise ValueError("not base64 of the right length")
    return data

def number(value):
    """A decimal number below 2^63 without leading zeros."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", value) or int(value) >= 2**63:
        raise ValueError("not a plain number")
    return int(value)

def is_name(value):
    """Whether a key may bear a name."""
    return 0 < len(value.encode()) <= 255 and not re.search("[\\s+\0-\x1f\x7f\x85]", value)

class Key:
    """A key by its text: name, id, and base64 of the type and 32 bytes."""

    def __init__(self, value, kind):
        self.text = value
        self.name, self.id, encoded = value.split("+", 2)
        data = b64(encoded, 33)
        if data[0] != kind or sha(f"{self.name}\n".encode() + data)[:4].hex() != self.id:
            raise ValueError(f"{value}: not such a key, or its id is not its own")
        self.public = Ed25519PublicKey.from_public_bytes(data[1:])

    def has_signed(self, message, signature):
        """Whether this is the key's signature."""
        try:
            self.public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

class Note:
    """A signed checkpoint: nothing of it is to be believed before `is_signed_by`."""

    def __init__(self, value):
        at = value.rfind("\n\n") + 1
        self.text, rest = value[:at], value[at + 1:]
        rows = self.text.split("\n")
        lines = rest[:-1].split("\n")
        if len(value.encode()) > MOST_NOTE or re.search("[\0-\x09\x0b-\x1f]", self.text) or len(rows) < 4 or "" in rows[:-1]:
            raise ValueError("not a checkpoint")
        if not at or not rest.endswith("\n") or len(lines) > 64:
            raise ValueError("not a note")
        self.origin, self.size, self.root = rows[0], number(rows[1]), b64(rows[2], 32)
        self.lines = [self.line(line) for line in lines]

    @staticmethod
    def line(value):
        """Name, id and signature of a line."""
        match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", value)
        if not match or not is_name(match[1]):
            raise ValueError("not a signature line")
        data = b64(match[2])
        if len(data) < 5:
            raise ValueError("not a signature line")
        return match[1], data[:4].hex(), data[4:]

    def of(self, key):
        """What the lines of a key say."""
        return [signature for name, id_, signature in self.lines if (name, id_) == (key.name, key.id)]

    def is_signed_by(self, key):
        """Whether a log's key has signed, and every line of it is right."""
        said = self.of(key)
        return bool(said) and all(key.has_signed(self.text.encode(), signature) for signature in said)

    def seen_by(self, key):
        """When a witness has seen the checkpoint, in Unix seconds; none where it has not."""
        times = []
        for said in self.of(key):
            at = int.from_bytes(said[:8], "big")
            message = f"cosignature/v1\ntime {at}\n{self.text}".encode()
            if len(said) != 72 or not 0 < at < 2**63 or not key.has_signed(message, said[8:]):
                return None
            times.append(at)
        return max(times, default=None)

def head_of(value):
    """The lines before the first empty one, and the note behind it."""
    head, parted, note = value.partition("\n\n")
    if not parted:
        raise ValueError("no empty line")
    return head.split("\n"), Note(note)

def hashes_of(lines):
    """Up to 63 hashes, one a line."""
    if len(lines) > 63:
        raise ValueError("more than 63 hashes")
    return [b64(line, 32) for line in lines]

def proof_of(value):
    """Entry, index, hashes and checkpoint of a proof (section 8)."""
    (first, *lines), note = head_of(value)
    if first != "c2sp.org/tlog-proof@v1" or not lines:
        raise ValueError("not a proof")
    extra = b64(lines.pop(0)[6:]) if lines[0].startswith("extra ") else b""
    if len(extra) > 65_536 or not lines or not lines[0].startswith("index "):
        raise ValueError("not a proof")
    return extra, number(lines[0][6:]), hashes_of(lines[1:]), note

def request_of(value):
    """Old size, hashes and checkpoint of a request (section 9)."""
    (first, *lines), note = head_of(value)
    if not first.startswith("old "):
        raise ValueError("not a request")
    return number(first[4:]), hashes_of(lines), note

# HPKE (RFC 9180): base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

KEM = b"KEM\0\x20"
SUITE = b"HPKE\0\x20\0\1\0\2"

def mac(key, *pieces):
    """HMAC-SHA256 of pieces that follow each other."""
    return hmac.new(key, b"".join(pieces), hashlib.sha256).digest()

def extract(suite, salt, label, secret):
    """LabeledExtract of section 4."""
    return mac(salt, b"HPKE-v1", suite, label, secret)

def expand(suite, key, label, info, length):
    """LabeledExpand of section 4, of up to 32 bytes."""
    return mac(key, length.to_bytes(2, "big"), b"HPKE-v1", suite, label, info, b"\1")[:length]

def unsealed(secret, seal, unit):
    """The text of a seal for one unit."""
    encapsulated, ciphertext = seal[:32], seal[32:]
    own = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = secret.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    shared = expand(KEM, extract(KEM, b"", b"eae_prk", shared), b"shared_secret", encapsulated + own, 32)
    context = b"\0" + extract(SUITE, b"", b"psk_id_hash", b"") + extract(SUITE, b"", b"info_hash", PURPOSE)
    secret = extract(SUITE, shared, b"secret", b"")
    key, nonce = expand(SUITE, secret, b"key", context, 32), expand(SUITE, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, unit.encode())

# The dispatch.

class Reading:
    """Everything that the checks hold against each other."""

    def __init__(self, archive, given):
        self.archive, self.given = archive, given
        self.committed, self.seals, self.tree = {}, {}, []

    def papers(self):
        """The three small documents, of one batch."""
        head, said, sent = [text_of(self.archive, name) for name in ("dispatch.json", "manifest.json", "submission.json")]
        try:
            self.header = header = read(head, HEADER)
        except ValueError as error:
            raise Wrong("format", f"dispatch.json: {error}")
        need(header["format"] == FORMAT, "format", f"dispatch.json is not of {FORMAT}")
        yield "format"
        try:
            self.manifest = manifest = read(said, MANIFEST)
            submission = read(sent, SUBMISSION)
        except ValueError as error:
            raise Wrong("manifest", str(error))
        days = (date.fromisoformat(manifest["to"]) - date.fromisoformat(manifest["from"])).days
        kind = "slot" if manifest["slot"] else "period" if days else "day"
        need(manifest["format"] == submission["format"] == BATCH_FORMAT, "manifest", f"the batch is not of {BATCH_FORMAT}")
        is_coherent = (manifest["kind"] == kind and 0 <= days < 92 and not (manifest["slot"] and days)
                       and manifest["version"] >= 1 and (manifest["version"] == 1) == (manifest["supersedes"] is None)
                       and [file["name"] for file in manifest["files"]] == ["rows.ndjson", "cells.ndjson"])
        need(is_coherent, "manifest", "the manifest contradicts itself")
        digest = sha(said.encode()).hex()
        need((manifest["agency"], manifest["batch_id"], digest) == tuple(header[name] for name in ("agency", "batch_id", "manifest_sha256")),
             "manifest", "dispatch.json is about another manifest")
        is_sent = (submission["batch_id"], submission["manifest_sha256"]) == (manifest["batch_id"], digest)
        need(is_sent and submission["submitted_at"] >= manifest["sealed_at"], "manifest", "submission.json is about another manifest")
        yield "manifest"
        need(self.given.agency_key.name.endswith(f"/agency/{header['agency']}"), "agency", "the key is another agency's")
        yield "agency"

    def rows(self):
        """Rows and cells are those of the manifest; the tree over the rows grows."""
        manifest = self.manifest
        counts = dict.fromkeys(("rows", "expected", "unexpected") + STATES, 0) | {"places": dict.fromkeys(PLACES, 0)}
        numbers, last, files = set(), b"", []
        for name, schema in (("rows.ndjson", ROW), ("cells.ndjson", CELL)):
            digest, size, place = hashlib.sha256(), 0, 0
            for place, line in enumerate(lines_of(self.archive, name), 1):
                data = line.encode()
                digest.update(data + b"\n")
                size += len(data) + 1
                try:
                    value = read(line, schema)
                except ValueError as error:
                    self.fault(f"{name}, line {place}: {error}")
                    continue
                if not manifest["from"] <= value["work_date"] <= manifest["to"] or manifest["slot"] not in (None, value["slot"]):
                    self.fault(f"{name}, line {place}: not covered")
                if name == "rows.ndjson":
                    last = self.row(value, data, last, place)
                    numbers.add(value["employee_number"])
                    tally(counts, value)
            files.append({"bytes": size, "name": name, "rows": place, "sha256": digest.hexdigest()})
        if files != manifest["files"] or counts | {"employees": len(numbers)} != manifest["counts"]:
            self.fault("the files or their counts are not those of the manifest")
        need(not self.faults, "rows", self.faults and self.faults[0])
        yield "rows"

    faults: list = []

    def fault(self, what):
        """Notes what is wrong with the rows: the archive is read to its end first."""
        self.faults = self.faults or [what]

    def row(self, row, data, last, place):
        """One row: its unit, its order, and its leaf."""
        unit = row["unit_id"]
        agency, day, _, slot = unit.split("/")
        if (agency, day, slot) != (row["agency"], row["work_date"], row["slot"]) or agency != self.manifest["agency"]:
            self.fault(f"rows.ndjson, line {place}: the unit is not that of its row")
        if unit.encode() <= last:
            self.fault(f"rows.ndjson, line {place}: the units do not rise")
        if row["commitment"]:
            self.committed[unit] = row
        salt = mac(bytes.fromhex(self.header["rows_secret"]), f"sherlok-batch/1 row\n{unit}\n".encode())
        append(self.tree, canonical({"c": mac(salt, data).hex(), "unit": unit, "v": 1}).encode())
        return unit.encode()

    def openings(self):
        """A seal or null for each row with a commitment, to the receiver's key."""
        units, amiss = [], None
        for place, line in enumerate(lines_of(self.archive, "openings.ndjson"), 1):
            try:
                value = read(line, SEALED)
            except ValueError as error:
                amiss = amiss or f"line {place}: {error}"
                continue
            units.append(value["unit"])
            self.seals[value["unit"]] = value["sealed"]
        need(not amiss, "openings", f"openings.ndjson, {amiss}")
        need(units == list(self.committed), "openings", "not the units of the rows with a commitment, in their order")
        need(self.header["openings_key"] == self.given.openings_key, "openings", "sealed to another key")
        yield "openings"

    def log(self):
        """The agency's log says the batch and goes on from what was cosigned."""
        proof, request = text_of(self.archive, "batch.tlog-proof"), text_of(self.archive, "add-checkpoint")
        try:
            self.entry, index, hashes, under = proof_of(proof)
            entry = read(self.entry.decode("utf-8"), ENTRY)
        except ValueError as error:
            raise Wrong("entry", str(error))
        manifest, key = self.manifest, self.given.agency_key
        said = {name: manifest[name] for name in ("agency", "from", "to", "version")}
        said |= {"manifest_sha256": self.header["manifest_sha256"], "rows": manifest["counts"]["rows"],
                 "rows_root": entry["facts"]["rows_root"]}
        need(entry["subject"] == f"batch/{manifest['batch_id']}" and entry["facts"] == said, "entry", "about another batch")
        yield "entry"
        need(root_of(self.tree).hex() == entry["facts"]["rows_root"], "row_root", "the rows have another root")
        yield "row_root"
        try:
            old, growth, note = request_of(request)
        except ValueError as error:
            raise Wrong("checkpoint", str(error))
        need(note.origin == key.name, "checkpoint", "of another log")
        need((under.text, under.lines) == (note.text, note.lines), "checkpoint", "the proof has another one")
        need(note.is_signed_by(key), "checkpoint", "not signed by the registered key")
        yield "checkpoint"
        last = self.given.last
        seen, seen_root = (last.size, last.root) if last else (0, sha(b""))
        is_forked = last and (last.origin, seen) == (note.origin, note.size) and seen_root != note.root and last.is_signed_by(key)
        need(not is_forked, "fork", f"two roots of {note.size} entries")
        yield "fork"
        need(included(self.entry, index, note.size, hashes) == note.root, "inclusion", "the entry is not where the proof says")
        yield "inclusion"
        need(old == seen and goes_on(old, seen_root, note.size, note.root, growth), "consistency", f"{seen} entries were cosigned last")
        self.place, self.note = (index, hashes), note
        yield "consistency"

    def opened(self):
        """Every seal opens to what its row has committed to."""
        secret = X25519PrivateKey.from_private_bytes(self.given.openings_secret)
        for unit, seal in self.seals.items():
            row = self.committed[unit]
            try:
                released = seal and read(unsealed(secret, b64(seal), unit).decode("utf-8"), OPENING)
            except (InvalidTag, ValueError) as error:
                raise Wrong("opened", f"{unit}: {error or 'not sealed to this key for this unit'}")
            if released:
                opening = released["opening"]
                is_row = (opening["unit"], opening["check_in_id"]) == (unit, row["check_in_id"])
                commitment = mac(bytes.fromhex(released["salt"]), canonical(opening).encode()).hex()
                need(is_row and commitment == row["commitment"], "opened", f"{unit}: not what the row has committed to")
        number_of = sum(seal is not None for seal in self.seals.values())
        yield f"opened: {number_of} of {len(self.seals)}"

    def receipt(self):
        """What came back is the same proof with the witness's line (section 4)."""
        try:
            entry, index, hashes, note = proof_of(self.given.receipt)
        except ValueError as error:
            raise Wrong("receipt", str(error))
        need((entry, index, hashes, note.text) == (self.entry, *self.place, self.note.text), "receipt", "of another dispatch")
        at = note.seen_by(self.given.witness_key)
        need(note.is_signed_by(self.given.agency_key) and at, "receipt", "not signed by the log and the witness")
        yield f"receipt: seen {at}"

def tally(counts, row):
    """Counts a row as section 3 of export-format.md does."""
    counts["rows"] += 1
    counts["expected"] += row["expected"]
    counts[row["state"]] += 1
    counts["unexpected"] += row["state"] == "received" and not row["expected"]
    if row["place"]:
        counts["places"][row["place"]] += 1

def main():
    """Reads what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dispatch")
    parser.add_argument("--agency-key", required=True, type=lambda value: Key(value, 1))
    parser.add_argument("--openings-key", required=True)
    parser.add_argument("--last", type=lambda path: Note(open(path, encoding="utf-8", newline="").read()))
    parser.add_argument("--openings-secret", type=bytes.fromhex)
    parser.add_argument("--receipt", type=lambda path: open(path, encoding="utf-8", newline="").read())
    parser.add_argument("--witness-key", type=lambda value: Key(value, 4))
    given = parser.parse_args()
    try:
        reading = Reading(opened(given.dispatch), given)
        steps = [iter(["archive"]), reading.papers(), reading.rows(), reading.openings(), reading.log()]
        steps += [reading.opened()] if given.openings_secret else []
        steps += [reading.receipt()] if given.receipt and given.witness_key else []
        for step in steps:
            for done in step:
                print(f"ok    {done}")
    except Wrong as wrong:
        print(f"WRONG {wrong.args[0]}: {wrong.args[1]}")
        sys.exit(1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, RuntimeError, OSError) as error:
        print(f"WRONG archive: {error}")
        sys.exit(1)

if __name__ == "__main__":
    main()
