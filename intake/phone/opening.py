"""First turns of calls: those that come at the same moment share one transaction, because callers wait for the disk."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from desk.base import Base
from desk.database import Database
from desk.patience import Patience
from intake.phone.facts import newest_document
from intake.phone.models import Call

ORDER = ("data_key", "contact", "phone_call")
MOST_AT_ONCE = 64


class WrittenMeanwhile(Exception):
    """A document was written since these calls were answered by it."""


@dataclass
class _Opening:
    """The rows of one new call, and what became of them."""

    rows: Mapping[str, dict[str, object]]
    newest: int
    done: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None


class Openings:
    """Whoever comes while a transaction is being written queues for the next one; the first of them writes it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue = threading.Lock()
        self._pen = threading.Lock()
        self._waiting: list[_Opening] = []

    def insert(self, call: Call, newest: int, patience: Patience | None = None) -> None:
        """Insert a call, its contact and their key, and return when they are safe on disk.

        Plain rows, no unit of work: it would cost more than all the rest. `newest` names the documents that the call
        was answered by. Raises `IntegrityError` when a call of the same transaction was known before,
        `WrittenMeanwhile` when there are newer documents, `TimeoutError` when `patience` ran out before its turn, or
        the database's own error.
        """
        mine, patience = _Opening(_rows(call), newest), patience or Patience()
        with self._queue:
            self._waiting.append(mine)
        if not self._pen.acquire(timeout=min(patience.left, threading.TIMEOUT_MAX)):
            self._withdraw(mine)
            raise TimeoutError("others were being written all the time")
        try:
            while not mine.done.is_set():  # those who came before may fill a transaction of their own
                self._write(patience)
        finally:
            self._pen.release()
        if mine.fault is not None:
            raise mine.fault

    def _withdraw(self, mine: _Opening) -> None:
        """Nobody writes it later, as answered when the caller was told something else."""
        with self._queue:
            self._waiting = [each for each in self._waiting if each is not mine]

    def _write(self, patience: Patience) -> None:
        with self._queue:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        fault: Exception | None = None
        try:
            with self._database.writing(patience) as session:
                _insert(session, batch)
        except Exception as error:  # noqa: BLE001  each of the callers gets it and knows what to do
            fault = error
        for each in batch:
            each.fault = fault
            each.done.set()


def _insert(session: Session, batch: list[_Opening]) -> None:
    connection = session.connection()
    if {each.newest for each in batch} != {newest_document(session)}:
        raise WrittenMeanwhile
    for name in ORDER:
        connection.execute(insert(_table(name)), [each.rows[name] for each in batch])


def _rows(call: Call) -> dict[str, dict[str, object]]:
    contact, key = call.contact, call.data_key
    contact.data_key_id = key.id
    return {name: _cells(row) for name, row in zip(ORDER, (key, contact, call), strict=True)}


def _cells(row: Base) -> dict[str, object]:
    values = instance_dict(row)
    return {column.key: values.get(column.key) for column in _table(row.__tablename__).columns}


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
