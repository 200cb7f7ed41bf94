#!/usr/bin/env python3
"""Reads and codes a Feltbog project from a script, with nothing but the standard library.

    export FELTBOG_URL=https://feltbog.example.org
    read -rs FELTBOG_TOKEN && export FELTBOG_TOKEN     # a personal token, see docs/scripts.md

    quickstart.py projects
    quickstart.py notes PROJECT
    quickstart.py codings PROJECT                      # a table as CSV
    quickstart.py code PROJECT NOTE CODE QUOTE         # needs a token that may write
    quickstart.py export PROJECT FILE                  # .csv, .xlsx or .jsonl

PROJECT and NOTE are ids; CODE is the key of a code, such as "foundation".
"""

import csv
import http.client
import json
import os
import pathlib
import secrets
import shutil
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

TRIES = 5


class Refused(Exception):
    """What the server said no to. `code` is for programs, the text for people."""

    def __init__(self, problem):
        super().__init__(problem.get("detail", "no answer"))
        self.code = problem.get("code", "")


class Feltbog:
    def __init__(self, url, token):
        self.url = url.rstrip("/") + "/api/v1"
        self.token = token

    def open(self, method, path, query=None, body=None):
        """Sends a request and gives the answer as a file. What passes is tried again.

        A repeated write is safe, since each carries a key of its own: the server does it once, and
        gives the first answer again.
        """
        address = self.url + path
        if query:
            address += "?" + urllib.parse.urlencode(query)
        headers = {"Authorization": "Bearer " + self.token}
        if method != "GET":
            headers["Idempotency-Key"] = uuid7()
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        for attempt in range(1, TRIES + 1):
            request = urllib.request.Request(address, method=method, headers=headers, data=body)
            try:
                return urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError as answer:
                problem = read_problem(answer)
                if answer.code not in (429, 503) or attempt == TRIES:
                    raise Refused(problem) from None
                wait = answer.headers.get("Retry-After", "")
                time.sleep(int(wait) if wait.isdecimal() else 2**attempt)
            except (OSError, http.client.HTTPException):  # no network, or the answer got lost
                if attempt == TRIES:
                    raise
                time.sleep(2**attempt)

    def ask(self, method, path, query=None, body=None):
        """Gives the JSON that the server answers."""
        with self.open(method, path, query, body) as answer:
            return json.load(answer)

    def items(self, path, query=None):
        """Walks through a list, page by page."""
        query = dict(query or {})
        while True:
            page = self.ask("GET", path, query)
            yield from page["items"]
            if not page["next"]:
                return
            query["cursor"] = page["next"]

    def codings(self, project, limit=1000):
        """The codings of a project, the newest first, as rows for a table: pandas.DataFrame(feltbog.codings(project))."""
        at = "/projects/" + project
        codes = {code["id"]: code["name"] for code in self.items(at + "/codes")}
        people = {}
        for former in ("false", "true"):  # who has left is called as the project says
            people.update((m["userId"], m["name"]) for m in self.items(at + "/members", {"former": former}))
        return [
            {
                "note": coding["note"]["title"],
                "observedOn": coding["note"]["observedOn"],
                "code": codes.get(coding["codeId"], ""),
                "coder": people.get(coding["coderId"], ""),
                "quote": coding["anchor"]["quote"],
                "start": coding["anchor"]["start"],
                "end": coding["anchor"]["end"],
                "createdAt": coding["createdAt"],
            }
            for coding in self.items(at + "/codings", {"limit": limit})
        ]

    def code(self, project, note, key, quote):
        """Puts a code on the first place where a quote stands in a note."""
        at = "/projects/" + project
        found = [code["id"] for code in self.items(at + "/codes") if code["key"] == key]
        if not found:
            raise SystemExit("There is no code with the key " + key)
        text = self.ask("GET", at + "/notes/" + note + "/text")["text"]
        start = text.find(quote)  # Python counts code points, as Feltbog does
        if start < 0:
            raise SystemExit("The note doesn't say that")
        anchor = {"start": start, "end": start + len(quote), "quote": quote}
        return self.ask("POST", at + "/codings", body={"noteId": note, "codeId": found[0], "anchor": anchor})

    def export(self, project, file):
        """Saves all codings as a file, in the format that its name ends with."""
        file = pathlib.Path(file)
        part = file.with_name(file.name + ".part")  # a download that broke off must not look whole
        with self.open("GET", "/projects/" + project + "/exports/codings", {"format": file.suffix[1:]}) as answer, part.open("wb") as out:
            shutil.copyfileobj(answer, out)
        part.replace(file)


def read_problem(answer):
    """The problem that an answer tells of, also where something between us and the server answered."""
    try:
        problem = json.load(answer)
        return problem if isinstance(problem, dict) else {}
    except ValueError:
        return {"detail": "The answer was %d." % answer.code}


def uuid7():
    """A UUID that begins with the time (RFC 9562, version 7), as keys and chosen ids have to be."""
    bits = time.time_ns() // 1_000_000 << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=bits))


def main(words):
    if not words or not os.environ.get("FELTBOG_URL") or not os.environ.get("FELTBOG_TOKEN"):
        sys.exit(__doc__)
    feltbog = Feltbog(os.environ["FELTBOG_URL"], os.environ["FELTBOG_TOKEN"])
    match words:
        case ["projects"]:
            for project in feltbog.items("/projects"):
                print(project["id"], project["name"])
        case ["notes", project]:
            for note in feltbog.items("/projects/" + project + "/notes", {"limit": 2}):  # so small to show the pages
                print(note["id"], note["observedOn"], note["title"])
        case ["codings", project]:
            rows = feltbog.codings(project)
            out = csv.DictWriter(sys.stdout, rows[0] if rows else [])
            out.writeheader()
            out.writerows(rows)
        case ["code", project, note, key, quote]:
            print(feltbog.code(project, note, key, quote)["id"])
        case ["export", project, file]:
            feltbog.export(project, file)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refusal:
        sys.exit("%s (%s)" % (refusal, refusal.code))
