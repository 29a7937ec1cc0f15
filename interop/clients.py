"""Other people's TAXII 2.1 clients against a real node, and a real server for our own client.

Run by `make taxii`: `clients.py PROGRAM`. PyPI `taxii2-client` (every class and method for 2.1),
`stix2` (`TAXIICollectionStore`, `Source`, `Sink`), and `medallion`, which `forewarn feed` polls and
pushes to.
"""

import base64
import json
import pathlib
import sys
import tempfile
import time

import stix2
from servers import PASSWORD, forewarn, medallion
from taxii2client.v21 import ApiRoot, Collection, Server, Status, as_pages

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
NEVER_THERE = "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"


def indicator(number):
    return stix2.Indicator(
        name=f"Host {number}",
        pattern=f"[domain-name:value = 'h{number}.example.net']",
        pattern_type="stix",
        valid_from="2024-01-26T21:28:21Z",
    )


def raw(made):
    return {"objects": [json.loads(one.serialize()) for one in made]}


def check(what, good):
    print(("ok    " if good else "WRONG ") + what)
    if not good:
        sys.exit(1)


def refused(work, *words):
    try:
        work()
    except Exception as e:  # whatever the client makes of it
        return all(word in str(e) for word in words)
    return False


def wait_until(what, look):
    for _ in range(400):
        if look():
            return check(what, True)
        time.sleep(0.1)
    check(what, False)


def taxii2_client(place):
    auth = {"user": place.user, "password": place.password}
    server = Server(place.discovery, **auth)
    check("Server: title, default, api_roots", server.title and server.default.url == server.api_roots[0].url)
    check("Server: description, contact, custom", (server.description, server.contact) == (None, None) and not server.custom_properties)
    server.refresh()
    root = ApiRoot(server.default.url, **auth)
    check("ApiRoot: title, versions, limit", root.title and "application/taxii+json;version=2.1" in root.versions and root.max_content_length > 0)
    root.refresh_information()
    root.refresh_collections()
    root.refresh()
    check("ApiRoot: one collection", len(root.collections) == 1 and not root.custom_properties)
    collection = Collection(root.collections[0].url, **auth)
    check("Collection: can be read and written", collection.can_read and collection.can_write)
    check("Collection: alias, title, media types", collection.alias == "inbox" and collection.title and collection.media_types)
    collection.refresh()

    made = [indicator(n) for n in range(1205)]
    status = collection.add_objects(raw(made), wait_for_completion=True)
    check("add_objects: all in", status.success_count == 1205 and status.failure_count == 0)
    status.refresh()
    status.wait_until_final()
    check("Status: the same again", len(status.successes) == 1205 and bool(status))
    check("ApiRoot.get_status, Status by URL", root.get_status(status.id).total_count == 1205
          and Status(f"{root.url}status/{status.id}/", **auth).success_count == 1205)
    again = collection.add_objects(json.dumps(raw(made)).encode())
    check("add_objects: the same again is no failure", again.failure_count == 0)
    mixed = collection.add_objects({"objects": [{"type": "indicator", "id": "x"}, *raw([indicator(-1)])["objects"]]})
    check("add_objects: a broken one fails alone, with words", (mixed.success_count, mixed.failure_count) == (1, 1) and mixed.failures[0]["message"])

    pages = [page["objects"] for page in as_pages(collection.get_objects, per_request=400)]
    check("get_objects as_pages", [len(page) for page in pages] == [400, 400, 400, 6])
    check("every object once", len({o["id"] for page in pages for o in page}) == 1206)
    lines = [page["objects"] for page in as_pages(collection.get_manifest, per_request=400)]
    check("get_manifest as_pages", [len(page) for page in lines] == [400, 400, 400, 6])
    check("its versions are the objects' own", {(o["id"], o["modified"]) for page in pages for o in page}
          == {(line["id"], line["version"]) for page in lines for line in page})
    middle = lines[1][0]["date_added"]
    later = collection.get_objects(added_after=middle)["objects"]
    check("get_objects added_after", len(later) == 1206 - 401)
    check("get_objects by id and type", len(collection.get_objects(id=[made[0].id, made[1].id], type="indicator")["objects"]) == 2)
    check("get_objects of another type: empty", collection.get_objects(type="malware") == {})

    newer = made[0].new_version(name="Host 0, seen again")
    collection.add_objects(raw([newer]))
    check("object_versions", len(collection.object_versions(newer.id)["versions"]) == 2)
    check("get_object: the newest", collection.get_object(newer.id)["objects"][0]["name"] == "Host 0, seen again")
    first = collection.get_object(newer.id, version="first")["objects"][0]
    check("get_object: the first, all, one by its time", first["name"] == "Host 0"
          and len(collection.get_object(newer.id, version="all")["objects"]) == 2
          and len(collection.get_object(newer.id, version=first["modified"])["objects"]) == 1)
    collection.delete_object(newer.id)
    check("delete_object: the newest goes", collection.get_object(newer.id)["objects"][0]["name"] == "Host 0")
    collection.delete_object(newer.id, version="all")
    check("delete_object: all go", refused(lambda: collection.get_object(newer.id), "404"))

    reader = {"user": "rita", "password": place.run("token", "add", "rita")}
    seen = Collection(collection.url, **reader)
    check("a reader may read and not write", seen.can_read and not seen.can_write
          and refused(lambda: Collection(collection.url, **reader).add_objects(raw([made[1]]))))
    service = {"user": "sven", "password": place.run("token", "add", "sven")}
    blind = Collection(collection.url, **service)
    check("a feed may write and not read", blind.can_write and not blind.can_read
          and blind.add_objects(raw([indicator(-2)])).success_count == 1)
    check("nobody without a token", refused(lambda: Server(place.discovery, user="ana", password="x").title, "401"))
    return collection


def stix2_stores(collection):
    store = stix2.TAXIICollectionStore(collection)
    tool = stix2.Tool(name="made by stix2")
    store.add(tool)
    check("stix2 store: add and get", store.get(tool.id).name == "made by stix2")
    newer = tool.new_version(name="made again")
    store.add(newer)
    check("stix2 store: the newest, and all versions", store.get(tool.id).name == "made again" and len(store.all_versions(tool.id)) == 2)
    check("stix2 store: query", len(store.query([stix2.Filter("type", "=", "tool")])) == 1)
    check("stix2 store: told of none", store.get(NEVER_THERE) is None)
    sink = stix2.TAXIICollectionSink(collection)
    sink.add([stix2.Malware(name=f"m{n}", is_family=False) for n in range(3)])
    sink.add(stix2.Bundle(stix2.Campaign(name="c"), stix2.Identity(name="i", identity_class="group")))
    sink.add(json.loads(stix2.Infrastructure(name="d").serialize()))
    source = stix2.TAXIICollectionSource(collection, items_per_page=100)
    check("stix2 source: by type", len(source.query([stix2.Filter("type", "=", "malware")])) == 3)
    by_name = [stix2.Filter("type", "=", "malware"), stix2.Filter("name", "=", "m1")]
    check("stix2 source: by a property that the server does not know", len(source.query(by_name)) == 1)
    check("stix2 source: added_after", len(source.query([stix2.Filter("added_after", "=", "2020-01-01T00:00:00Z")])) > 1200)
    check("stix2 source: pages to the end", len(source.query([stix2.Filter("type", "=", "indicator")])) == 1206)
    check("stix2 source: versions of one", len(source.all_versions(tool.id)) == 2)
    check("stix2 source: of a bundle", len(source.query([stix2.Filter("type", "=", "campaign")])) == 1)


def feeds(place, folder):
    """Our client and a real server of others: polled to its end, and again when there is more."""
    with medallion(sys.executable, folder, page=50) as server:
        theirs = Collection(server.collection, user=server.user, password=server.password)
        theirs.add_objects(raw([indicator(f"medallion {n}") for n in range(120)]))
        secrets = pathlib.Path(place.home, "secrets")
        secrets.mkdir()
        (secrets / "medallion.secret").write_text(PASSWORD, encoding="utf-8")
        place.run("feed", "add", server.collection, "--name", "medallion", "--user", "ana",
                  "--secret-file", "medallion.secret", "--every", "1", "--as", "nora")

        def good():
            (feed,) = json.loads("[" + ",".join(place.run("feed", "list", "--json").splitlines()) + "]")
            return feed["state"]["good"]

        wait_until("forewarn feed: all of medallion's pages", lambda: good() == 120)
        theirs.add_objects(raw([indicator(f"later {n}") for n in range(7)]))
        wait_until("forewarn feed: what came later", lambda: good() == 127)
        (feed,) = json.loads("[" + place.run("feed", "list", "--json") + "]")
        check("forewarn feed: no trouble", feed["trouble"] is None)
        place.run("feed", "remove", "medallion", "--as", "nora")


def main():
    with tempfile.TemporaryDirectory() as folder:
        with forewarn(PROGRAM, folder) as place:
            assert base64.b64decode(place.basic()[6:])
            stix2_stores(taxii2_client(place))
            feeds(place, folder)


main()
