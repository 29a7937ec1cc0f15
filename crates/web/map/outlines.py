#!/usr/bin/env python3
"""Writes the outlines of land and the borders of countries, for `desk/outlines.rs` to draw.

usage: outlines.py OUT.bin CACHE   (downloads into CACHE: world-atlas from npm, whose shapes are Natural Earth's)

The file: `FWM1`, then lines until its end. A line: a byte, 0 for a ring of land and 1 for a border, the number of its points,
and for each the steps in longitude and latitude from the one before, in hundredths of a degree; numbers are varints
(LEB128), steps zigzag. The first steps are from 0, 0.
"""
import glob
import json
import os
import subprocess
import sys

SHAPES = "countries-50m.json"


def fetch(cache):
    os.makedirs(cache, exist_ok=True)
    if not glob.glob(cache + "/world-atlas-*.tgz"):
        subprocess.run(["npm", "pack", "--silent", "world-atlas@2.0.2"], cwd=cache, check=True)
    subprocess.run(["tar", "xzf", glob.glob(cache + "/world-atlas-*.tgz")[0], "-C", cache], check=True)


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def written(kind, points):
    """Points on the grid; those that follow each other at one place are one."""
    grid = []
    for longitude, latitude in points:
        point = (round(longitude * 100), round(latitude * 100))
        if not grid or grid[-1] != point:
            grid.append(point)
    if len(grid) < (4 if kind == 0 else 2):
        return b""
    out, last = bytearray([kind]) + varint(len(grid)), (0, 0)
    for point in grid:
        for step in (point[0] - last[0], point[1] - last[1]):
            out += varint(step << 1 if step >= 0 else (-step << 1) - 1)
        last = point
    return bytes(out)


def main():
    out_path, cache = sys.argv[1:3]
    fetch(cache)
    shapes = json.load(open(f"{cache}/package/{SHAPES}"))
    scale, shift = shapes["transform"]["scale"], shapes["transform"]["translate"]
    arcs = []
    for arc in shapes["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        arcs.append(points)

    def ring(numbers):
        points = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points.extend(arc[1:] if points else arc)
        return points

    out, used = bytearray(b"FWM1"), {}
    for polygon in shapes["objects"]["land"]["geometries"][0]["arcs"]:
        for numbers in polygon:
            out += written(0, ring(numbers))
    for country in shapes["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for numbers in (numbers for polygon in polygons for numbers in polygon):
            for number in numbers:
                used.setdefault(number if number >= 0 else ~number, set()).add(id(country))
    for number, countries in sorted(used.items()):
        if len(countries) > 1:
            out += written(1, arcs[number])
    with open(out_path, "wb") as file:
        file.write(out)
    print(len(out), "bytes")


if __name__ == "__main__":
    main()
