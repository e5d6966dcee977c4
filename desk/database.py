"""The engine for SQLite and PostgreSQL, and the only place that commits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isinf
from operator import itemgetter
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from desk.clock import Clock
from desk.patience import Patience
from desk.vault import Vault

T = TypeVar("T")
TRIES = 6
BUSY_TRIES = 3  # each waits two seconds for the writer before it
WAL_PAUSES = (0.05, 0.1, 0.2, 0.5, 1, 2, 4)  # seconds
POOL = {"pool_size": 20, "max_overflow": 60}
BUSY_MS = 2_000
# A server that is away must say so while a caller can still be told: in seconds, and in ms without an acknowledgement.
REACHED_WITHIN = {"connect_timeout": 2, "tcp_user_timeout": 3_000}


class Database:
    """One engine and two kinds of session: reading and writing.

    On SQLite a writing session begins with BEGIN IMMEDIATE: a deferred transaction that reads and then writes fails
    with "database is locked" as soon as two of them meet. `synchronous=FULL`, because a mail is moved and a webhook
    answered on the strength of a commit.
    """

    def __init__(self, url: str, vault: Vault, clock: Clock, *, busy_ms: int = BUSY_MS, may_make: bool = True) -> None:
        """`busy_ms`: how long SQLite waits for another writer; `may_make`: a file of its that is not there."""
        self.url = url
        self.vault = vault
        self.clock = clock
        self._busy_ms = busy_ms
        self.engine = _engine(url, busy_ms, may_make=may_make)
        info = {"vault": vault, "clock": clock}
        self._reading = sessionmaker(self.engine, info=info, autoflush=False)
        self._writing = sessionmaker(self.engine.execution_options(writes=True), info=info)
        self._turn = threading.Lock()
        self._here = threading.local()

    @property
    def on_sqlite(self) -> bool:
        """Whether the data live in a file of this host."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot; whatever is changed in it is thrown away.

        Inside another `reading()` of the same thread it is that one's session: a request reads one snapshot over one
        connection. A page that draws its frame while it reads would take two, and enough of them at once would wait
        for each other until the pool gives up. To see what was just written, end the outer one first.
        """
        outer: Session | None = getattr(self._here, "session", None)
        if outer is not None:
            yield outer
            return
        with self._reading() as session:
            session.info = dict(session.info)
            self._here.session = session
            try:
                yield session
            finally:
                self._here.session = None

    @contextmanager
    def writing(self, patience: Patience | None = None) -> Iterator[Session]:
        """A session of its own that commits when the block ends and rolls back when it raises.

        Raises `TimeoutError` when `patience` is over before it begins, and the database's error when it runs out.
        """
        patience = patience or Patience()
        if patience.over:
            raise TimeoutError("nobody waits for this transaction any more")
        with self._in_turn(patience), self._writing() as session:
            session.info = dict(session.info)
            session.connection(execution_options={"wait_ms": self._wait_ms(patience)})
            yield session
            self._commit(session)

    def run(self, work: Callable[[Session], T], patience: Patience | None = None) -> T:
        """Run `work` in a writing session; rerun it from the start when it lost a race against another.

        `work` must have no effect outside the session. Raises the database's error after six lost races, when it was
        kept waiting three times, or when `patience` has run out; `TimeoutError` when that was over before it began.
        """
        patience = patience or Patience()
        for attempt in range(1, TRIES + 1):
            try:
                with self.writing(patience) as session:
                    return work(session)
            except (DBAPIError, StaleDataError) as error:
                tries = BUSY_TRIES if _busy(error) else TRIES if _lost_a_race(error) else 0
                if attempt >= tries or patience.over:
                    raise
        raise AssertionError("unreachable")

    def _wait_ms(self, patience: Patience) -> int | None:
        """How long one statement may be kept waiting; None is for ever, which SQLite never does."""
        if self.on_sqlite:
            return round(min(self._busy_ms, patience.left * 1000))
        return None if isinf(patience.left) else max(1, round(patience.left * 1000))

    @contextmanager
    def _in_turn(self, patience: Patience) -> Iterator[None]:
        """Have the threads of this process queue before SQLite.

        It lets one writer in and has the others poll with growing pauses, until some give up: eight callers at once
        were enough. Who waits longer than SQLite itself would goes on to be told so by SQLite.
        """
        held = self.on_sqlite and self._turn.acquire(timeout=min(BUSY_MS / 1000, patience.left))
        try:
            yield
        finally:
            if held:
                self._turn.release()

    def _commit(self, session: Session) -> None:
        for _very_last, last in sorted(session.info.pop("before_commit", {}).values(), key=itemgetter(0)):
            last(session)
        session.commit()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def before_commit(session: Session, name: str, last: Callable[[Session], None], *, very_last: bool = False) -> None:
    """Have `last` called once, directly before the commit of this session.

    Rows that many parts of a transaction add to are written there at once. The audit chain closes after all others.
    """
    session.info.setdefault("before_commit", {})[name] = (very_last, last)


def one_at_a_time(session: Session, mark: bytes) -> None:
    """Wait until no other transaction holds this mark, and hold it until the end of this one.

    For "look whether there is one, else make it", where no unique constraint can tell. `mark` is at least 8 bytes of
    a hash. SQLite lets one writer in at a time anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(mark[:8], "big", signed=True))))


def _lost_a_race(error: Exception) -> bool:
    if isinstance(error, IntegrityError | StaleDataError):
        return True
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlstate", None) in {"40001", "40P01"}


def _busy(error: Exception) -> bool:
    return _is_busy(getattr(error, "orig", None))


def _is_busy(cause: object) -> bool:
    return str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def _engine(url: str, busy_ms: int, *, may_make: bool) -> Engine:
    if not url.startswith("sqlite"):
        return _postgresql(url)
    waits = {"connect_args": {"timeout": busy_ms / 1000}, "execution_options": {"wait_ms": busy_ms}}
    engine = create_engine(url, hide_parameters=True, **waits, **POOL)
    if not may_make:
        event.listen(engine, "do_connect", _only_what_is_there)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: str) -> Engine:
    waits = {"connect_args": REACHED_WITHIN, "execution_options": {"wait_ms": None}}
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, **waits, **POOL)
    event.listen(engine, "begin", _begin_postgresql)
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
            if not _is_busy(error):
                raise  # a file that is away is not waited for: a caller is on the line
            time.sleep(pause)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options['wait_ms']:d}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _begin_postgresql(connection: Any) -> None:
    wait_ms = connection.get_execution_options()["wait_ms"]
    if wait_ms is not None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout={wait_ms:d}")
