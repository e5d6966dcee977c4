"""A whole desk as its operator runs it: three real processes over a database of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from desk.clock import ShiftedClock
from desk.desk import DEMO_CLOCK
from desk.settings import child_environment
from tests.servers.ports import free_port
from tests.waiting import until

ACCOUNT = "AC" + "5" * 32
TOKEN = "token-of-a-journey"
COMMAND = Path(sys.executable).with_name("meldpunt")


@dataclass(frozen=True)
class Site:
    """Where the desk stands, and its clock, which the test sets. `carrier_port` is where its carrier must answer."""

    folder: Path
    port: int
    carrier_port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "desk.db"

    @property
    def clock(self) -> ShiftedClock:
        return ShiftedClock(self.folder / DEMO_CLOCK)

    def run(self, *words: str, typed: str = "") -> str:
        """Run `meldpunt` with these words to its end, and give what it said."""
        done = subprocess.run(
            [COMMAND, *words],
            env=self.environment,
            cwd=self.folder,
            input=typed,
            check=True,
            text=True,
            capture_output=True,
        )
        return done.stdout

    @contextmanager
    def running(self, *names: str) -> Iterator[dict[str, int]]:
        """Run `serve`, `mail` or `work` until the block ends; each must then end by itself, without a fault.

        Gives their process ids.
        """
        pids = dict[str, int]()
        with ExitStack() as stack:
            for name in names:
                process = stack.enter_context(self._process(name))
                if name == "serve":
                    self._wait_for(process)
                pids[name] = process.pid
            yield pids

    @contextmanager
    def _process(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen([COMMAND, name], env=self.environment, cwd=self.folder, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(30)
        if ended:
            raise RuntimeError(f"{name} ended with {ended}: {(self.folder / f'{name}.log').read_text()[-2000:]}")

    def _wait_for(self, process: subprocess.Popen[bytes]) -> None:
        until(lambda: process.poll() is not None or self._answers(), what="an answer of serve")
        if process.poll() is not None:
            raise RuntimeError("serve did not start")

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


def make_site(folder: Path, **settings: object) -> Site:
    """Keys, a marked database (its clock can be set) and the settings of every process."""
    port, carrier_port = free_port(), free_port()
    given: dict[str, object] = {
        "demo": 1,
        "database_url": f"sqlite:///{folder}/desk.db",
        "data_dir": folder,
        "key_file": folder / "desk.keys",
        "public_url": f"http://127.0.0.1:{port}",
        "bind": f"127.0.0.1:{port}",
        "threads": 16,
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_tokens": TOKEN,
        "twilio_api_url": f"http://127.0.0.1:{carrier_port}",
        "mail_poll_seconds": 0.5,
        "log_level": "warning",
    }
    site = Site(folder, port, carrier_port, child_environment(**(given | settings)))
    site.run("keys", "new")
    site.run("migrate", "--demo")
    return site
