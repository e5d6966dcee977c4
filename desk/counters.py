"""Counts that are kept in the transaction that changes them, because counting a million rows is no page's job."""

from sqlalchemy import BigInteger, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base


class Counter(Base):
    """A named count."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger)


def add(session: Session, name: str, by: int = 1) -> None:
    """Change a count; made at nought when it is not there."""
    changed = session.execute(update(Counter).where(Counter.name == name).values(n=Counter.n + by))
    if not getattr(changed, "rowcount", 0):
        session.execute(insert(Counter).values(name=name, n=by))


def count(session: Session, name: str) -> int:
    """The count, nought when it was never kept."""
    return session.scalar(select(Counter.n).where(Counter.name == name)) or 0
