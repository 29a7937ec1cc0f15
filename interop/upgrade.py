"""STIX 2.0 brought to 2.1 by us, read by stix2.

Objects of every type of STIX 2.0, and every kind of observable, are built by stix2's own classes for
2.0, so they are valid there. What we make of them must be read by stix2's parser for 2.1 without
custom properties, and each observable must have the id that stix2 makes for it.

    upgrade.py FOREWARN
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import stix2
from stix2 import v20

TIME = "2017-12-15T10:00:00.000Z"
IDENTITY = "identity--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
PHASE = [{"kill_chain_name": "a-chain", "phase_name": "a-phase"}]

OBSERVABLES = {
    "0": {"type": "ipv4-addr", "value": "198.51.100.3", "resolves_to_refs": ["1"], "belongs_to_refs": ["2"]},
    "1": {"type": "mac-addr", "value": "00:00:5e:00:53:01"},
    "2": {"type": "autonomous-system", "number": 64496, "name": "An AS"},
    "3": {"type": "ipv6-addr", "value": "2001:db8::1"},
    "4": {"type": "domain-name", "value": "evil.example", "resolves_to_refs": ["0"]},
    "5": {"type": "url", "value": "https://evil.example/a"},
    "6": {"type": "email-addr", "value": "ana@evil.example", "display_name": "Ana"},
    "7": {"type": "email-message", "is_multipart": False, "from_ref": "6", "to_refs": ["6"], "subject": "Hello",
          "date": TIME, "body": "x", "additional_header_fields": {"X-Mailer": "x"}},
    "8": {"type": "directory", "path": "C:\\Windows", "created": TIME, "contains_refs": ["9"]},
    "9": {"type": "file", "name": "a.exe", "hashes": {"MD5": "d41d8cd98f00b204e9800998ecf8427e"}, "size": 5,
          "created": TIME, "modified": TIME, "accessed": TIME, "parent_directory_ref": "8"},
    "10": {"type": "file", "name": "b.zip", "extensions": {"archive-ext": {"contains_refs": ["9"], "comment": "x"}}},
    "11": {"type": "artifact", "mime_type": "image/jpeg", "payload_bin": "aGVsbG8="},
    "12": {"type": "mutex", "name": "a-mutex"},
    "13": {"type": "network-traffic", "src_ref": "0", "dst_ref": "3", "src_port": 1, "dst_port": 443,
           "protocols": ["ipv4", "tcp"], "start": TIME,
           "extensions": {"tcp-ext": {"src_flags_hex": "00000002"}}},
    "14": {"type": "network-traffic", "dst_ref": "4", "protocols": ["tcp", "http"],
           "extensions": {"http-request-ext": {"request_method": "get", "request_value": "/a",
                          "message_body_data_ref": "11"}}},
    "15": {"type": "process", "pid": 5, "created": TIME, "command_line": "a.exe -x", "binary_ref": "9",
           "opened_connection_refs": ["13"], "creator_user_ref": "16"},
    "16": {"type": "user-account", "user_id": "5", "account_login": "ana", "account_type": "unix",
           "password_last_changed": TIME},
    "17": {"type": "windows-registry-key", "key": "HKEY_LOCAL_MACHINE\\System\\A", "modified": TIME,
           "values": [{"name": "a", "data": "b", "data_type": "REG_SZ"}]},
    "18": {"type": "x509-certificate", "issuer": "C=XX", "serial_number": "36:f7:d4:32"},
    "19": {"type": "software", "name": "Word", "vendor": "x", "version": "1"},
}

TYPES = {value["type"] for value in OBSERVABLES.values()}


def objects():
    common = {"created_by_ref": IDENTITY, "created": TIME, "modified": TIME}
    yield v20.Identity(id=IDENTITY, created=TIME, modified=TIME, name="Ana", identity_class="individual",
                       labels=["desk"], sectors=["government-national"])
    yield v20.AttackPattern(name="x", kill_chain_phases=PHASE, **common)
    yield v20.Campaign(name="x", objective="y", aliases=["z"], first_seen=TIME, **common)
    yield v20.CourseOfAction(name="x", **common)
    yield v20.IntrusionSet(name="x", aliases=["z"], goals=["y"], resource_level="team", **common)
    malware = v20.Malware(name="x", labels=["ransomware"], kill_chain_phases=PHASE, **common)
    yield malware
    yield v20.Tool(name="x", labels=["remote-access"], tool_version="1", **common)
    actor = v20.ThreatActor(name="x", labels=["spy"], roles=["agent"], sophistication="expert", **common)
    yield actor
    yield v20.Vulnerability(name="CVE-2017-0144", external_references=[
        {"source_name": "cve", "external_id": "CVE-2017-0144"}], **common)
    indicator = v20.Indicator(
        labels=["malicious-activity"], valid_from=TIME, name="x",
        pattern="[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
        object_marking_refs=[v20.TLP_AMBER], **common)
    yield indicator
    observed = v20.ObservedData(first_observed=TIME, last_observed=TIME, number_observed=1, objects=OBSERVABLES,
                                object_marking_refs=[v20.TLP_AMBER], **common)
    yield observed
    yield v20.Report(name="x", labels=["indicator"], published=TIME, object_refs=[indicator.id], **common)
    yield v20.Relationship(indicator.id, "indicates", malware.id, **common)
    yield v20.Sighting(indicator.id, observed_data_refs=[observed.id], count=2, **common)
    yield v20.TLP_AMBER
    yield v20.MarkingDefinition(definition_type="statement", definition={"statement": "ours"}, created=TIME,
                                created_by_ref=IDENTITY)


def main(forewarn):
    bundle = v20.Bundle(*objects())
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "old.json"
        path.write_text(bundle.serialize())
        made = subprocess.run([forewarn, "convert", str(path), "--to", "stix"], capture_output=True, text=True)
    print(made.stderr, end="")
    assert made.returncode == 0, made.stderr
    ours = json.loads(made.stdout)["objects"]
    wrong = []
    for one in ours:
        try:
            stix2.parse(json.dumps(one), version="2.1")
        except Exception as why:
            wrong.append(f"{one['type']}: {why}")
            continue
        if one["type"] in TYPES:
            bare = {key: value for key, value in one.items() if key != "id"}
            theirs = stix2.parse(json.dumps(bare), version="2.1")["id"]
            # A process has no name: its id is drawn.
            if theirs != one["id"] and one["type"] != "process":
                wrong.append(f"{one['type']}: our id is {one['id']}, stix2's is {theirs}")
    count = len(bundle.objects) + len(OBSERVABLES)
    if len(ours) != count:
        wrong.append(f"{len(ours)} objects of {count}")
    unmarked = [one["id"] for one in ours if one["type"] in TYPES
                and "object_marking_refs" not in one]
    wrong.extend(f"{one}: the marking of the observation is lost" for one in unmarked)
    print(f"{len(ours)} objects of STIX 2.1 from {len(bundle.objects)} of 2.0, read by stix2 {stix2.__version__}")
    for one in wrong:
        print("WRONG", one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
