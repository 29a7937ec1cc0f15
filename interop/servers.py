"""Servers to be asked, each a process of its own on loopback that ends with its `with` block."""

import base64
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

TAXII = "application/taxii+json;version=2.1"
PASSWORD = "loopback only"


class Place:
    """A running server: its URLs, and who may use it."""

    def __init__(self, name, discovery, collection, user, password, process, home=None):
        self.name, self.discovery, self.collection = name, discovery, collection
        self.user, self.password, self.process, self.home = user, password, process, home

    def basic(self, user=None, password=None):
        pair = f"{user or self.user}:{password or self.password}"
        return "Basic " + base64.b64encode(pair.encode()).decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, process, log):
    """Until anything answers there, even with an error."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{url} ended: {pathlib.Path(log).read_text()[-2000:]}")
            time.sleep(0.05)
    sys.exit(f"{url} did not answer")


@contextlib.contextmanager
def running(argv, folder, url, env=None):
    log = os.path.join(folder, "server.log")
    with open(log, "wb") as out:
        process = subprocess.Popen(argv, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        wait_for(url, process, log)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def forewarn(program, folder, more=""):
    """A node with an analyst; `more` is put behind its configuration."""
    home, port = os.path.join(folder, "home"), free_port()
    url = f"http://127.0.0.1:{port}"

    def run(*words):
        done = subprocess.run([program, "--home", home, *words], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{words}: {done.stderr}")
        return done.stdout.strip()

    subprocess.run(
        [program, "init", home, "--name", "interop.example", "--organisation", "Interop", "--url", url],
        check=True, capture_output=True,
    )
    with open(os.path.join(home, "forewarn.toml"), "a", encoding="utf-8") as config:
        config.write(more)
    argv = [program, "serve", "--home", home]
    with running(argv, folder, url + "/healthz") as process:
        for user, role in [("ana", "analyst"), ("rita", "reader"), ("nora", "node-admin"), ("sven", "service")]:
            run("user", "add", user, "--role", role)
        token = run("token", "add", "ana")
        collection = url + "/taxii2/api/collections/inbox/"
        place = Place("forewarn", url + "/taxii2/", collection, "ana", token, process, home)
        place.run = run
        yield place


@contextlib.contextmanager
def medallion(python, folder, page=1000):
    """PyPI's medallion with its memory store."""
    port, collection = free_port(), str(uuid.uuid4())
    url = f"http://127.0.0.1:{port}/"
    data, config = os.path.join(folder, "data.json"), os.path.join(folder, "config.json")
    root = {"title": "root", "versions": [TAXII], "max_content_length": 100 << 20}
    one = {
        "id": collection, "title": "c", "can_read": True, "can_write": True,
        "media_types": ["application/stix+json;version=2.1"], "objects": [], "manifest": [],
    }
    discovery = {"title": "medallion", "default": url + "root/", "api_roots": [url + "root/"]}
    stored = {"/discovery": discovery, "root": {"information": root, "status": [], "collections": [one]}}
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": data}
    settings = {"backend": backend, "users": {"ana": PASSWORD}, "taxii": {"max_page_size": page}}
    pathlib.Path(data).write_text(json.dumps(stored), encoding="utf-8")
    pathlib.Path(config).write_text(json.dumps(settings), encoding="utf-8")
    program = os.path.join(os.path.dirname(os.path.abspath(python)), "medallion")
    argv = [python, program, "--host", "127.0.0.1", "--port", str(port), config]
    with running(argv, folder, url + "taxii2/") as process:
        place = f"{url}root/collections/{collection}/"
        yield Place("medallion", url + "taxii2/", place, "ana", PASSWORD, process)


OPENTAXII = """\
domain: "127.0.0.1:{port}"
support_basic_auth: yes
return_server_error_details: no
auth_api:
  class: opentaxii.auth.sqldb.SQLDatabaseAPI
  parameters:
    db_connection: sqlite:///{folder}/auth.db
    create_tables: {create}
    secret: loopback-only
    token_ttl_secs: 3600
taxii1:
taxii2:
  title: opentaxii
  description: opentaxii
  contact: nobody
  max_content_length: 104857600
  public_discovery: no
  allow_custom_properties: yes
  persistence_api:
    class: opentaxii.persistence.sqldb.Taxii2SQLDatabaseAPI
    parameters:
      db_connection: sqlite:///{folder}/data.db
      create_tables: {create}
logging:
  opentaxii: warning
  root: warning
"""

# OpenTAXII 0.9.3 answers 500 wherever an answer holds a UUID (its issue 243), every POST among them.
# Its JSON writer is given a default, as the fix behind 0.9.3 does.
OPENTAXII_APP = """\
import functools, json, types
import opentaxii.taxii2.http
opentaxii.taxii2.http.json = types.SimpleNamespace(dumps=functools.partial(json.dumps, default=str))
from opentaxii.http import app
"""


@contextlib.contextmanager
def opentaxii(python, folder):
    """PyPI's OpenTAXII 0.9.3 on SQLite under gunicorn with two workers, by a bearer token: with Basic
    it hashes the password on every request."""
    import sqlite3

    port, bins = free_port(), os.path.dirname(os.path.abspath(python))
    for name, create in [("setup.yml", "yes"), ("opentaxii.yml", "no")]:
        text = OPENTAXII.format(port=port, folder=folder, create=create)
        pathlib.Path(folder, name).write_text(text, encoding="utf-8")
    pathlib.Path(folder, "app_for_bench.py").write_text(OPENTAXII_APP, encoding="utf-8")

    def run(name, *words):
        env = {**os.environ, "OPENTAXII_CONFIG": os.path.join(folder, "setup.yml")}
        argv = [python, os.path.join(bins, name), *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True, env=env, cwd=folder).stdout

    told = run("opentaxii-create-account", "--username", "ana", "--password", "ana")
    token = [line[7:] for line in told.splitlines() if line.startswith("token: ")][-1]
    run("opentaxii-update-account", "--username", "ana", "--field", "admin", "--value", "y")
    run("opentaxii-add-api-root", "--title", "root", "--default")

    def only_id(table):
        database = sqlite3.connect(os.path.join(folder, "data.db"))
        try:
            return str(uuid.UUID(database.execute(f"select id from {table}").fetchone()[0]))
        finally:
            database.close()

    root = only_id("opentaxii_api_root")
    run("opentaxii-add-collection", "--rootid", root, "--title", "c", "--alias", "c")
    env = {**os.environ, "OPENTAXII_CONFIG": os.path.join(folder, "opentaxii.yml")}
    argv = [python, "-m", "gunicorn", "app_for_bench:app", "--workers", "2", "--timeout", "600",
            "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--config", "python:opentaxii.http"]
    url = f"http://127.0.0.1:{port}/taxii2/"
    with running(argv, folder, url, env) as process:
        place = f"{url}{root}/collections/{only_id('opentaxii_collection')}/"
        yield Place("opentaxii", url, place, "ana", token, process)


def main():
    """`servers.py medallion|opentaxii FOLDER`: says where it is, and runs until its input ends."""
    name, folder = sys.argv[1], sys.argv[2]
    start = {"medallion": medallion, "opentaxii": opentaxii}[name]
    with start(sys.executable, folder) as place:
        authorization = place.basic() if name == "medallion" else "Bearer " + place.password
        told = {"discovery": place.discovery, "collection": place.collection,
                "authorization": authorization, "pid": place.process.pid}
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
