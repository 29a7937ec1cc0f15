"""PyPI `stix2-validator` judges what our tests make: every type, each rule of each property broken once.

Run by `make interop` with the cases as JSON lines. Where the two judge otherwise, the rule must be one of
those that docs/conformance.md explains.
"""

import collections
import json
import logging
import sys

from stix2validator import ValidationOptions
from stix2validator.validator import validate_instance

logging.disable(logging.CRITICAL)

# Rules that we hold an object to and the validator does not, or not everywhere.
STRICTER = {
    "reference-type", "identifier", "hex", "range", "required-property", "forbidden-property", "property-type",
    "dictionary-key", "enum", "nested-bundle", "no-observable", "granular-marking", "property-name",
    "extension-name", "extension-type", "tlp-definition", "language-contents", "empty-dictionary",
}
# It stops with an internal error at much that is of a wrong type, and, though that is right, at the
# deprecated container without ids.
UNJUDGED = "KeyError('id')"

options = ValidationOptions(version="2.1")
alike, stricter, unjudged, wrong = 0, collections.Counter(), 0, []
for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    try:
        theirs = validate_instance(case["object"], options).is_valid
    except Exception as error:  # its own failure, not a judgement
        unjudged += 1
        if not case["errors"] and repr(error) != UNJUDGED:
            wrong.append((repr(error), case))
        continue
    if theirs == (not case["errors"]):
        alike += 1
    elif theirs and set(case["errors"]) <= STRICTER:
        stricter[case["errors"][0]] += 1
    else:
        wrong.append((theirs, case))
print(f"{alike} objects judged alike; {unjudged} it cannot judge; stricter here: {dict(stricter)}")
for why, case in wrong[:20]:
    print("WRONG", why, json.dumps(case)[:300])
sys.exit(bool(wrong))
