"""Runs every fuzzer for some seconds: fuzz.py [seconds]. What one finds stands in its testdata/fuzz, to be kept as a seed."""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GO = os.environ.get("GO", "go")


def packages() -> list[str]:
    """Lists the folders that have fuzzers."""
    return sorted({str(file.parent.relative_to(ROOT)) for file in ROOT.glob("*/*_test.go") if "\nfunc Fuzz" in file.read_text()})


def build(package: str, folder: Path) -> Path:
    """Builds the fuzzers of a package, once for all of them; `go test -fuzz` would link them anew for each."""
    binary = folder / f"{package}.test"
    subprocess.run([GO, "test", "-c", "-fuzz=.", "-ldflags=-s -w", "-o", binary, f"./{package}"], cwd=ROOT, check=True)
    return binary


def fuzzers(binary: Path) -> list[str]:
    """Lists the names of the fuzzers that were built."""
    listed = subprocess.run([binary, "-test.list", "^Fuzz"], stdout=subprocess.PIPE, text=True, check=True)
    return [name for name in listed.stdout.split() if name.startswith("Fuzz")]


def run(seconds: int) -> dict[str, int]:
    """Runs all of them, one after the other on all cores, and prints what is found."""
    counts = {"pass": 0, "fail": 0, "skip": 0}
    cache = subprocess.run([GO, "env", "GOCACHE"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    with tempfile.TemporaryDirectory(prefix="feltbog-fuzzers-") as folder:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            built = list(pool.map(lambda package: (package, build(package, Path(folder))), packages()))
        for package, binary in built:
            for name in fuzzers(binary):
                counts["pass" if fuzz(package, binary, name, seconds, cache) else "fail"] += 1
    print(f"{'fail' if counts['fail'] else 'pass'}  fuzzers ({counts['pass']} of {sum(counts.values())}, {seconds} s each)", flush=True)
    return counts


def fuzz(package: str, binary: Path, name: str, seconds: int, cache: str) -> bool:
    """Runs one fuzzer as `go test` does; what it learns of ways through the code stays in Go's cache."""
    wanted = ["-test.fuzz", f"^{name}$", "-test.fuzztime", f"{seconds}s", "-test.fuzzminimizetime", "10x"]
    command = [binary, "-test.paniconexit0", "-test.timeout=0", "-test.run", "^$", *wanted, "-test.fuzzcachedir", f"{cache}/fuzz/feltbog/{package}"]
    done = subprocess.run(command, cwd=ROOT / package, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # At the end of its time it now and then takes the deadline for a fault (go.dev/issue/75804).
    failed = done.returncode != 0 and ("context deadline exceeded" not in done.stdout or "Failing input" in done.stdout)
    if failed:
        print(done.stdout, flush=True)
    return not failed


if __name__ == "__main__":
    sys.exit(int(run(int(sys.argv[1]) if len(sys.argv) > 1 else 60)["fail"] > 0))
