#!/usr/bin/env python3
"""Prints random seeds and ids with the tickets that PyPI consistent_sampler gives them, a JSON array a line.

Usage: random_tickets.py COUNT START. The same START gives the same seeds and ids. Letters of one to four bytes, controls,
spaces, combining marks and ids like those of units; empty texts too.
"""
import json, random, sys

from consistent_sampler.consistent_sampler import first_ticket

RANGES = [(0x20, 0x7E), (0x20, 0x7E), (0x00, 0x1F), (0xA0, 0x24F), (0x300, 0x36F), (0x2000, 0x206F), (0x3040, 0x9FFF),
          (0xE000, 0xFFFD), (0x1F300, 0x1FAFF), (0x10000, 0x10FFFF)]


def text(chance):
    letters = []
    for _ in range(chance.randrange(40)):
        low, high = chance.choice(RANGES)
        letters.append(chr(chance.randint(low, high)))
    return "".join(letters)


def seed_of(chance):
    return "".join(chance.choice("0123456789") for _ in range(chance.randrange(1, 40))) if chance.random() < 0.5 else text(chance)


def id_of(chance):
    if chance.random() < 0.5:
        return text(chance)
    day = f"{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    slot = chance.choice(["morning", "midday", "afternoon"])
    return f"1.{chance.randrange(1, 99):02}/2026-{day}/{chance.getrandbits(80):020x}/{slot}"


count, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]))
for _ in range(count):
    seed, unit = seed_of(chance), id_of(chance)
    print(json.dumps([seed, unit, first_ticket(unit, seed).ticket_number]))
