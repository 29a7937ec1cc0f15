"""Mail of a node, taken by aiosmtpd: a real server reads each message as a mailbox would.

Usage: told.py PROGRAM
"""

import email
import email.policy
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from aiosmtpd.controller import Controller

LIMIT = 30


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, message))
        return "250 taken"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, look):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    sys.exit(f"{what} did not come about")


def main(program):
    program = str(pathlib.Path(program).resolve())
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder) / "home"
        port = free_port()

        def run(*words):
            command = [program, *words, "--home", str(home)]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        def good(*words):
            done = run(*words)
            if done.returncode != 0:
                sys.exit(f"{words}: {done.stderr}")
            return done.stdout

        subprocess.run(
            [program, "init", str(home), "--name", "west.example", "--organisation", "West",
             "--url", f"http://127.0.0.1:{port}"], check=True, capture_output=True)
        config = home / "forewarn.toml"
        config.write_text(
            config.read_text()
            + f'\n[[notifier]]\nname = "mail"\nkind = "mail"\nserver = "127.0.0.1:{server.port}"\n'
            'from = "forewarn@west.example"\n')
        node = subprocess.Popen([program, "serve", "--home", str(home)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until("the node", lambda: run("card").returncode == 0)
            for name, role in [("ana", "analyst"), ("dora", "duty-officer"),
                               ("nora", "node-admin"), ("paul", "partner-admin")]:
                good("user", "add", name, "--role", role)
            good("notify", "test", "mail", "--to", "dora@west.example", "--as", "nora")
            good("duty", "means", "dora", "--by", "mail=dora@west.example", "--as", "nora")
            good("duty", "rule", "all", "--who", "user:dora", "--kind", "finding", "--as", "nora")
            good("partner", "add-without-node", "cert.example", "--organisation", "C",
                 "--as", "paul")
            report = pathlib.Path(folder) / "report.txt"
            report.write_text("A bombing is planned.")
            good("intake", str(report), "--as", "ana")
            item = good("item", "list", "--json").split('"id":"')[1].split('"')[0]
            good("case", "open", "--partner", "cert.example", "--item", item,
                 "--urgency", "immediate", "--as", "ana")
            until("the mail", lambda: len(box.mails) == 2)
        finally:
            node.terminate()
            node.wait()
    server.stop()
    for to, message in box.mails:
        assert to == ["dora@west.example"], to
        assert message["to"] == "dora@west.example" and message["bcc"] is None
        assert message["message-id"].endswith("@west.example>"), message["message-id"]
    _, told = box.mails[1]
    assert told["subject"].startswith("west.example: IMMEDIATE finding case-1, due "), told["subject"]
    assert "bombing" not in told.as_string() and "cert.example" not in told.as_string()
    print(f"told: {len(box.mails)} mails, as a mailbox reads them")


if __name__ == "__main__":
    main(sys.argv[1])
