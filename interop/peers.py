"""What PyPI's `stix2`, `stix2-validator` and `stix2-matcher` do per second, for `make bench`."""

import json
import logging
import sys
import time

logging.disable(logging.CRITICAL)


def rate(work, things, least=2.0):
    """Things done per second, in whole rounds of at least so many seconds."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < least:
        for thing in things:
            work(thing)
        done += len(things)
    return done / (time.perf_counter() - start)


def objects(given):
    import stix2
    from stix2validator import ValidationOptions
    from stix2validator.validator import validate_instance

    options = ValidationOptions(version="2.1")
    return {
        "stix2": rate(lambda one: stix2.parse(one, allow_custom=True), given),
        "validator": rate(lambda one: validate_instance(json.loads(one), options), given),
    }


def patterns(given):
    from stix2matcher.matcher import Pattern

    bundle = [{"type": "bundle", "id": "bundle--1", "objects": given["objects"]}]
    compiled = [Pattern(text, "2.1") for text in given["patterns"]]
    met = [bool(one.match(bundle)) for one in compiled]
    return {"met": met, "matcher": rate(lambda one: one.match(bundle), compiled)}


with open(sys.argv[2], encoding="utf-8") as file:
    print(json.dumps({"objects": objects, "patterns": patterns}[sys.argv[1]](json.load(file))))
