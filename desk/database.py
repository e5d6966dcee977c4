"""Sessions on SQLite and PostgreSQL, and the only place that commits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from desk.clock import Clock
from desk.engine import is_busy, make_engine
from desk.patience import Patience
from desk.vault import Vault

T = TypeVar("T")
TRIES = 6
BUSY_TRIES = 3  # each waits two seconds for the writer before it
BUSY_MS = 2_000

AWAY: tuple[type[Exception], ...] = (
    OperationalError, InterfaceError, InternalError, ProgrammingError, NoConnection, TimeoutError,
)  # fmt: skip
"""What a database raises that is away, hangs, is kept by another, or lacks its tables: the same may go well later.

Not `IntegrityError` and `DataError`, which say something about what was to be written.
"""


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
        self.engine = make_engine(url, busy_ms, may_make=may_make)
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
            session.connection(execution_options={"patience": patience})
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
    return is_busy(getattr(error, "orig", None))
