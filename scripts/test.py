"""Runs all tests and ends with their number.

Go tests run with the race detector against one real mongod and one real meilisearch, started for the
run; then come the fuzzers, for some seconds each, the web app's own rules, the built server in a browser, and the built server against its
API document.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import fuzz
import gotests

ROOT = Path(__file__).resolve().parent.parent
GO = os.environ.get("GO", "go")


def app_tests() -> dict[str, int]:
    """Runs the tests of the web app: its rules with Vitest, and the built server in Chromium."""
    frontend = ROOT / "frontend"
    rules = subprocess.run(["npx", "vitest", "run", "--reporter=json"], cwd=frontend, stdout=subprocess.PIPE, text=True)
    try:
        result = json.loads(rules.stdout)
        counts = {"pass": result["numPassedTests"], "fail": result["numFailedTests"], "skip": result["numPendingTests"]}
    except (json.JSONDecodeError, KeyError):
        counts = {"pass": 0, "fail": 1, "skip": 0}
    if rules.returncode != 0:
        print(rules.stdout)
        counts["fail"] = max(counts["fail"], 1)
    environment = {**os.environ, "FELTBOG": str(under_test()), "CHROMIUM": shutil.which("chromium") or "chromium"}
    files = sorted(str(file.relative_to(frontend)) for file in (frontend / "e2e").glob("*.test.mjs"))
    # Each file has a server and a browser of its own, and waits much of its time for one or the other.
    browser = subprocess.run(
        ["node", "--test", "--test-concurrency=2", "--test-reporter=tap", *files],
        cwd=frontend,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    for key in counts:
        found = re.search(rf"^# {key}(?:ped)? (\d+)$", browser.stdout, re.MULTILINE)
        counts[key] += int(found.group(1)) if found else 0
    if browser.returncode != 0:
        print(browser.stdout)
        counts["fail"] = max(counts["fail"], 1)
    print(f"{'pass' if counts['fail'] == 0 else 'fail'}  frontend ({counts['pass']} tests)", flush=True)
    return counts


def under_test() -> Path:
    """Builds the server."""
    binary = ROOT / ".cache" / "feltbog-under-test"
    subprocess.run([GO, "build", "-o", binary, "./cmd/feltbog"], cwd=ROOT, check=True)
    return binary


def contract() -> dict[str, int]:
    """Holds the built server against its document."""
    done = subprocess.run([sys.executable, ROOT / "scripts" / "schemathesis" / "run.py", str(under_test())], cwd=ROOT)
    return {"pass": int(done.returncode == 0), "fail": int(done.returncode != 0), "skip": 0}


def fuzzers() -> dict[str, int]:
    """Gives every fuzzer a few seconds; `make fuzz` gives them more."""
    return fuzz.run(3)


def main() -> int:
    begun = time.monotonic()
    total = {"pass": 0, "fail": 0, "skip": 0}
    for name, part in PARTS.items():
        started = time.monotonic()
        for key, n in part().items():
            total[key] += n
        print(f"      {name}: {time.monotonic() - started:.0f} s", flush=True)
    print(f"All tests took {time.monotonic() - begun:.0f} s.")
    print(f"{total['pass']} passed, {total['fail']} failed, {total['skip']} skipped")
    return int(total["fail"] > 0 or total["pass"] == 0)


if __name__ == "__main__":
    sys.exit(main())
