#!/usr/bin/env python3
"""Checks a batch ZIP as api-spec/export-format.md tells, with nothing but the standard library.

Shares no code with the service. Prints one line a check; exit code 1 if any fails.
"""
import hashlib
import json
import sys
import zipfile

FORMAT = "sherlok-batch/1"
STATES = ("received", "missed", "open", "excused", "not_required")
PLACES = ("inside", "probable", "uncertain", "unverifiable", "unusable", "outside")
MAX_INTEGER = 2**53 - 1


def no_doubles(pairs):
    """Refuses an object that has a key twice."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def no_floats(text):
    """Refuses a number with a fraction or an exponent."""
    raise ValueError(f"{text} is not an integer")


def canonical(value):
    """RFC 8785 over a schema without floats and with keys of the basic plane."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text):
    """Reads a text that must be in canonical form."""
    value = json.loads(text, object_pairs_hook=no_doubles, parse_float=no_floats, parse_constant=no_floats)
    if canonical(value) != text:
        raise ValueError("not in canonical form")
    return value


def lines(archive, name):
    """Yields the lines of a file, hashing as it goes; the last item is (bytes, digest)."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        for line in file:
            digest.update(line)
            size += len(line)
            if not line.endswith(b"\n"):
                raise ValueError(f"{name} does not end with a line feed")
            yield line[:-1].decode("utf-8")
    yield size, digest.hexdigest()


def check(path, say):
    """Goes through the archive; say(what, is_right) is told each check."""
    archive = zipfile.ZipFile(path)
    say("the archive is whole", archive.testzip() is None)
    text = archive.read("manifest.json").decode("utf-8")
    manifest = read(text)
    say("the manifest is of a known format", manifest["format"] == FORMAT)
    say("nothing but the listed files is in the archive",
        [name for name in archive.namelist() if name != "submission.json"]
        == ["manifest.json"] + [file["name"] for file in manifest["files"]])
    entries = {file["name"]: file for file in manifest["files"]}
    counts = dict.fromkeys(("rows", "expected", "unexpected") + STATES, 0)
    counts["places"] = dict.fromkeys(PLACES, 0)
    numbers, last, in_order, agreeing, covered = set(), "", True, True, True
    cell_rows = 0
    for name in ("rows.ndjson", "cells.ndjson"):
        for line in lines(archive, name):
            if isinstance(line, tuple):
                entry = entries[name]
                say(f"{name} has the size and digest of the manifest", (entry["bytes"], entry["sha256"]) == line)
                continue
            row = read(line)
            covered &= manifest["from"] <= row["work_date"] <= manifest["to"]
            covered &= manifest["slot"] in (None, row["slot"])
            if name == "cells.ndjson":
                cell_rows += 1
                continue
            in_order &= last.encode() < row["unit_id"].encode()
            last = row["unit_id"]
            agency, date, _, slot = row["unit_id"].split("/")
            agreeing &= (agency, date, slot) == (row["agency"], row["work_date"], row["slot"])
            agreeing &= row["agency"] == manifest["agency"]
            numbers.add(row["employee_number"])
            counts["rows"] += 1
            counts["expected"] += row["expected"]
            counts[row["state"]] += 1
            counts["unexpected"] += row["state"] == "received" and not row["expected"]
            if row["place"] is not None:
                counts["places"][row["place"]] += 1
    counts["employees"] = len(numbers)
    say("rows rise by unit, none twice", in_order)
    say("units agree with their rows", agreeing)
    say("rows and cells are of the covered dates and slot", covered)
    say("counts are those of the rows", counts == manifest["counts"])
    say("line counts are those of the files",
        (entries["rows.ndjson"]["rows"], entries["cells.ndjson"]["rows"]) == (counts["rows"], cell_rows))
    if "submission.json" in archive.namelist():
        submission = read(archive.read("submission.json").decode("utf-8"))
        say("the sending names this manifest",
            submission["manifest_sha256"] == hashlib.sha256(text.encode()).hexdigest())
        say("nobody approved their own batch",
            submission["approved_by"] is None or submission["approved_by"] != manifest["prepared_by"])


def main():
    """Runs the check over the file named on the command line."""
    failed = []

    def say(what, is_right):
        print(("ok   " if is_right else "FAIL ") + what)
        if not is_right:
            failed.append(what)

    try:
        check(sys.argv[1], say)
    except (KeyError, ValueError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        say(f"readable: {error}", False)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
