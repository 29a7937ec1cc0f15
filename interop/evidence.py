"""Evidence, verified without a line of ours: `evidence.py FILE [--key KEY]`, or `--try FILE`.

Needs `cryptography` and `dilithium-py` from PyPI, and nothing of Forewarn: this is `docs/verify.md` as a
program, for whoever would rather not run ours. `--try` also flips each byte of a file that is good, and
fails when one of them is not noticed.
"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dilithium_py.ml_dsa import ML_DSA_44


class NotProven(Exception):
    pass


def check(holds, why):
    if not holds:
        raise NotProven(why)


def canonical(value):
    """RFC 8785, for values without floats and with keys in the Basic Multilingual Plane."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def root_by_path(index, size, node, path):
    """RFC 9162, 2.1.3.2."""
    check(index < size, "the index is outside the log")
    last = size - 1
    for step in path:
        check(last > 0, "the path is too long")
        if index & 1 or index == last:
            node = sha256(b"\1" + step + node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + step)
        index, last = index >> 1, last >> 1
    check(last == 0, "the path is too short")
    return node


def key_id(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


def ed25519(key, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def cosigned_message(name, time, origin, size, root):
    """c2sp.org/tlog-cosignature, ML-DSA-44."""
    name, origin = name.encode(), origin.encode()
    return (b"subtree/v1\n\0" + bytes([len(name)]) + name + time.to_bytes(8, "big")
            + bytes([len(origin)]) + origin + bytes(8) + size.to_bytes(8, "big") + root)


def parse_note(note):
    text, empty, lines = note.rpartition("\n\n")
    check(empty and lines.endswith("\n"), "not a signed note")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        check(dash == "—", "not a signature line")
        data = base64.b64decode(encoded, validate=True)
        check(base64.b64encode(data).decode() == encoded, "base64 in another form")
        signatures.append((name, data[:4], data[4:]))
    return text + "\n", signatures


def verify_checkpoint(note, parties, names):
    """The log, its writer, its size and root, and when the reader claims to have held it."""
    text, signatures = parse_note(note)
    origin, size, root, rest = text.split("\n")
    check(rest == "" and size == str(int(size)), "not a checkpoint")
    size, root = int(size), base64.b64decode(root, validate=True)
    check(origin in names, "the log is none of this channel's")
    writer, reader = names[origin]
    given = {(name, kid): data for name, kid, data in signatures}
    wanted = 0

    def line(name, kind, key):
        nonlocal wanted
        wanted += 1
        found = given.get((name, key_id(name, kind, key)))
        check(found is not None, f"no signature by {name}")
        return found

    w, r = parties[writer], parties[reader]
    check(ed25519(w["key"], text.encode(), line(origin, 1, w["key"])), f"{writer} has not signed")
    held = line(reader, 4, r["key"])
    time = int.from_bytes(held[:8], "big")
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    check(ed25519(r["key"], message, held[8:]), f"{reader} has not cosigned")
    if "mldsa44" in w:
        for name, party, at in [(origin, w, 0), (reader, r, time)]:
            second = line(name, 6, party["mldsa44"])
            check(int.from_bytes(second[:8], "big") == at, "the second signature is of another time")
            message = cosigned_message(name, at, origin, size, root)
            check(ML_DSA_44.verify(party["mldsa44"], message, second[8:]),
                  f"{name} has not signed with its second key")
    check(len(signatures) == wanted, "there are lines of others")
    return origin, writer, reader, size, root, time


def verify(data, pinned=()):
    try:
        return verify_file(data, pinned)
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise NotProven(f"cannot be read: {why!r}") from why


def verify_file(data, pinned):
    file = json.loads(data)
    check(canonical(file) + b"\n" == data, "not in canonical form")
    check(set(file) == {"format", "genesis", "checkpoints", "entries"}, "other properties")
    check(file["format"] == "forewarn-evidence/2", "another format")
    genesis = file["genesis"].encode()
    named = json.loads(genesis)
    check(canonical(named) == genesis and named["kind"] == "genesis" and named["v"] == 1, "no genesis")
    channel = leaf_hash(genesis).hex()
    parties = {party["name"]: {k: base64.b64decode(v, validate=True) for k, v in party.items() if k != "name"}
               for party in named["parties"]}
    check(len(parties) == 2, "not two parties")
    known = {party["key"] for party in named["parties"]}
    check(set(pinned) <= known, "a key given is of neither party")
    one, other = parties
    names = {f"{one}/forewarn/{channel}": (one, other), f"{other}/forewarn/{channel}": (other, one)}
    checkpoints = [verify_checkpoint(note, parties, names) for note in file["checkpoints"]]
    told = []
    used = set()
    for entry in file["entries"]:
        check(set(entry) <= {"checkpoint", "index", "path", "leaf", "disclosures"}, "other properties")
        used.add(entry["checkpoint"])
        _, writer, reader, size, root, time = checkpoints[entry["checkpoint"]]
        path = [bytes.fromhex(step) for step in entry["path"]]
        leaf = entry["leaf"].encode()
        found = root_by_path(entry["index"], size, leaf_hash(leaf), path)
        check(found == root, "the entry is not in the log at this place")
        said = json.loads(leaf)
        check(canonical(said) == leaf and said["channel"] == channel and said["v"] == 1, "no entry")
        shown = {}
        for disclosure in entry.get("disclosures", []):
            digest = base64.urlsafe_b64encode(sha256(disclosure.encode())).rstrip(b"=").decode()
            check(digest in said["_sd"], "a disclosure does not belong to the entry")
            _, name, value = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
            check(name not in shown, "a field is opened twice")
            shown[name] = value
        told.append({"writer": writer, "reader": reader, "index": entry["index"], "kind": said["kind"],
                     "claimed": said["time"], "held_by": time, "shown": shown,
                     "withheld": len(said["_sd"]) - len(shown)})
    check(told and used == set(range(len(checkpoints))), "it proves nothing, or holds what it does not use")
    return told


def attempt(path):
    good = open(path, "rb").read()
    for entry in verify(good):
        print(json.dumps(entry, ensure_ascii=False))
    # Second signatures take long here: each byte elsewhere, and every 97th of theirs.
    for at in [at for at in range(len(good)) if at % 97 == 0 or not chr(good[at]).isalnum()]:
        bent = bytearray(good)
        bent[at] ^= 1
        try:
            verify(bytes(bent))
        except NotProven:
            continue
        sys.exit(f"byte {at} was changed, and nothing noticed it")
    print("every change was noticed")


if __name__ == "__main__":
    if sys.argv[1] == "--try":
        attempt(sys.argv[2])
    else:
        keys = [base64.b64decode(key) for key in sys.argv[3:]]
        try:
            for entry in verify(open(sys.argv[1], "rb").read(), keys):
                print(json.dumps(entry, ensure_ascii=False))
        except NotProven as why:
            sys.exit(f"NOT PROVEN: {why}")
