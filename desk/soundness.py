"""Whether a database can be trusted and opened: every data key, every sealed cell and file, and the audit chain."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from desk.audit import AuditLine, verify
from desk.base import Base, SealedBytes, SealedText, pass_over_broken
from desk.blobs import Blob, chunks_of
from desk.data_keys import DataKey
from desk.keyring import KeyFault
from desk.vault import SealBroken

NAMED = 10  # faults that are kept by name; all are counted
BATCH = 100  # rows in memory at a time; the text of each may be a megabyte

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Soundness:
    """What was looked at, and what of it does not open or fit."""

    data_keys: int
    audit_lines: int
    cells: int
    blobs: int
    broken: int
    """How many data keys, cells and files do not open."""
    faults: tuple[str, ...]
    """The first of them: table, column and row, never content."""
    broken_at: int | None
    """The first line of the audit log that does not fit."""

    @property
    def whole(self) -> bool:
        """Everything opens and the log was not changed."""
        return self.broken == 0 and self.broken_at is None


@dataclass
class _Faults:
    count: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, place: str) -> None:
        self.count += 1
        if len(self.named) < NAMED:
            self.named.append(place)


def look_at(session: Session, tell: Tell = lambda _things: None) -> Soundness:
    """Open every data key, cell and file and walk the audit chain, to the end whatever is found.

    `tell` hears how many more of the `sealed_things` were looked at.
    """
    faults = _Faults()
    pass_over_broken(session, faults.add)
    keys = _open_keys(session, faults, tell)
    cells = sum(_open_cells(session, model, tell) for model in _sealed_models())
    blobs = _open_blobs(session, faults, tell)
    report = verify(session, tell)
    return Soundness(keys, report.lines, cells, blobs, faults.count, tuple(faults.named), report.broken_at)


def sealed_things(session: Session) -> int:
    """How many there are to look at."""
    models: tuple[type[Base], ...] = (DataKey, *_sealed_models(), Blob, AuditLine)
    return sum(session.scalar(select(func.count()).select_from(model)) or 0 for model in models)


def sealed_attributes(model: type[Base]) -> list[str]:
    """The names of a model's attributes that open and seal themselves."""
    return [name for name, value in vars(model).items() if isinstance(value, SealedText | SealedBytes)]


def _sealed_models() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers if sealed_attributes(mapper.class_)]


def _open_keys(session: Session, faults: _Faults, tell: Tell) -> int:
    count = 0
    for key in session.scalars(select(DataKey).execution_options(yield_per=BATCH)):
        tell(1)
        try:
            count += key.secret is not None
        except (SealBroken, KeyFault):
            faults.add(f"data_key:{key.id}")
    return count


def _open_cells(session: Session, model: type[Base], tell: Tell) -> int:
    names, count = sealed_attributes(model), 0
    rows = select(model).execution_options(yield_per=BATCH)
    if "data_key" in model.__mapper__.relationships:
        rows = rows.options(joinedload(model.data_key))  # type: ignore[attr-defined]  # seen on the line before
    for row in session.scalars(rows):
        tell(1)
        count += sum(getattr(row, name) is not None for name in names)
    return count


def _open_blobs(session: Session, faults: _Faults, tell: Tell) -> int:
    count = 0
    for blob in session.scalars(select(Blob).execution_options(yield_per=BATCH)):
        tell(1)
        try:
            count += _opens(session, blob)
        except (SealBroken, KeyFault):
            faults.add(f"blob:{blob.id}")
    return count


def _opens(session: Session, blob: Blob) -> bool:
    """Whether a blob still has its key; raises when it opens to something else than what went in."""
    if blob.data_key.secret is None:
        return False
    sha256 = hashlib.sha256()
    for chunk in chunks_of(session, blob):
        sha256.update(chunk)
    if blob.sha256 not in {None, sha256.hexdigest()}:
        raise SealBroken(f"blob:{blob.id}")
    return True
