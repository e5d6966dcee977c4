"""When something was last done, by name: for what waits for it, and for whoever watches over the desk."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base, UtcDateTime
from desk.clock import Clock


class LastTime(Base):
    """The latest moment of one thing, in real time."""

    __tablename__ = "last_time"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def note_time(session: Session, name: str, at: datetime | None = None) -> None:
    """Write down that it was done now, or at `at`; an earlier moment than the one that stands there changes nothing."""
    clock: Clock = session.info["clock"]
    at = at or clock.real()
    row = session.get(LastTime, name)
    if row is None:
        session.add(LastTime(name=name, at=at))
    else:
        row.at = max(row.at, at)


def last_time(session: Session, name: str) -> datetime | None:
    """When it was last done; None when it never was, or was forgotten."""
    row = session.get(LastTime, name)
    return row.at if row else None


def forget_time(session: Session, name: str) -> None:
    """As if it had never been done."""
    row = session.get(LastTime, name)
    if row is not None:
        session.delete(row)
