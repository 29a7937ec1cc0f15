"""A node's API, tried by schemathesis from its own description: what it answers is what it says, whatever it is sent.

Usage: described.py PROGRAM SCHEMATHESIS [EXAMPLES]
"""

import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "ignored_auth",
]
# Streams do not end; whoever changes his own password or factor at random locks the test out.
LEFT_OUT = [
    "/api/v1/events",
    "/api/v1/account/password",
    "/api/v1/account/factor",
    "/api/v1/account/factor/confirm",
    "/api/v1/session/device",
    "/api/v1/session/device/poll",
]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until_ready(address):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("the node did not start")


def main(program, schemathesis, examples):
    # Both run in another folder. The interpreter beside a program of an environment is found by its own path.
    program = str(pathlib.Path(program).resolve())
    schemathesis = str(pathlib.Path(schemathesis).absolute())
    with tempfile.TemporaryDirectory() as folder:
        home = str(pathlib.Path(folder) / "home")

        def good(*words):
            done = subprocess.run([program, *words, "--home", home], capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"{' '.join(words)}: {done.stderr}")
            return done.stdout

        port = free_port()
        address = f"http://127.0.0.1:{port}"
        init = [program, "init", home, "--name", "west.example", "--organisation", "West", "--url", address]
        subprocess.run(init, check=True, capture_output=True)
        node = subprocess.Popen([program, "serve", "--home", home], stderr=subprocess.DEVNULL)
        try:
            until_ready(address)
            good("user", "add", "nora", "--role", "node-admin")
            token = good("token", "add", "nora").strip()
            left_out = [part for path in LEFT_OUT for part in ("--exclude-path", path)]
            command = [
                schemathesis, "run", f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}",
                "--checks", ",".join(CHECKS), "--max-examples", examples, "--seed", "1", "--phases", "coverage,fuzzing",
                "--suppress-health-check", "all", "--warnings", "off", "--generation-database", "none",
                "--max-time", "240", "--continue-on-failure", *left_out,
            ]
            done = subprocess.run(command, check=False, cwd=folder)
            if node.poll() is not None:
                sys.exit("the node ended")
            sys.exit(done.returncode)
        finally:
            node.terminate()
            node.wait(30)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "15")
