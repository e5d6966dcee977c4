"""How SQLite and PostgreSQL are spoken to: what a connection is told when it is made, begins, or has to hurry."""

import time
from math import isinf
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Engine, create_engine, event

from desk.patience import Patience

WAL_PAUSES = (0.05, 0.1, 0.2, 0.5, 1, 2, 4)  # seconds
# Nobody who is on the line waits longer for a connection; there are more than threads, so that this is rare.
POOL = {"pool_size": 20, "max_overflow": 60, "pool_timeout": 2}
# A server that is away must say so while a caller can still be told: in seconds, and in ms without an acknowledgement.
REACHED_WITHIN = {"connect_timeout": 2, "tcp_user_timeout": 3_000}
SLACK = 0.25  # seconds that a statement may outlast its patience, so that few must tell the server anew


def make_engine(url: str, busy_ms: int, *, may_make: bool) -> Engine:
    """An engine whose connections wait for others no longer than the `Patience` in their execution options.

    `busy_ms`: how long SQLite waits at the most; `may_make`: a file of its that is not there.
    """
    if not url.startswith("sqlite"):
        return _postgresql(url)
    waits = {"connect_args": {"timeout": busy_ms / 1000}, "execution_options": {"busy_ms": busy_ms}}
    engine = create_engine(url, hide_parameters=True, **waits, **POOL)
    if not may_make:
        event.listen(engine, "do_connect", _only_what_is_there)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_busy(cause: object) -> bool:
    """Whether SQLite refused because somebody else is writing."""
    return str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def _postgresql(url: str) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=REACHED_WITHIN, **POOL)
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "before_cursor_execute", _hurry_postgresql)
    return engine


def _only_what_is_there(_dialect: object, _record: object, places: list[str], options: dict[str, object]) -> None:
    """Have SQLite open a file and never make one (sqlite.org, "URI Filenames")."""
    places[0] = f"{Path(places[0]).absolute().as_uri()}?mode=rw"
    options["uri"] = True


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    _use_wal(connection)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: Any) -> None:
    """Switch a fresh file to WAL; SQLite refuses that at once, without its usual wait, while another does the same."""
    for pause in WAL_PAUSES:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError as error:
            if not is_busy(error):
                raise  # a file that is away is not waited for: a caller is on the line
            time.sleep(pause)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    wait_ms = min(options["busy_ms"], _left(connection) * 1000)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={round(wait_ms):d}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _begin_postgresql(connection: Any) -> None:
    connection.info["told"] = float("inf")


def _hurry_postgresql(connection: Any, cursor: Any, *_statement: object) -> None:
    """Let the next statement take what is left. The server counts each by itself, and a transaction has several."""
    left = _left(connection)
    if isinf(left) or connection.info["told"] - left < SLACK:
        return
    connection.info["told"] = left
    cursor.execute(f"SET LOCAL statement_timeout={max(1, round(left * 1000)):d}")


def _left(connection: Any) -> float:
    patience: Patience | None = connection.get_execution_options().get("patience")
    return float("inf") if patience is None else patience.left
