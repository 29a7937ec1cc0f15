"""The same requests to a node and to PyPI's medallion; every difference must be explained.

Run by `make taxii`: `compare.py PROGRAM`. What differs is listed, with clause and reason, in
`differences.json`, which `docs/conformance.md` prints; one that is not listed fails, and so does one
that is listed and not there.
"""

import json
import pathlib
import re
import sys
import tempfile
import urllib.error
import urllib.request

from servers import TAXII, forewarn, medallion

HERE = pathlib.Path(__file__).parent
DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")


def indicator(number, modified="2024-01-26T21:28:21.013Z", name="first"):
    return {
        "type": "indicator", "spec_version": "2.1",
        "id": f"indicator--00000000-0000-4000-8000-{number:012}",
        "created": "2024-01-26T21:28:21.013Z", "modified": modified, "name": name,
        "pattern": f"[domain-name:value = 'h{number}.example.net']", "pattern_type": "stix",
        "valid_from": "2024-01-26T21:28:21.013Z",
    }


def malware(number):
    return {
        "type": "malware", "spec_version": "2.1",
        "id": f"malware--00000000-0000-4000-8000-{number:012}",
        "created": "2024-01-26T21:28:21.013Z", "modified": "2024-01-26T21:28:21.013Z",
        "name": "m", "is_family": False,
    }


ADDRESS = {
    "type": "ipv4-addr", "spec_version": "2.1",
    "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd", "value": "198.51.100.3",
}
NEWER = indicator(1, "2025-01-26T21:28:21.013Z", "second")
ONE = indicator(1)["id"]
GONE = "indicator--00000000-0000-4000-8000-999999999999"
ROOT = "{root}"
OBJECTS = "{collection}objects/"


def cases():
    """(name, method, URL, headers, body)."""
    body = lambda *objects: json.dumps({"objects": list(objects)}).encode()  # noqa: E731
    put = {"Content-Type": TAXII}
    get = lambda name, path, **headers: (name, "GET", path, headers, None)  # noqa: E731
    yield get("discovery", "{discovery}")
    yield get("discovery, Accept without version", "{discovery}", Accept="application/taxii+json")
    yield get("discovery, Accept with a space", "{discovery}", Accept="application/taxii+json; version=2.1")
    yield get("discovery, Accept version 2.0", "{discovery}", Accept="application/taxii+json;version=2.0")
    yield get("discovery, Accept text/html", "{discovery}", Accept="text/html")
    yield get("discovery, Accept */*", "{discovery}", Accept="*/*")
    yield get("discovery, nobody", "{discovery}", Authorization="Basic eDp5")
    yield get("API root", ROOT)
    yield get("API root that is none", "{root}../none/")
    yield get("collections", "{root}collections/")
    yield get("collection", "{collection}")
    yield get("collection that is none", "{root}collections/none/")
    yield get("objects, none yet", OBJECTS)
    yield get("manifest, none yet", "{collection}manifest/")
    yield ("add", "POST", OBJECTS, put, body(indicator(1), indicator(2), indicator(3), malware(4), ADDRESS))
    yield ("add the same again", "POST", OBJECTS, put, body(indicator(1)))
    yield ("add another version", "POST", OBJECTS, put, body(NEWER))
    yield ("add the same version with other content", "POST", OBJECTS, put, body(indicator(2, name="changed")))
    yield ("add an empty envelope", "POST", OBJECTS, put, b"{}")
    yield ("add what is not JSON", "POST", OBJECTS, put, b"{")
    yield ("add with another Content-Type", "POST", OBJECTS, {"Content-Type": "application/json"}, body(indicator(9)))
    yield ("add with Content-Type without version", "POST", OBJECTS, {"Content-Type": "application/taxii+json"}, body(indicator(2)))
    yield ("add with Content-Type with a space", "POST", OBJECTS, {"Content-Type": "application/taxii+json; version=2.1"}, body(indicator(2)))
    yield get("objects", OBJECTS)
    yield get("objects, first page of two", OBJECTS + "?limit=2")
    yield get("objects, next page", OBJECTS + "?limit=2&next={next}")
    yield get("objects, next page once more", OBJECTS + "?limit=2&next={next}")
    yield get("objects, next that is none", OBJECTS + "?limit=2&next=none")
    yield get("objects, limit 0", OBJECTS + "?limit=0")
    yield get("objects, limit x", OBJECTS + "?limit=x")
    yield get("objects, limit -1", OBJECTS + "?limit=-1")
    yield get("objects, added_after the last", OBJECTS + "?added_after={last}")
    yield get("objects, added_after long ago", OBJECTS + "?added_after=2000-01-01T00:00:00.000000Z")
    yield get("objects, added_after without fraction", OBJECTS + "?added_after=2000-01-01T00:00:00Z")
    yield get("objects, added_after x", OBJECTS + "?added_after=x")
    yield get("objects, by id", OBJECTS + f"?match[id]={ONE}")
    yield get("objects, by two ids", OBJECTS + f"?match[id]={ONE},{indicator(2)['id']}")
    yield get("objects, by id and another type", OBJECTS + f"?match[id]={ONE}&match[type]=malware")
    yield get("objects, by type", OBJECTS + "?match[type]=malware")
    yield get("objects, by two types", OBJECTS + "?match[type]=malware,ipv4-addr")
    yield get("objects, by a type that is none", OBJECTS + "?match[type]=nothing")
    yield get("objects, version first", OBJECTS + f"?match[id]={ONE}&match[version]=first")
    yield get("objects, version last", OBJECTS + f"?match[id]={ONE}&match[version]=last")
    yield get("objects, version all", OBJECTS + f"?match[id]={ONE}&match[version]=all")
    yield get("objects, version first,last", OBJECTS + f"?match[id]={ONE}&match[version]=first,last")
    yield get("objects, version by time", OBJECTS + f"?match[id]={ONE}&match[version]=2024-01-26T21:28:21.013Z")
    yield get("objects, version x", OBJECTS + f"?match[id]={ONE}&match[version]=x")
    yield get("objects, spec_version 2.1", OBJECTS + f"?match[id]={ONE}&match[spec_version]=2.1")
    yield get("objects, spec_version 2.0", OBJECTS + f"?match[id]={ONE}&match[spec_version]=2.0")
    yield get("objects, a field that is none", OBJECTS + "?match[colour]=red")
    yield get("objects, Accept text/html", OBJECTS, Accept="text/html")
    yield get("objects, nobody", OBJECTS, Authorization="Basic eDp5")
    yield get("manifest", "{collection}manifest/")
    yield get("manifest, page of two", "{collection}manifest/?limit=2")
    yield get("manifest, version all", "{collection}manifest/?match[version]=all")
    yield get("object", OBJECTS + ONE + "/")
    yield get("object, version all", OBJECTS + ONE + "/?match[version]=all")
    yield get("object, one that is none", OBJECTS + GONE + "/")
    yield get("object, an id that is none", OBJECTS + "x/")
    yield get("object, added_after the last", OBJECTS + ONE + "/?added_after={last}")
    yield get("versions", OBJECTS + ONE + "/versions/")
    yield get("versions of one that is none", OBJECTS + GONE + "/versions/")
    yield get("versions of one without a version of its own", OBJECTS + ADDRESS["id"] + "/versions/")
    yield get("status", "{root}status/{status}/")
    yield get("status that is none", "{root}status/00000000-0000-4000-8000-000000000000/")
    yield ("delete one that is none", "DELETE", OBJECTS + GONE + "/", {}, None)
    yield ("delete the newest version", "DELETE", OBJECTS + ONE + "/?match[version]=last", {}, None)
    yield get("object, after the newest was deleted", OBJECTS + ONE + "/")
    yield ("delete", "DELETE", OBJECTS + malware(4)["id"] + "/", {}, None)
    yield get("object, deleted", OBJECTS + malware(4)["id"] + "/")
    yield ("delete once more", "DELETE", OBJECTS + malware(4)["id"] + "/", {}, None)
    yield ("delete, Accept text/html", "DELETE", OBJECTS + ONE + "/", {"Accept": "text/html"}, None)
    yield get("objects, in the end", OBJECTS)
    # Last: medallion keeps it, and every list behind would differ.
    yield ("add an object that is not valid", "POST", OBJECTS, put, body({"type": "indicator", "id": GONE}))
    yield ("a method that is none", "PUT", OBJECTS, put, b"{}")


def shape(method, url, status, headers, body):
    """What of an answer is compared: not ids, times and words of the server's own choice."""
    out = {"status": status, "type": headers.get("Content-Type", "").replace(" ", "")}
    for name in ("First", "Last"):
        value = headers.get(f"X-TAXII-Date-Added-{name}")
        out[f"added {name.lower()}"] = None if value is None else "date" if DATE.match(value) else "other"
    if status == 401:
        out["challenge"] = bool(headers.get("WWW-Authenticate"))
    try:
        value = json.loads(body) if body else None
    except ValueError:
        return {**out, "body": "not JSON"}
    if status >= 400 or not isinstance(value, dict):
        return {**out, "body": "error object" if value and "title" in value else value}
    for counts in ("total_count", "success_count", "failure_count", "pending_count"):
        if counts in value:
            out[counts] = value[counts]
    out["more"] = value.get("more", False)
    out["next"] = "next" in value
    if "manifest" in url:
        # An observable has no version of its own: it is the server's.
        version = lambda one: "when it was added" if one["version"] == one["date_added"] else one["version"]  # noqa: E731
        out["objects"] = [(one["id"], version(one), one.get("media_type")) for one in value.get("objects", [])]
    elif "versions/" in url:
        out["versions"] = len(value.get("versions", []))
    elif "objects/" in url and method == "GET":
        out["objects"] = [(one["id"], one.get("name")) for one in value.get("objects", [])]
    out["objects"] = sorted(out.get("objects", []))
    out["no objects"] = "objects" in value and not value["objects"]
    return out


def ask(place, case, known):
    name, method, path, headers, body = case
    root = place.collection.split("collections/")[0]
    url = path.format(discovery=place.discovery, root=root, collection=place.collection, **known)
    url = url.replace("/taxii2/api/../", "/taxii2/").replace("/root/../", "/")
    headers = {"Accept": TAXII, "Authorization": place.basic(), **headers}
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as e:
        answer = e
    data = answer.read()
    found = shape(method, url, answer.status, answer.headers, data)
    value = json.loads(data) if data[:1] == b"{" and found.get("body") != "not JSON" else {}
    if name == "objects, first page of two":
        known["next"] = value.get("next", "none")
    if name == "objects":
        known["last"] = answer.headers.get("X-TAXII-Date-Added-Last", "")
    if name == "add":
        known["status"] = value.get("id", "none")
    return found


def run(place):
    known = {"next": "", "last": "", "status": ""}
    return {case[0]: ask(place, case, known) for case in cases()}


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        with forewarn(program, a) as ours:
            here = run(ours)
        with medallion(sys.executable, b) as theirs:
            there = run(theirs)
    listed = json.loads((HERE / "differences.json").read_text(encoding="utf-8"))
    found = {}
    for name, answer in here.items():
        other = there[name]
        keys = sorted(k for k in {*answer, *other} if answer.get(k) != other.get(k))
        if keys:
            found[name] = {k: [answer.get(k), other.get(k)] for k in keys}
    explained = {name for one in listed for name in one["requests"]}
    wrong = 0
    for name, what in found.items():
        if name not in explained:
            wrong += 1
            print(f"NOT EXPLAINED {name}: {json.dumps(what)}")
    for name in sorted(explained - set(found)):
        wrong += 1
        print(f"NO DIFFERENCE {name}")
    print(f"{len(here)} requests: {len(here) - len(found)} answered alike, {len(found)} otherwise, each explained" if not wrong else f"{wrong} to be looked at")
    sys.exit(1 if wrong else 0)


main()
