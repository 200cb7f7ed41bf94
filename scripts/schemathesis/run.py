#!/usr/bin/env python3
"""Runs schemathesis over the API's document against a running server, for a bounded time.

    run.py BINARY                          starts the server itself, on data that it throws away
    run.py --url URL --email E --password P  asks a server that runs; an account there is needed

Every operation is called with examples, with the edges of what its document allows and refuses, and
with random requests. Answers must be no fault of the server and as documented. The seed is fixed. So that
the run isn't hollow, all but a few operations must also have succeeded at least once.
"""

import argparse
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from classroom import classroom

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENV = ROOT / ".cache" / "venv"
REQUIREMENTS = HERE / "requirements.txt"

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
# What the requests can't bring about: they know no password, have no cookie and get no letters; and the
# document is fetched once before they begin.
BEYOND = {"forgotPassword", "resetPassword", "refresh", "deleteMe", "changePassword", "changeEmail", "showDocument"}

TEXT = "Preben pulls out a drawer and runs a finger along the tabs. It all stands on this, he says, and stamps on the concrete floor."


def main():
    options = parse()
    python = environment()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feltbog-schemathesis-")))
        if options.url:
            people = Client(options.url)
            people.sign_in(options.email, options.password)
        else:
            people = Client(stack.enter_context(server(options.binary, folder)))
            people.sign_up("schemathesis@example.org", secrets.token_urlsafe())  # not the account of the examples
        sys.exit(run(python, folder, people, options))


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary", nargs="?", help="the server to start, such as bin/feltbog")
    p.add_argument("--url", help="a server that runs, such as http://127.0.0.1:8080")
    p.add_argument("--email")
    p.add_argument("--password")
    p.add_argument("--seconds", type=int, default=60, help="how long (60)")
    p.add_argument("--examples", type=int, default=5, help="random requests of each operation (5)")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", action="append", default=[], metavar="OPERATION", help="only this operation; may stand several times")
    options = p.parse_args()
    if bool(options.binary) == bool(options.url):
        p.error("give either a binary to start or the URL of a server that runs")
    if options.url and not (options.email and options.password):
        p.error("a server that runs needs --email and --password")
    return options


def environment():
    """Makes the virtual environment with the pinned packages, if it isn't there, and gives its Python."""
    python = VENV / "bin" / "python"
    stamp = VENV / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        sys.exit("Python can't make virtual environments here. Install the package python3-venv.")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS]
    if subprocess.run(install).returncode != 0:
        shutil.rmtree(VENV)
        sys.exit("The packages of scripts/schemathesis/requirements.txt could not be installed.")
    stamp.write_text(wanted)
    return python


@contextlib.contextmanager
def server(binary, folder):
    """Starts a server on a free port and on data of its own, and stops it in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [binary, "serve", "--addr", address, "--data", folder / "data"],
            env={**os.environ, "FELTBOG_SIGN_UP": "open"}, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        )
    try:
        wait(process, "http://" + address, log)
        yield "http://" + address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait(process, url, log):
    """Waits until the engines answer."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url + "/readyz", timeout=5):
                return
        time.sleep(0.1)
    sys.exit("The server didn't start:\n" + log.read_text(errors="replace"))


class Client:
    """Builds, over the API, what the requests are to meet."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.token = self.spare_token = self.spare = ""

    def sign_up(self, email, password, name="Lea Winther", **more):
        self.post("/auth/sign-up", {"email": email, "name": name, "password": password, **more})
        self.sign_in(email, password)

    def sign_in(self, email, password):
        """Signs in three times: for the requests, and with two sessions that they may end."""
        self.token, self.spare_token, third = [
            self.post("/auth/sign-in", {"email": email, "password": password})["accessToken"] for _ in range(3)
        ]
        self.spare = session_of(third)

    def send(self, method, path, body=None, media="application/json", headers=None):
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method, headers=headers or {})
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        if body is not None:
            request.add_header("Content-Type", media)
            request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                content = answer.read()
                self.location = answer.headers.get("Location", "")
        except urllib.error.HTTPError as fault:
            sys.exit("%s %s = %d\n%s" % (method, path, fault.code, fault.read().decode(errors="replace")))
        return json.loads(content) if content else None

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body):
        return self.send("POST", path, body)

    def upload(self, path, name, text, metadata='{"kind": "document"}'):
        """Makes a note of a file, and gives its id."""
        part = '--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        head = part % ("metadata", "", metadata) if metadata else ""
        form = head + part % ("files", '; filename="%s"' % name, text) + "--b--\r\n"
        return self.send("POST", path, form.encode(), "multipart/form-data; boundary=b")["items"][0]["noteId"]

    def begin(self, project, name, text):
        """Uploads a file to be looked at, and gives the id of the upload."""
        head = {
            "Tus-Resumable": "1.0.0", "Upload-Length": str(len(text)),
            "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode(),
        }
        self.send("POST", "/projects/%s/uploads" % project, text.encode(), "application/offset+octet-stream", head)
        return self.location.rsplit("/", 1)[1]

    def attach(self, project, note, name):
        """Attaches a file to a note, and gives the id of the file."""
        form = '--b\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n--b--\r\n' % (name, name)
        at = "/projects/%s/notes/%s/attachments" % (project, note)
        return self.send("POST", at, form.encode(), "multipart/form-data; boundary=b")["attachments"][-1]["id"]

    def project(self, name):
        return self.post("/projects", {"name": name})["id"]


def session_of(token):
    """The session that an access token is of."""
    claims = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sid"]


def world(c):
    """Makes a project to work in, and for each operation that takes something away something of its own."""
    project = c.project("Schemathesis")
    at = "/projects/" + project

    def make(noun, **fields):
        return c.post(at + "/" + noun, fields)["id"]

    site = make("sites", name="Havnsø Kommune", kind="municipality")
    participant = make("participants", pseudonym="Ulla", actorRole="caseworker", siteId=site)
    codes = [make("codes", name=name) for name in ("Data as foundation", "To merge", "To change", "To delete")]

    def note(title):
        return make("notes", title=title, kind="fieldNote", siteId=site, observedOn="2022-02-09", language="en", text=TEXT)

    def coding(start):
        return make("codings", noteId=first, codeId=codes[0], anchor={"start": start, "end": start + 6, "quote": TEXT[start : start + 6]})

    def memo(text):
        return make("memos", target={"noun": "note", "id": first}, text=text)

    first = note("The index cards in the basement")
    codings = [coding(start) for start in range(6)]

    def link(to):
        return make("links", fromId=codings[0], toId=codings[to], kind="contrasts")

    def comment(text):
        return make("comments", codingId=codings[1], text=text)

    def binned(noun, record):
        c.send("DELETE", at + "/" + noun + "/" + record)
        return record

    friends = []
    for n in range(2):
        user = c.post("/users", {"email": "friend%d-%s@example.org" % (n, project), "name": "Bo Thygesen"})
        friends.append(c.post(at + "/members", {"email": user["email"], "role": "coder"})["userId"])
    gone = [c.project("In the bin") for _ in range(2)]
    for other in gone:
        c.send("DELETE", "/projects/" + other)
    history = c.project("History")
    for name in ("Registerstyrelsen", "Bregnsund Kommune"):
        c.post("/projects/%s/sites" % history, {"name": name})
    events = [event["id"] for event in c.get("/projects/%s/events?noun=site" % history)["items"]]
    uploaded = c.upload(at + "/imports", "ulla.txt", TEXT)
    address = c.get(at + "/notes/" + uploaded + "/file")["url"]
    uploads = [c.begin(project, "day %d.txt" % n, TEXT + str(n)) for n in range(4)]
    files = [c.attach(project, first, name) for name in ("board.txt", "wall.txt")]
    tomorrow = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    tokens = [c.post("/me/tokens", {"name": "To end", "scope": "read", "expiresAt": tomorrow})["token"]["id"] for _ in range(4)]

    def invitation(owner, **fields):
        made = c.post("/projects/%s/invitations" % owner, {"role": "reader", **fields})["items"][0]
        return made["invitation"]["id"], made["link"].rsplit("/", 1)[1]

    def shared(name):
        """A project with another owner."""
        other = c.project(name)
        c.post("/projects/%s/members" % other, {"email": "friend0-%s@example.org" % project, "role": "owner"})
        return other

    _, secret = invitation(project, maxUses=0)
    me = c.get("/me")["id"]

    def round(name, blind=False):
        """A round that can go blind: a note of its own, which is coded with a code of its own."""
        of, code = note(name), make("codes", name=name)
        made = make(
            "rounds", name=name, noteIds=[of], codeIds=[code], coderIds=[me], codersPerNote=1,
            assignment=[{"noteId": of, "coderIds": [me]}],
        )
        if blind:
            c.send("POST", at + "/rounds/" + made + "/move", b'{"to": "blind"}', headers={"If-Match": '"1"'})
        return made, of

    def locked(name):
        """A round of its own that is locked, so that who codes in it sees how far it has come."""
        made, _ = round(name, blind=True)
        c.send("POST", at + "/rounds/" + made + "/move", b'{"to": "locked"}', headers={"If-Match": '"2"'})
        return made

    student = Client(c.url)
    door = c.post("/courses", {"name": "The door", "term": "", "language": "en"})["id"]
    by = c.post("/courses/%s/join" % door, {})["code"]
    student.sign_up("student-%s@example.org" % project, secrets.token_urlsafe(), "Anna Ask", course=by)
    of_class, own_of_class = classroom(c, student, project, first, TEXT)

    blind, its_note = round("Blind", blind=True)
    known = {
        "project": project, "site": site, "participant": participant, "note": first, "code": codes[0], "coding": codings[0], "other": codings[4],
        "memo": memo("The foundation is praised by those who don't have to repair it."), "link": link(1), "comment": comment("Is it?"),
        "user": friends[0], "key": "data-in-organisational-practice", "noun": "note", "record": first,
        "invitation": invitation(project)[0], "secret": secret,
        "event": events[0], "token": address.rsplit("/", 1)[1],
        "upload": uploads[0], "file": files[0], "round": round("To change")[0],
        **of_class,
    }
    own = {
        **own_of_class,
        "changeProject": {"project": c.project("To archive")}, "deleteProject": {"project": c.project("To delete")},
        "restoreProject": {"project": gone[0]}, "purgeProject": {"project": gone[1]}, "removeMember": {"user": friends[1]},
        "withdrawInvitation": {"invitation": invitation(project)[0]}, "leaveProject": {"project": shared("To leave")},
        "handOver": {"project": shared("To hand over")},
        "deleteSite": {"site": make("sites", name="To delete")}, "deleteParticipant": {"participant": make("participants", pseudonym="To delete")},
        "deleteNote": {"note": note("To delete")}, "editText": {"note": note("To edit")}, "changeNote": {"note": note("To change")},
        "mergeCode": {"code": codes[1]}, "changeCode": {"code": codes[2]}, "deleteCode": {"code": codes[3]},
        "deleteRound": {"round": round("To delete")[0]}, "moveRound": {"round": [round("To begin %d" % n)[0] for n in range(4)]},
        "drawRound": {"round": round("To draw")[0]}, "listRoundProgress": {"round": locked("Locked")},
        "markDone": {"round": blind, "note": its_note}, "unmarkDone": {"round": blind, "note": its_note},
        "removeCoding": {"coding": codings[2]}, "deleteMemo": {"memo": memo("To delete")}, "deleteLink": {"link": link(3)},
        "deleteComment": {"comment": [comment("To delete") for _ in range(4)]},
        "cancelUpload": {"upload": uploads[1]}, "readUploadAgain": {"upload": uploads[2]}, "detachFile": {"file": files[1]},
        "undo": {"project": history, "event": events}, "signFile": {"note": uploaded},
        "endToken": {"token": tokens},
        "restoreRecord": {"noun": "note", "record": binned("notes", note("To restore"))},
        "purgeRecord": {"noun": "note", "record": binned("notes", note("To purge"))},
    }
    fields = {
        "siteId": "site", "noteId": "note", "codeId": "code", "codingId": "coding", "fromProjectId": "project", "into": "code", "fromId": "coding", "toId": "other",
        "uploadId": "upload", "token": "secret", "userId": "user", "projectId": "project", "promptId": "prompt", "memberId": "member", "groupId": "group",
    }
    return {
        "url": c.url, "token": c.token, "studentToken": student.token, "spareToken": c.spare_token, "spare": c.spare,
        "text": TEXT, "known": known, "own": own, "fields": fields, "tomorrow": tomorrow,
    }


def run(python, folder, people, options):
    (folder / "schemathesis.toml").write_text(
        'hooks = %s\nmax-stream-events = 1\n[auth]\nauto-signup = false\n[warnings]\nenabled = false\n' % json.dumps(str(HERE / "hooks.py"))
    )
    report = folder / "report.json"
    command = [
        python, "-m", "schemathesis.cli", "--config-file", folder / "schemathesis.toml", "--no-color",
        "run", people.url + "/api/openapi.yaml",
        "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--seed", options.seed,
        "--max-examples", options.examples, "--max-time", options.seconds, "--max-failures", 20, "--request-timeout", 30,
        "--generation-database", "none", "--suppress-health-check", "all", "--no-shrink",
    ]
    for operation in options.only:
        command += ["--include-operation-id", operation]
    environ = {**os.environ, "FELTBOG_WORLD": json.dumps({**world(people), "report": str(report)})}
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environ)
    if done.returncode == 0 and not options.only:
        return succeeded(people, json.loads(report.read_text()))
    log = folder / "server.log"
    if done.returncode != 0 and log.exists():
        faults = [line for line in log.read_text(errors="replace").splitlines() if "ERROR" in line]
        print("What the server says of its faults:", *faults[-20:], sep="\n")
    return done.returncode


def succeeded(people, counts):
    """Says which operations never succeeded, and whether that is more than can be expected."""
    with urllib.request.urlopen(people.url + "/api/openapi.yaml", timeout=30) as answer:
        operations = set(re.findall(r"^ +operationId: (\w+)$", answer.read().decode(), re.MULTILINE))
    hollow = operations - set(counts) - BEYOND
    print("%d of %d operations succeeded at least once" % (len(operations & set(counts)), len(operations)))
    if hollow:
        print("These never did: " + ", ".join(sorted(hollow)))
    return 1 if len(hollow) > len(operations) // 4 else 0


if __name__ == "__main__":
    main()
