"""Runs the Go tests with the race detector, against one real mongod and one real meilisearch."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GO = os.environ.get("GO", "go")
CORES = os.cpu_count() or 2
# What takes longest begins first, so that nothing long is left for the end.
LONG = ["api", "coding", "exchange", "cmd/feltbog", "meili", "demo", "local"]
# Their tests have worlds of their own, and wait for the engines more than they work.
WAITING = {"api", "coding"}

printing = threading.Lock()


def run() -> dict[str, int]:
    """Builds the tests of all packages, starts the engines, and runs one package more at a time than there are cores."""
    counts = {"pass": 0, "fail": 0, "skip": 0}
    with tempfile.TemporaryDirectory(prefix="feltbog-tests-") as folder:
        begun = time.monotonic()
        # The engines start once all is built: compilers would leave them too little of the machine.
        # Symbols for debuggers are left out, as `go test` does.
        build = subprocess.run([GO, "test", "-race", "-c", "-ldflags=-s -w", "-o", folder + "/", "./..."], cwd=ROOT, stdout=subprocess.DEVNULL)
        if build.returncode != 0:
            return {"pass": 0, "fail": 1, "skip": 0}
        print(f"      built in {time.monotonic() - begun:.0f} s", flush=True)
        with engines() as environment, ThreadPoolExecutor(CORES + 1) as pool:
            jobs = [pool.submit(package, name, Path(folder), environment) for name in packages()]
        for job in jobs:
            for key, n in job.result().items():
                counts[key] += n
    return counts


def packages() -> list[str]:
    """Lists the folders that have tests, the long ones first."""
    tested = "{{if or .TestGoFiles .XTestGoFiles}}{{.Dir}}{{end}}"
    listed = subprocess.run([GO, "list", "-f", tested, "./..."], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    names = [str(Path(line).relative_to(ROOT)) for line in listed.stdout.split("\n") if line]
    return sorted(names, key=lambda name: (LONG.index(name) if name in LONG else len(LONG), name))


@contextlib.contextmanager
def engines():
    """Starts the engines, gives the environment in which tests find them, and ends them."""
    tell = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); sys.stdin.read()"
    command = [GO, "run", "./local/enginetest/run", "--", sys.executable, "-c", tell]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        if line == "":
            raise SystemExit("The engines for the Go tests didn't start.")
        yield json.loads(line)
        process.stdin.close()
        process.wait()


def package(name: str, folder: Path, environment: dict[str, str]) -> dict[str, int]:
    """Runs the tests of one package as `go test` does, prints what fails as it fails, and counts."""
    begun = time.monotonic()
    flags = ["-test.v=test2json", "-test.paniconexit0", "-test.timeout=20m"]
    if name in WAITING:
        flags.append(f"-test.parallel={CORES + 1}")
    command = [GO, "tool", "test2json", "-t", "-p", f"feltbog/{name}", str(folder / (Path(name).name + ".test")), *flags]
    counts = {"pass": 0, "fail": 0, "skip": 0}
    output: dict[str, list[str]] = {}
    where = {"cwd": ROOT / name, "env": {**environment, "PWD": str(ROOT / name)}}
    with subprocess.Popen(command, **where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        for line in process.stdout:
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                say(line)
                continue
            test, action = event.get("Test", ""), event["Action"]
            if action == "output":
                output.setdefault(test, []).append(event["Output"])
            elif action in counts and test:
                counts[action] += 1
                lines = output.pop(test, [])
                if action != "pass":
                    say("".join(lines))
    failed = counts["fail"] > 0 or process.returncode != 0
    if failed:
        counts["fail"] = max(counts["fail"], 1)
        say("".join(line for lines in output.values() for line in lines))  # a panic, a race, a test that never ended
    say(f"{'fail' if failed else 'pass'}  feltbog/{name} ({time.monotonic() - begun:.1f} s)\n")
    return counts


def say(words: str) -> None:
    """Prints what belongs together without the words of another package between it."""
    with printing:
        print(words, end="", flush=True)


if __name__ == "__main__":
    sys.exit(int(run()["fail"] > 0))
