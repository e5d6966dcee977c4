"""The exit strategy: everything in the database as JSON Lines, opened, in a form that is documented and stays."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.audit import AuditLine
from desk.base import Base
from desk.database import Database

Value = str | int | bool | None | list[str] | dict[str, str | None]
Line = Mapping[str, Value]
BATCH = 100  # rows in memory at a time; the text of each may be a megabyte


@dataclass(frozen=True)
class Exporter:
    """One kind of line. A part lists its own; `app` puts the lists together."""

    kind: str
    count: Callable[[Session], int]
    lines: Callable[[Session], Iterator[Line]]
    """The lines without their `kind`, read in batches in an order that an index gives."""
    files: Callable[[Session], Iterator[tuple[str, Iterator[bytes]]]] | None = None
    """Files that lines of this kind tell of: name and bytes, piece by piece."""


def moment(at: datetime | None) -> str | None:
    """A moment as lines hold it: ISO 8601, UTC, `2020-04-14T08:00:00.000000Z`."""
    return None if at is None else utc(at)


def utc(at: datetime) -> str:
    """The same for a moment that is surely there."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def written(kind: str, line: Line) -> str:
    """One line of the file, without its end. ASCII, so that broken text of a broken mail cannot break the file."""
    return json.dumps({"kind": kind, **line}, separators=(",", ":"))


def rows_of(model: type[Base]) -> Callable[[Session], int]:
    """What counts the rows of a table."""
    return lambda session: session.scalar(select(func.count()).select_from(model)) or 0


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A reading session that sees one moment of the whole database however long it reads, while others write."""
    with database.reading() as session:
        if not database.on_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _audit_lines(session: Session) -> Iterator[Line]:
    for line in session.scalars(select(AuditLine).order_by(AuditLine.n).execution_options(yield_per=BATCH)):
        yield {
            "n": line.n,
            "at": moment(line.at),
            "actor": line.actor,
            "action": line.action,
            "object": line.object,
            "result": line.result,
            "origin": line.origin,
        }


EXPORTERS = (Exporter("audit", rows_of(AuditLine), _audit_lines),)
"""What the foundations export."""
