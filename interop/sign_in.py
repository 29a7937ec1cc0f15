"""Signing in at other people's OpenID provider: npm `oidc-provider`, by the device flow (RFC 8628).

Run by `make oidc`: `sign_in.py PROGRAM FOLDER`, where FOLDER has node_modules. A person of ours opens
the address that `forewarn login --oidc` shows, and types name and password into the provider's pages.
"""

import html
import http.cookiejar
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from servers import forewarn, free_port, running

PROGRAM, FOLDER = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
HERE = pathlib.Path(__file__).parent
GOOD, BAD = ["RS256", "ES256", "EdDSA"], ["PS256", "HS256"]


def check(what, good):
    print(("ok    " if good else "WRONG ") + what)
    if not good:
        sys.exit(1)


class Browser:
    """As much of one as the provider's pages need."""

    def __init__(self):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def open(self, url, fields=None):
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        with self.opener.open(url, data, timeout=20) as answer:
            self.url, self.page = answer.url, answer.read().decode()

    def submit(self, **more):
        """The first form of the page, with what a person types."""
        form = re.search(r"<form.*?</form>", self.page, re.S).group()
        action = html.unescape(re.search(r'action="([^"]*)"', form).group(1))
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
        fields = {}
        for one in hidden:
            name = re.search(r'name="([^"]*)"', one)
            value = re.search(r'value="([^"]*)"', one)
            fields[name.group(1)] = html.unescape(value.group(1)) if value else ""
        self.open(urllib.parse.urljoin(self.url, action), {**fields, **more})


def at_provider(url, person):
    browser = Browser()
    browser.open(url)
    for _ in range(8):
        if 'name="login"' in browser.page:
            browser.submit(login=person, password="anything")
        elif "<form" in browser.page:
            browser.submit()
        else:
            return browser.page
    sys.exit(f"the provider's pages do not end: {browser.page[-500:]}")


def login(node_url, home, person):
    """`forewarn login` at a machine of the person's own; what it prints."""
    env = {"HOME": home, "PATH": os.environ["PATH"]}
    argv = [PROGRAM, "login", node_url, "--oidc"]
    process = subprocess.Popen(
        argv, cwd=home, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )
    said = ""
    for line in process.stdout:
        said += line
        found = re.search(r"open (http\S+)", line)
        if found:
            at_provider(found.group(1), person)
    return process.wait(60), said


def whoami(node_url, home):
    argv = [PROGRAM, "whoami", "--url", node_url]
    env = {"HOME": home, "PATH": os.environ["PATH"]}
    return subprocess.run(argv, cwd=home, env=env, capture_output=True, text=True).stdout


def attempt(issuer, algorithm):
    config = f"""
[[oidc]]
name = "interop"
issuer = "{issuer}"
client_id = "forewarn-{algorithm}"
secret_file = "interop"
scopes = ["groups"]
roles = [{{ claim = "groups", value = "cert", role = "analyst" }}]
"""
    with tempfile.TemporaryDirectory() as folder, forewarn(PROGRAM, folder, config) as place:
        secrets = pathlib.Path(place.home) / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "interop").write_text("loopback only, 32 bytes at least", encoding="utf-8")
        place.run("user", "link", "ana", issuer, "ana")
        place.run("user", "link", "rita", issuer, "rita")
        url = place.discovery.removesuffix("/taxii2/")
        home = os.path.join(folder, "person")
        os.mkdir(home)
        status, said = login(url, home, "ana")
        if algorithm in BAD:
            check(f"{algorithm}: refused", status == 1 and "the name, the password" in said)
            return
        check(f"{algorithm}: signed in", status == 0 and "signed in as ana" in said)
        who = whoami(url, home)
        check(f"{algorithm}: as herself", "user:ana" in who and "(analyst)" in who)
        if algorithm == GOOD[0]:
            status, _ = login(url, home, "rita")
            check("without the group that the table asks for: refused", status == 1)
            status, _ = login(url, home, "mallory")
            check("whom nobody has linked: refused", status == 1)


def main():
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    argv = ["node", str(HERE / "provider.mjs"), FOLDER, str(port)]
    with tempfile.TemporaryDirectory() as folder, running(argv, folder, issuer):
        for algorithm in GOOD + BAD:
            attempt(issuer, algorithm)


main()
