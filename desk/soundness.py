"""Whether a database can be trusted and opened: keys, audit chain, and a sample of everything that is sealed."""

import hashlib
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.audit import verify
from desk.base import Base, SealedBytes, SealedText
from desk.blobs import Blob, chunks_of
from desk.data_keys import DataKey
from desk.keyring import KeyFault
from desk.vault import SealBroken

Row = TypeVar("Row", bound=Base)

SAMPLE = 50  # rows of each table
SAMPLE_BLOBS = 10
BATCH = 500


class Unsound(Exception):
    """Something in the database does not open or does not fit."""


@dataclass(frozen=True)
class Soundness:
    """What was looked at and found whole."""

    data_keys: int
    audit_lines: int
    cells: int
    blobs: int


def look_at(session: Session) -> Soundness:
    """Open every data key, walk the audit chain, open a random sample of cells and blobs.

    Raises `Unsound` at the first fault, naming tables and rows, never content.
    """
    try:
        with session.scalars(select(DataKey).execution_options(yield_per=BATCH)) as data_keys:
            keys = sum(1 for key in data_keys if key.secret is not None)
        cells = sum(_open_cells(session, mapper.class_) for mapper in Base.registry.mappers)
        blobs = sum(1 for blob in _some(session, Blob, SAMPLE_BLOBS) if _opens(session, blob))
    except (SealBroken, KeyFault) as error:
        raise Unsound(f"something sealed does not open: {error}") from error
    report = verify(session)
    if report.broken_at is not None:
        raise Unsound(f"the audit log is broken at line {report.broken_at}")
    return Soundness(keys, report.lines, cells, blobs)


def sealed_attributes(model: type[Base]) -> list[str]:
    """The names of a model's attributes that open and seal themselves."""
    return [name for name, value in vars(model).items() if isinstance(value, SealedText | SealedBytes)]


def _open_cells(session: Session, model: type[Base]) -> int:
    names = sealed_attributes(model)
    rows = _some(session, model, SAMPLE) if names else []
    return sum(getattr(row, name) is not None for row in rows for name in names)


def _some(session: Session, model: type[Row], count: int) -> list[Row]:
    return list(session.scalars(select(model).order_by(func.random()).limit(count)).unique())


def _opens(session: Session, blob: Blob) -> bool:
    """Whether a blob still has its key; raises when it opens to something else than what went in."""
    if blob.data_key.secret is None:
        return False
    sha256 = hashlib.sha256()
    for chunk in chunks_of(session, blob):
        sha256.update(chunk)
    if sha256.hexdigest() != blob.sha256:
        raise SealBroken(f"blob:{blob.id}")
    return True
