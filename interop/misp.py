"""MISP converted by us and by misp-stix, record by record.

For every type of attribute and every template of objects that pymisp knows, and for the events in
folders that are named, both make STIX 2.1 of the same event. What each says of a record is put into
facts, and the facts are compared. A fact that only one of them says must have its reason in
misp-differences.json; one without is unexplained, and fails the run.

Then the way back: pymisp loads the events that we write of our own and of misp-stix's bundles, and
stix2 parses every bundle that we write.

    misp.py FOREWARN [FOLDER…]
"""

import collections
import copy
import json
import logging
import pathlib
import re
import subprocess
import sys
import uuid

logging.disable(logging.CRITICAL)

import pymisp
import stix2
from misp_stix_converter import MISPtoSTIX21Parser
from pymisp.abstract import describe_types

HERE = pathlib.Path(__file__).parent
NAMESPACE = uuid.UUID("1f2d1f0e-7b1f-4a8e-9a52-6c0a6f0a3b11")
HASHES = {
    "md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128,
    "sha512/224": 56, "sha512/256": 64, "sha3-224": 56, "sha3-256": 64, "sha3-384": 96,
    "sha3-512": 128, "imphash": 32, "authentihash": 64, "pehash": 40,
}
SAMPLES = {
    "AS": "AS64500", "domain": "evil.example", "hostname": "host.evil.example", "domain|ip": "evil.example|192.0.2.1",
    "ip-src": "192.0.2.2", "ip-dst": "2001:db8::3", "ip-src|port": "192.0.2.4|1024", "ip-dst|port": "192.0.2.5|443",
    "hostname|port": "host.evil.example|8080", "email": "a@evil.example", "email-src": "b@evil.example",
    "email-dst": "c@evil.example", "email-reply-to": "d@evil.example", "target-email": "e@victim.example",
    "whois-registrant-email": "f@evil.example", "dns-soa-email": "g@evil.example", "eppn": "h@evil.example",
    "jabber-id": "i@evil.example", "mac-address": "12:34:56:78:90:ab", "mac-eui-64": "12:34:56:ff:fe:78:90:ab",
    "url": "https://evil.example/a", "uri": "https://evil.example/b", "link": "https://news.example/c",
    "regkey": "HKEY_LOCAL_MACHINE\\Software\\A", "regkey|value": "HKEY_LOCAL_MACHINE\\Software\\A|v", "port": "443",
    "size-in-bytes": "1234", "vulnerability": "CVE-2020-12345", "weakness": "CWE-25", "http-method": "POST",
    "ssdeep": "96:s4Ud1Lj96tHHlZDrwciQmA+4uy1I0G4HYuL8N3TzS8QsO/wqWXLcMSx:sF1LjEtHHlZDrJzrhuyZvHYm8tKp/RWO",
    "tlsh": "b" * 70, "vhash": "115056655d15151138z66hz1021z55z66z3", "telfhash": "t1" + "a" * 70,
    "impfuzzy": "48:aa:bb", "cdhash": "a" * 40, "x509-fingerprint-md5": "a" * 32, "x509-fingerprint-sha1": "b" * 40,
    "x509-fingerprint-sha256": "c" * 64, "datetime": "2020-10-25T16:22:00Z", "boolean": "1", "counter": "3",
    "float": "1.5", "integer": "5", "hex": "AF", "stix2-pattern": "[domain-name:value = 'evil.example']",
    "cpe": "cpe:2.3:a:vendor:product:1:*:*:*:*:*:*:*", "git-commit-id": "a" * 40, "btc": "1E38kt7ryhbRXUzbam6iQ6sd93VHUUdjEE",
    "onion-address": "expyuzz4wqqyqhjn.onion", "iban": "LU1234567890ABCDEF1234567890", "ja3-fingerprint-md5": "a" * 32,
    "hassh-md5": "a" * 32, "hasshserver-md5": "a" * 32, "jarm-fingerprint": "a" * 62, "favicon-mmh3": "1234",
    "community-id": "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "phone-number": "+3521234", "whois-registrant-phone": "+3521234",
    "dash": "Xk1", "xmr": "4Ak1", "aba-rtn": "021000021", "bin": "123456", "prtn": "1234", "cc-number": "4111111111111111",
    "bic": "CTBKLUPP", "bank-account-nr": "1234567890", "dom-hash": "a" * 32, "ssh-fingerprint": "SHA256:" + "a" * 43,
    "gender": "Other", "date-of-birth": "1980-01-01", "passport-expiration": "2030-01-01", "nationality": "LU",
    "edge-extension-id": "a" * 32, "chrome-extension-id": "a" * 32, "uuid": "6c0a6f0a-3b11-4a8e-9a52-1f2d1f0e7b1f", "cortex": "{}",
}


def sample(kind):
    if kind in HASHES:
        return "a" * HASHES[kind]
    if kind in SAMPLES:
        return SAMPLES[kind]
    first, bar, second = kind.partition("|")
    if bar and first == "filename":
        return "bad.exe|" + sample(second)
    return "bad.exe|" + "a" * 32 if kind == "malware-sample" else "Some words"


def identify(*names):
    made = bytearray(uuid.uuid5(NAMESPACE, " ".join(names)).bytes)
    made[6] = made[6] & 0x0F | 0x40
    return str(uuid.UUID(bytes=bytes(made)))


def event(name, attributes=(), objects=()):
    return {"Event": {
        "uuid": identify("event", name), "info": name, "date": "2020-10-25", "threat_level_id": "1", "analysis": "1",
        "timestamp": "1603642920", "published": False,
        "Orgc": {"uuid": "a0c22599-9e58-4da4-96ac-7051603fa951", "name": "Them"},
        "Attribute": list(attributes), "Object": list(objects),
    }}


def attribute(kind, to_ids, *names):
    one = {"uuid": identify("attribute", kind, str(to_ids), *names), "type": kind, "value": sample(kind), "to_ids": to_ids,
           "category": describe_types["sane_defaults"][kind]["default_category"], "timestamp": "1603642920", "comment": "words"}
    if kind in ("attachment", "malware-sample"):
        one["data"] = "UEsDBAoACQAAAA=="
    return one


def made():
    """An event for each type of attribute and each template, as a sign of an attack and not."""
    for kind in describe_types["types"]:
        for to_ids in (True, False):
            yield f"attribute {kind} {to_ids}", event(f"attribute {kind} {to_ids}", [attribute(kind, to_ids)])
    root = pathlib.Path(pymisp.__file__).parent / "data" / "misp-objects" / "objects"
    for path in sorted(root.glob("*/definition.json")):
        template = json.loads(path.read_text())
        for to_ids in (True, False):
            name = f"object {template['name']} {to_ids}"
            parts = []
            for relation, about in template["attributes"].items():
                kind = about["misp-attribute"]
                if kind not in describe_types["sane_defaults"]:
                    continue
                one = attribute(kind, to_ids, template["name"], relation)
                parts.append({**one, "object_relation": relation})
            whole = {"uuid": identify(name), "name": template["name"], "meta-category": template["meta-category"],
                     "description": template["description"], "template_uuid": template["uuid"],
                     "template_version": str(template["version"]), "timestamp": "1603642920", "Attribute": parts}
            yield name, event(name, [], [whole])


def given(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).glob("*.json")):
            whole = json.loads(path.read_text())
            if isinstance(whole, dict) and ("Event" in whole or "info" in whole):
                yield f"file {path.name}", whole if "Event" in whole else {"Event": whole}


def ours(program, whole, to):
    run = subprocess.run([program, "--json", "convert", "-", "--to", to, "--lossy"], input=json.dumps(whole),
                         capture_output=True, text=True)
    if run.returncode:
        return None, run.stderr.strip()
    told = json.loads(run.stdout)
    return told["converted"], told["losses"]


def theirs(whole):
    parser = MISPtoSTIX21Parser()
    parser.parse_misp_event(copy.deepcopy(whole))
    told = [line for lines in [*parser.errors.values(), *parser.warnings.values()] for line in lines]
    return json.loads(parser.bundle.serialize()), [line for line in told if "Failed validation" in line]


SILENT = {"id", "type", "spec_version", "created", "modified", "created_by_ref", "extensions", "interoperability",
          "object_refs", "pattern_version", "first_observed", "last_observed", "number_observed", "valid_from"}


def leaves(value, at=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, at + "[]")
    else:
        yield at, value


def facts_of(one, by_id, depth=0):
    """What an object says; what it refers to is said with it."""
    for key, value in one.items():
        if key in SILENT and key != "extensions":
            continue
        if key == "extensions":
            value = {name: inner for name, inner in value.items() if not name.startswith("extension-definition--")}
        if key == "pattern" and one.get("pattern_type") == "stix":
            for part in re.split(r" (?:AND|OR) \(?(?=[a-z0-9-]+:)", value.strip("[]()")):
                path, equals, constant = part.strip("()").partition(" = ")
                yield f"pattern {path.replace(chr(39), '')}{equals}{constant}"
            continue
        for at, leaf in leaves(value, key):
            target = by_id.get(leaf) if isinstance(leaf, str) else None
            if target and depth < 3 and "marking" not in at:
                for fact in facts_of(target, by_id, depth + 1):
                    yield f"{at} > {target['type']} {fact}"
            elif target is None or "marking" in at:
                leaf = re.sub(r"\.000Z$", "Z", leaf) if isinstance(leaf, str) else leaf
                yield f"{at} = {leaf}"


def facts(bundle):
    """For each record of MISP, by its UUID, what a bundle says of it."""
    by_id = {one["id"]: one for one in bundle["objects"]}
    all_facts = collections.defaultdict(set)
    for one in bundle["objects"]:
        kind, _, own = one["id"].partition("--")
        if kind in ("identity", "marking-definition") and not one.get("labels"):
            continue
        if kind == "relationship":
            own = one["source_ref"].partition("--")[2]
            source, target = (one[key].partition("--")[0] for key in ("source_ref", "target_ref"))
            all_facts[own].add(f"relationship {source} {one['relationship_type']} {target}")
            continue
        if "created" not in one:
            continue
        all_facts[own].add(f"is {kind}")
        seen = [by_id[ref] for ref in one.get("object_refs", []) if ref in by_id] if kind == "observed-data" else []
        for part in seen:
            for fact in facts_of(part, by_id):
                all_facts[own].add(f"observed {part['type']} {fact}")
        for fact in facts_of(one, by_id):
            all_facts[own].add(f"{kind} {fact}")
    return all_facts


def values(whole):
    """The values of all attributes of an event, by their UUIDs."""
    whole = whole.get("Event", whole)
    parts = list(whole.get("Attribute", [])) + [part for one in whole.get("Object", []) for part in one.get("Attribute", [])]
    return {part["uuid"]: (part["type"], str(part.get("value"))) for part in parts if part.get("uuid")}


class Table:
    def __init__(self):
        self.rules = json.loads((HERE / "misp-differences.json").read_text())
        for rule in self.rules:
            rule["said"] = re.compile(rule["fact"])
            rule["where"] = re.compile(rule.get("record", ""))
            rule["count"] = 0
        self.alike = self.otherwise = 0
        self.unexplained = []

    def explain(self, name, side, fact):
        for rule in self.rules:
            if rule["side"] in (side, "either") and rule["said"].search(fact) and rule["where"].search(name):
                rule["count"] += 1
                return True
        return False

    def compare(self, event, one, other):
        for own in sorted(set(one) | set(other)):
            kinds = {fact for fact in one.get(own, set()) | other.get(own, set()) if " labels[] = misp:" in fact}
            kinds = sorted(re.sub(r'.* = misp:(type|name)="(.*)"', r"\1 \2", fact) for fact in kinds if re.search(r"misp:(type|name)=", fact))
            name = f"{event} ({'; '.join(dict.fromkeys(kinds))})"
            left = [("ours", fact) for fact in one.get(own, set()) - other.get(own, set())]
            left += [("theirs", fact) for fact in other.get(own, set()) - one.get(own, set())]
            if not left:
                self.alike += 1
                continue
            open_ones = [(name, side, fact) for side, fact in sorted(left) if not self.explain(name, side, fact)]
            self.unexplained += open_ones
            self.otherwise += not open_ones

    def show(self):
        print(f"\nrecords alike: {self.alike}; otherwise, each with its reason: {self.otherwise}; "
              f"facts without a reason: {len(self.unexplained)}")
        for rule in self.rules:
            print(f"  {rule['count']:>6}  {rule['reason']}")


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    table = Table()
    counts = collections.Counter()
    wrong = []
    for name, whole in [*made(), *given(folders)]:
        mine, lost = ours(program, whole, "stix")
        if mine is None:
            counts["refused"] += 1
            print(f"refused: {name}: {lost}")
            continue
        counts["events"] += 1
        counts["lost"] += len(lost)
        try:
            stix2.parse(mine, allow_custom=True)
        except Exception as why:  # whatever stix2 says against it
            wrong.append(f"{name}: stix2: {why}"[:300])
        other, errors = theirs(whole)
        if errors:
            counts["misp-stix leaves something out"] += 1
        else:
            table.compare(name, facts(mine), facts(other))
        back, _ = ours(program, mine, "misp")
        loaded = pymisp.MISPEvent()
        if not all("type" in part for one in whole["Event"].get("Object", []) for part in one.get("Attribute", [])):
            counts["attributes without a type"] += 1
            continue
        try:
            pymisp.MISPEvent().load(copy.deepcopy(whole))
        except Exception:  # it does not load the original either
            counts["pymisp does not load it"] += 1
            continue
        try:
            loaded.load(copy.deepcopy(back))
            if values(back) != values(whole) or loaded.uuid != whole["Event"]["uuid"]:
                wrong.append(f"{name}: is not the same event any more")
        except Exception as why:  # whatever pymisp says against it
            wrong.append(f"{name}: pymisp: {why}"[:300])
        foreign, _ = ours(program, other, "misp")
        if foreign is None:
            counts["misp-stix's bundles refused"] += 1
            continue
        try:
            pymisp.MISPEvent().load(copy.deepcopy(foreign))
            counts["misp-stix's bundles as events"] += 1
        except Exception as why:  # whatever pymisp says against it
            wrong.append(f"{name}: pymisp, of misp-stix's: {why}"[:300])
    table.show()
    print(", ".join(f"{key}: {count}" for key, count in sorted(counts.items())))
    for line in wrong[:40]:
        print("wrong:", line)
    for name, side, fact in table.unexplained[:60]:
        print(f"unexplained: {name}: only {side}: {fact}"[:240])
    (pathlib.Path("target") / "misp-unexplained.json").write_text(json.dumps(table.unexplained, indent=1))
    if table.unexplained or wrong:
        sys.exit(f"{len(table.unexplained)} facts without a reason, {len(wrong)} wrong")


if __name__ == "__main__":
    main()
