"""A whole desk in a temporary folder, started as its operator would start it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

TOKEN = "token-of-a-benchmark"  # noqa: S105  of no account
ACCOUNT = "AC" + "0" * 32
COMMAND = str(Path(sys.executable).with_name("meldpunt"))


@dataclass(frozen=True)
class Site:
    """Where the desk stands and how to speak to its command."""

    folder: Path
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Its public address."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str) -> None:
        """Run `meldpunt` with these words and wait for it. Raises `CalledProcessError` when it fails."""
        subprocess.run([COMMAND, *words], env=self.environment, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def a_site(**settings: str) -> Iterator[Site]:
    """Keys and a migrated SQLite database; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="meldpunt-bench-"))
    port = free_port()
    given = {
        "DATABASE_URL": f"sqlite:///{folder}/desk.db",
        "DATA_DIR": str(folder),
        "KEY_FILE": str(folder / "desk.keys"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKENS": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "LOG_LEVEL": "error",
    } | settings
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MELDPUNT_")}
    site = Site(folder, port, clean | {f"MELDPUNT_{name}": value for name, value in given.items()})
    try:
        site.run("keys", "new")
        site.run("migrate")
        yield site
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(words: list[str], site: Site, answers_at: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server process, from its first answer until the block ends."""
    process = subprocess.Popen(words, env=site.environment, cwd=site.folder)
    try:
        _wait_for(answers_at)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            requests.get(url, timeout=2)
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError(url)
