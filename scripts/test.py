"""Runs all tests and ends with their number.

Go tests run with the race detector against one real mongod and one real meilisearch, started for the
run; then come the fuzzers, for some seconds each, the web app's own rules, the built server in a browser,
and the built server against its API document. What each part took is printed after it.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fuzz
import gotests

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
GO = os.environ.get("GO", "go")


def rules() -> dict[str, int]:
    """Runs the web app's own rules with Vitest."""
    ran = subprocess.run(["npx", "vitest", "run", "--reporter=json"], cwd=FRONTEND, stdout=subprocess.PIPE, text=True)
    try:
        result = json.loads(ran.stdout)
        counts = {"pass": result["numPassedTests"], "fail": result["numFailedTests"], "skip": result["numPendingTests"]}
    except (json.JSONDecodeError, KeyError):
        counts = {"pass": 0, "fail": 1, "skip": 0}
    if ran.returncode != 0:
        print(ran.stdout)
        counts["fail"] = max(counts["fail"], 1)
    return counts


def browser() -> dict[str, int]:
    """Runs the built server in Chromium."""
    files = sorted(str(file.relative_to(FRONTEND)) for file in (FRONTEND / "e2e").glob("*.test.mjs"))
    environment = {"FELTBOG": str(under_test()), "CHROMIUM": shutil.which("chromium") or "chromium"}
    # Each file has a server and a browser of its own, and much of its time is waiting for one or the other.
    command = ["node", "--test", "--test-concurrency=2", "--test-reporter=tap", *files]
    with in_memory() as folder:
        ran = subprocess.run(command, cwd=FRONTEND, env={**os.environ, **environment, **folder}, stdout=subprocess.PIPE, text=True)
    counts = {"pass": 0, "fail": 0, "skip": 0}
    for key in counts:
        found = re.search(rf"^# {key}(?:ped)? (\d+)$", ran.stdout, re.MULTILINE)
        counts[key] += int(found.group(1)) if found else 0
    if ran.returncode != 0:
        print(ran.stdout)
        counts["fail"] = max(counts["fail"], 1)
    return counts


@contextlib.contextmanager
def in_memory():
    """Gives an environment in which servers put their data in memory, if there is room, for a part that starts many."""
    memory = "/dev/shm"
    room = os.path.isdir(memory) and shutil.disk_usage(memory).free > 4 << 30
    with tempfile.TemporaryDirectory(prefix="feltbog-", dir=memory if room else None, ignore_cleanup_errors=True) as folder:
        yield {"TMPDIR": folder}


def under_test() -> Path:
    """Builds the server."""
    binary = ROOT / ".cache" / "feltbog-under-test"
    subprocess.run([GO, "build", "-o", binary, "./cmd/feltbog"], cwd=ROOT, check=True)
    return binary


def contract() -> dict[str, int]:
    """Holds the built server against its document."""
    command = [sys.executable, ROOT / "scripts" / "schemathesis" / "run.py", str(under_test())]
    with in_memory() as folder:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **folder})
    return {"pass": int(done.returncode == 0), "fail": int(done.returncode != 0), "skip": 0}


def fuzzers() -> dict[str, int]:
    """Gives every fuzzer a few seconds; `make fuzz` gives them more."""
    return fuzz.run(3)


PARTS = {
    "Go tests": gotests.run,
    "fuzzers": fuzzers,
    "rules of the web app": rules,
    "server in a browser": browser,
    "server against its document": contract,
}


def main() -> int:
    begun = time.monotonic()
    total = {"pass": 0, "fail": 0, "skip": 0}
    for name, part in PARTS.items():
        started = time.monotonic()
        counts = part()
        print(f"{'fail' if counts['fail'] else 'pass'}  {name}: {counts['pass']} passed in {time.monotonic() - started:.0f} s", flush=True)
        for key, n in counts.items():
            total[key] += n
    print(f"All tests took {time.monotonic() - begun:.0f} s.")
    print(f"{total['pass']} passed, {total['fail']} failed, {total['skip']} skipped")
    return int(total["fail"] > 0 or total["pass"] == 0)


if __name__ == "__main__":
    sys.exit(main())
