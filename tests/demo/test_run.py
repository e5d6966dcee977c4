"""The whole demonstration, as `make demo` starts it: its own processes, twice over the same folder."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import requests

from demo.folder import PortTaken, check_free
from demo.samples import SAMPLES
from demo.web import FALLBACK
from desk.settings import child_environment
from tests.servers.ports import free_port
from tests.waiting import until

COMMAND = str(Path(sys.executable).with_name("meldpunt"))


@contextmanager
def demonstration(folder: Path, port: int) -> Iterator[Path]:
    """A demonstration in this folder, until the block ends; gives the file with what it said."""
    said = folder / "said"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [COMMAND, "demo", "--port", str(port)],
            cwd=folder,
            env=child_environment() | {"BROWSER": "true"},
            stdout=out,
        )
    try:
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def tickets(folder: Path) -> set[str]:
    """The numbers of all tickets."""
    with closing(sqlite3.connect(folder / ".demo" / "demo.db")) as database:
        return {number for (number,) in database.execute("SELECT number FROM ticket")}


def a_port() -> int:
    """A free port whose neighbour is free too."""
    while True:
        port = free_port()
        with suppress(PortTaken):
            check_free(port, port + 1)
            return port


@pytest.mark.slow
def test_a_demonstration_starts_takes_its_samples_in_stops_and_goes_on(tmp_path: Path) -> None:
    port = a_port()
    with demonstration(tmp_path, port) as said:
        until(lambda: "All 25 sample concerns are in." in said.read_text(), 120, "the samples")
        before = tickets(tmp_path)
        assert "</Response>" in requests.get(f"http://127.0.0.1:{port + 1}{FALLBACK}", timeout=5).text
    assert len(before) == len(SAMPLES)
    assert not answers(f"http://127.0.0.1:{port}/healthz")

    with demonstration(tmp_path, port) as said:
        until(lambda: answers(f"http://127.0.0.1:{port + 1}/"), 60, "the demonstration's page")
        until(lambda: "begin here" in said.read_text(), 60, "the desk")
        assert tickets(tmp_path) == before
        assert "sample" not in said.read_text()
