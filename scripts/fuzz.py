"""Runs every fuzzer for some seconds: fuzz.py [seconds]. What one finds stands in its testdata/fuzz, to be kept as a seed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GO = os.environ.get("GO", "go")


def targets() -> list[tuple[str, str]]:
    """Lists the fuzzers: the package and the name of each."""
    found = []
    packages = sorted({str(file.parent.relative_to(ROOT)) for file in ROOT.glob("*/*_test.go") if "\nfunc Fuzz" in file.read_text()})
    for package in packages:
        listed = subprocess.run([GO, "test", "-list", "^Fuzz", f"./{package}"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        found += [(package, name) for name in listed.stdout.split() if name.startswith("Fuzz")]
    return found


def run(seconds: int) -> dict[str, int]:
    """Runs all of them, one after the other, and prints what is found."""
    counts = {"pass": 0, "fail": 0, "skip": 0}
    for package, name in targets():
        command = [GO, "test", "-run", "^$", "-fuzz", f"^{name}$", "-fuzztime", f"{seconds}s", "-fuzzminimizetime", "10x", f"./{package}"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        # At the end of its time go test now and then takes the deadline for a fault (go.dev/issue/75804).
        failed = done.returncode != 0 and ("context deadline exceeded" not in done.stdout or "Failing input" in done.stdout)
        counts["fail" if failed else "pass"] += 1
        if failed:
            print(done.stdout, flush=True)
    print(f"{'fail' if counts['fail'] else 'pass'}  fuzzers ({counts['pass']} of {sum(counts.values())}, {seconds} s each)", flush=True)
    return counts


if __name__ == "__main__":
    sys.exit(int(run(int(sys.argv[1]) if len(sys.argv) > 1 else 60)["fail"] > 0))
