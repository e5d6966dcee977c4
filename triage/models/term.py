"""The search index: keyed hashes of a ticket's analysed words."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desk.base import Base, Uuid


class Term(Base):
    """One term of one ticket."""

    __tablename__ = "term"
    __table_args__ = (Index("ix_term_ticket_id", "ticket_id"),)

    hash: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("ticket.id"), primary_key=True)
