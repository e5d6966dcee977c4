"""Texts, rules, hours and partners: versioned documents. Files seed version 1; afterwards the database wins."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Integer, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base, BigId, UtcDateTime
from desk.clock import Clock


class Document(Base):
    """One version of one document; older versions stay."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("name", "version"),)

    n: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by: Mapped[str] = mapped_column(String(64))


def current(session: Session, name: str) -> tuple[int, str]:
    """The version in force and its text, asked for once in a session.

    Raises `LookupError` when the document was never seeded (run migrate).
    """
    known: dict[str, tuple[int, str]] = session.info.setdefault("documents", {})
    if name not in known:
        known[name] = _current(session, name)
    return known[name]


def _current(session: Session, name: str) -> tuple[int, str]:
    row = session.execute(
        select(Document.version, Document.body).where(Document.name == name).order_by(Document.version.desc()).limit(1)
    ).one_or_none()
    if row is None:
        raise LookupError(f"document {name} is missing; run: meldpunt migrate")
    return row.version, row.body


def write(session: Session, name: str, body: str, written_by: str) -> int:
    """Put a new version in force and return its number."""
    clock: Clock = session.info["clock"]
    session.info.get("documents", {}).pop(name, None)
    newest = session.scalar(select(func.max(Document.version)).where(Document.name == name)) or 0
    session.add(Document(name=name, version=newest + 1, body=body, written_at=clock.real(), written_by=written_by))
    return newest + 1


def seed(session: Session, files: Mapping[str, Path]) -> None:
    """Make version 1 of each document that does not exist yet."""
    known = set(session.scalars(select(Document.name).distinct()))
    for name, path in files.items():
        if name not in known:
            write(session, name, path.read_text("utf-8"), "seed")
