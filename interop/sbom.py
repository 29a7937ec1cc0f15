"""Holds a bill of materials against CycloneDX's schema, by CycloneDX's own library, and looks whether it is whole."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text()
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if wrong is not None:
    sys.exit(f"{sys.argv[1]}: {wrong}")
bill = json.loads(text)
parts = bill["components"]
named = {part["bom-ref"] for part in parts} | {bill["metadata"]["component"]["bom-ref"]}
for one in bill["dependencies"]:
    for ref in [one["ref"], *one["dependsOn"]]:
        if ref not in named:
            sys.exit(f"{ref} is rested on, and is no component")
# Everything but our own crates has the sum that cargo checked.
without = [part["name"] for part in parts if "hashes" not in part and not part["name"].startswith("forewarn-")]
if without or any("licenses" not in part for part in parts):
    sys.exit(f"without a sum: {without}")
# An altered bill is refused: so the schema was looked at.
if JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.replace('"type": "library"', '"type": "thing"', 1)) is None:
    sys.exit("a wrong bill is let through")
print(f"sbom: {len(parts)} components fit CycloneDX 1.6")
