"""Other people's TAXII 2.1 clients against a real node: PyPI `taxii2-client` and `stix2`.

Run by `make interop`, which installs both into an environment of its own.
"""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import stix2
from taxii2client.v21 import ApiRoot, Collection, Server, as_pages

PROGRAM = pathlib.Path(sys.argv[1]).resolve()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def indicator(number):
    return stix2.Indicator(
        name=f"Host {number}",
        pattern=f"[domain-name:value = 'h{number}.example.net']",
        pattern_type="stix",
        valid_from="2024-01-26T21:28:21Z",
    )


def check(what, good):
    print(("ok    " if good else "WRONG ") + what)
    if not good:
        sys.exit(1)


def run(url, auth):
    server = Server(url + "/taxii2/", **auth)
    check("discovery and default API root", server.default is not None)
    root = ApiRoot(server.default.url, **auth)
    check("one collection", len(root.collections) == 1)
    collection = Collection(root.collections[0].url, **auth)
    check("it can be read and written", collection.can_read and collection.can_write)

    made = [indicator(n) for n in range(1205)]
    envelope = {"objects": [json.loads(one.serialize()) for one in made]}
    status = collection.add_objects(envelope, wait_for_completion=True)
    check("all posted", status.success_count == 1205 and status.failure_count == 0)
    status.refresh()
    check("status again", len(status.successes) == 1205)
    again = collection.add_objects(envelope)
    check("the same again is no failure", again.failure_count == 0)

    pages = [page["objects"] for page in as_pages(collection.get_objects, per_request=400)]
    check("pages of objects", [len(page) for page in pages] == [400, 400, 400, 5])
    check("every object once", len({o["id"] for page in pages for o in page}) == 1205)
    lines = [page["objects"] for page in as_pages(collection.get_manifest, per_request=400)]
    check("pages of the manifest", [len(page) for page in lines] == [400, 400, 400, 5])

    newer = made[0].new_version(name="Host 0, seen again")
    collection.add_objects({"objects": [json.loads(newer.serialize())]})
    check("two versions", len(collection.object_versions(newer.id)["versions"]) == 2)
    newest = collection.get_object(newer.id)["objects"][0]
    check("the newest is served", newest["name"] == "Host 0, seen again")

    store = stix2.TAXIICollectionStore(collection)
    tool = stix2.Tool(name="made by stix2")
    store.add(tool)
    check("stix2 adds and gets", store.get(tool.id).name == "made by stix2")
    check("stix2 knows all versions", len(store.all_versions(newer.id)) == 2)
    check("stix2 queries", len(store.query([stix2.Filter("type", "=", "tool")])) == 1)
    check("stix2 is told of none", store.get("tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f") is None)


def main():
    with tempfile.TemporaryDirectory() as folder:
        home, url = f"{folder}/home", f"http://127.0.0.1:{free_port()}"

        def forewarn(*words):
            done = subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True)
            return done.stdout.strip()

        forewarn("init", home, "--name", "interop.example", "--organisation", "Interop", "--url", url)
        node = subprocess.Popen([PROGRAM, "serve", "--home", home], stdout=subprocess.DEVNULL)
        try:
            for _ in range(200):
                if subprocess.run([PROGRAM, "--home", home, "card"], capture_output=True).returncode == 0:
                    break
                time.sleep(0.05)
            forewarn("--home", home, "user", "add", "ana", "--role", "analyst")
            token = forewarn("--home", home, "token", "add", "ana")
            run(url, {"user": "ana", "password": token})
        finally:
            node.terminate()
            node.wait()


main()
