"""What every committed file keeps to: no registry, no machine path, small enough to read."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Put together here, so that this file does not name them either.
REGISTRIES = (
    "pyp" + "i.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "yarn" + "pkg.com",
    "debian" + ".org/debian",
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|farm|root|home|Users)/\w")
HOST = re.compile(r"https?:|--(?:extra-)?index-url|--find-links|\bfile:")
LOCKS = ("*.lock", "package-lock.json")
LONGEST, LONGEST_TEST = 300, 400


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Path to content, of each text file that is committed or about to be."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a clone, or no git to ask what is in it")
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    raw = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if path.is_file()}
    return {name: data.decode(errors="replace") for name, data in raw.items() if b"\0" not in data}


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert not [name for name, text in texts.items() if any(host in text for host in REGISTRIES)]


def test_no_file_names_a_path_of_the_machine_it_was_made_on(texts: dict[str, str]) -> None:
    found = {name: match[0] for name, text in texts.items() if (match := MACHINE_PATH.search(text))}
    assert not found


def test_no_lock_file_says_where_its_packages_come_from() -> None:
    locks = [path for pattern in LOCKS for path in ROOT.glob(pattern)]
    assert len(locks) == 6
    assert not [lock.name for lock in locks if HOST.search(lock.read_text())]


def test_every_locked_python_package_has_its_hashes() -> None:
    for lock in ROOT.glob("*.lock"):
        packages = re.findall(r"^[\w.-]+==.*(?:\n +--hash=.*)*", lock.read_text(), re.MULTILINE)
        assert packages
        assert not [package for package in packages if "--hash=sha256:" not in package]


def test_the_locks_hold_every_direct_dependency() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for lock, names in {
        "requirements.lock": wanted["project"]["dependencies"],
        "requirements-dev.lock": wanted["dependency-groups"]["dev"],
    }.items():
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(), re.MULTILINE))
        assert not {re.split(r"[^\w.-]", name)[0] for name in names} - locked


def test_the_two_locks_agree() -> None:
    pin = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)
    run = set(pin.findall((ROOT / "requirements.lock").read_text()))
    dev = set(pin.findall((ROOT / "requirements-dev.lock").read_text()))
    assert not run - dev


def test_make_help_lists_every_target() -> None:
    rules = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert rules
    shown = subprocess.check_output(["make", "-s", "help"], cwd=ROOT, text=True)
    assert re.findall(r"^make (\w+)", shown, re.MULTILINE) == rules[1].split()


def test_no_source_file_holds_two_rooms(texts: dict[str, str]) -> None:
    def limit(name: str) -> int:
        return LONGEST_TEST if name.startswith("tests/") else LONGEST

    sources = {name: text.count("\n") for name, text in texts.items() if name.endswith(".py")}
    assert not {name: lines for name, lines in sources.items() if lines > limit(name)}
