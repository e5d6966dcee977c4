"""Counts that are kept in the transaction that changes them, because counting a million rows is no page's job."""

from sqlalchemy import BigInteger, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base
from desk.database import before_commit


class Counter(Base):
    """A named count."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


def add(session: Session, name: str, by: int = 1) -> None:
    """Change a count; made at nought when it is not there. The changes of a transaction are written as one."""
    pending: dict[str, int] = session.info.setdefault("counts", {})
    pending[name] = pending.get(name, 0) + by
    before_commit(session, "counts", _write)


def _write(session: Session) -> None:
    # In one order: two transactions that lock the same counts crosswise would wait for each other.
    for name, by in sorted(session.info.pop("counts").items()):
        _change(session, name, by)


def _change(session: Session, name: str, by: int) -> None:
    changed = session.execute(update(Counter).where(Counter.name == name).values(n=Counter.n + by))
    if not getattr(changed, "rowcount", 0):
        session.execute(insert(Counter).values(name=name, n=by))


def count(session: Session, name: str) -> int:
    """The count, nought when it was never kept."""
    pending: int = session.info.get("counts", {}).get(name, 0)
    return (session.scalar(select(Counter.n).where(Counter.name == name)) or 0) + pending
