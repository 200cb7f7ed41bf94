"""Runs all tests and ends with their number.

Go tests run with the race detector against one real mongod and one real meilisearch, started for the
run; then the built server is held against its API document by schemathesis.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GO = os.environ.get("GO", "go")


def go_tests() -> dict[str, int]:
    """Runs the Go tests, prints what fails as it fails, and counts."""
    command = [GO, "run", "./local/enginetest/run", "--", GO, "test", "-race", "-json", "-timeout", "20m", "./..."]
    counts = {"pass": 0, "fail": 0, "skip": 0}
    output: dict[tuple[str, str], list[str]] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                print(line, end="")
                continue
            key = (event.get("Package") or event.get("ImportPath", ""), event.get("Test", ""))
            action = event["Action"]
            if action in ("output", "build-output"):
                output.setdefault(key, []).append(event["Output"])
            elif action == "build-fail":
                print("".join(output.pop(key, [])))
                counts["fail"] += 1
            elif action in counts:
                lines = output.pop(key, [])
                if action == "fail" or (action == "skip" and key[1]):
                    print("".join(lines), end="", flush=True)
                if key[1]:
                    counts[action] += 1
                else:
                    print(f"{action:5} {key[0]} ({event.get('Elapsed', 0):.1f} s)", flush=True)
    if process.returncode != 0 and counts["fail"] == 0:
        print(f"The Go tests ended with exit code {process.returncode}.")
        counts["fail"] = 1
    return counts


def contract() -> dict[str, int]:
    """Holds the built server against its document."""
    binary = ROOT / ".cache" / "feltbog-under-test"
    subprocess.run([GO, "build", "-o", binary, "./cmd/feltbog"], cwd=ROOT, check=True)
    done = subprocess.run([sys.executable, ROOT / "scripts" / "schemathesis" / "run.py", str(binary)], cwd=ROOT)
    return {"pass": int(done.returncode == 0), "fail": int(done.returncode != 0), "skip": 0}


def main() -> int:
    begun = time.monotonic()
    total = {"pass": 0, "fail": 0, "skip": 0}
    for part in (go_tests, contract):
        for key, n in part().items():
            total[key] += n
    print(f"All tests took {time.monotonic() - begun:.0f} s.")
    print(f"{total['pass']} passed, {total['fail']} failed, {total['skip']} skipped")
    return int(total["fail"] > 0 or total["pass"] == 0)


if __name__ == "__main__":
    sys.exit(main())
