"""A real Prometheus, of Debian's, scrapes a real node; its promtool tries the alert rules; each
expression of rules and dashboard is asked, and names figures that the node gives.

Usage: metrics.py PROGRAM
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

LIMIT = 60
CONTRIB = pathlib.Path(__file__).resolve().parent.parent / "contrib"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, look):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            found = look()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.2)
    sys.exit(f"{what} did not come about")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


def expressions():
    """Every expression of the dashboard and of the rules, with where it stands."""
    dashboard = json.loads((CONTRIB / "grafana/forewarn.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"].replace('instance=~"$instance"', 'instance=~".+"')
    rules = (CONTRIB / "prometheus/forewarn.rules.yml").read_text()
    for name, expr in re.findall(r"- alert: (\w+)\n\s+expr: (.+)", rules):
        yield name, expr


def main(program):
    rules = CONTRIB / "prometheus/forewarn.rules.yml"
    print(run("promtool", "check", "rules", rules).strip())
    print(run("promtool", "test", "rules", CONTRIB / "prometheus/forewarn.rules.test.yml").strip())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        home, port, figures, own = folder / "home", free_port(), free_port(), free_port()
        run(program, "init", home, "--name", "west.example", "--organisation", "West",
            "--url", f"http://127.0.0.1:{port}", "--exercise")
        run(program, "backup", "key", folder / "key")
        recipient = (folder / "key").read_text().split()[3]
        (folder / "backups").mkdir()
        with open(home / "forewarn.toml", "a") as config:
            config.write(f'[metrics]\nlisten = "127.0.0.1:{figures}"\npartners = true\n'
                         f'[backup]\nfolder = "{folder}/backups"\nrecipients = ["{recipient}"]\n')
        (folder / "prometheus.yml").write_text(
            "global: { scrape_interval: 1s, evaluation_interval: 1s }\n"
            f"rule_files: ['{rules}']\n"
            "scrape_configs: [{ job_name: forewarn, static_configs: "
            f"[{{ targets: ['127.0.0.1:{figures}'] }}] }}]\n")
        node = subprocess.Popen([program, "serve", "--home", home],
                                stdout=subprocess.DEVNULL, stderr=open(folder / "log", "w"))
        prometheus = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
             f"--web.listen-address=127.0.0.1:{own}"],
            stdout=subprocess.DEVNULL, stderr=open(folder / "prometheus.log", "w"))
        try:
            def api(path, **query):
                url = f"http://127.0.0.1:{own}/api/v1/{path}?{urllib.parse.urlencode(query)}"
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return json.load(answer)["data"]

            def value(expression):
                found = api("query", query=expression)["result"]
                return [float(one["value"][1]) for one in found]

            until("the node", lambda: urllib.request.urlopen(f"http://127.0.0.1:{figures}/metrics", timeout=5))
            run(program, "user", "add", "ana", "--role", "analyst", "--home", home)
            (folder / "report.txt").write_text("A report names shop.tickets.example.")
            run(program, "intake", folder / "report.txt", "--as", "ana", "--home", home)
            until("an item in Prometheus", lambda: value("forewarn_items_total") == [1.0])
            until("a backup in Prometheus", lambda: value("time() - forewarn_backup_made_seconds < 3600"))
            targets = api("targets")["activeTargets"]
            assert [one["health"] for one in targets] == ["up"], targets
            known = set(api("label/__name__/values"))
            asked, unknown = 0, []
            # Of these the node tells once there is something to tell.
            later = re.compile(r"forewarn_(needs|cases|entries|contradictions|partner_|item_to|case_to|decision_to|release_to)")
            for where, expression in expressions():
                api("query", query=expression)
                asked += 1
                for name in re.findall(r"\b(?:forewarn_\w+|up)\b", expression):
                    if name not in known and not later.match(name):
                        unknown.append(f"{where}: {name}")
            assert not unknown, unknown
            groups = api("rules")["groups"]
            wrong = [rule["name"] for group in groups for rule in group["rules"] if rule["health"] == "err"]
            assert groups and not wrong, wrong
            firing = {one["labels"]["alertname"] for one in api("alerts")["alerts"] if one["state"] == "firing"}
            assert not firing, firing
            print(f"{len(known)} series, {asked} expressions asked, nothing fires: a real Prometheus reads the node")
        finally:
            for one in (prometheus, node):
                one.terminate()
            for one in (prometheus, node):
                one.wait(20)


main(pathlib.Path(sys.argv[1]).resolve())
