"""Handovers (*overdrachten*): to whom a ticket was given, by whom, and who took it."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from triage.models import Contact


class HandoverStatus(enum.StrEnum):
    """Where a handover stands. Only a person's confirmation moves responsibility; overdue is derived."""

    PROPOSED = "proposed"
    SENT = "sent"
    DELIVERED = "delivered"
    QUESTION = "question"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def waits(self) -> bool:
        """Whether somebody at the partner still has to say yes."""
        return self in {HandoverStatus.SENT, HandoverStatus.DELIVERED, HandoverStatus.QUESTION}


class Handover(Base):
    """One giving away of one ticket to one partner. Sealed under the ticket's key; times are desk time, UTC."""

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_ticket_id_at", "ticket_id", "at"),
        Index("ix_handover_status_at", "status", "at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the form it was made with: the same post twice makes one handover."""

    partner: Mapped[str] = mapped_column(String(60))
    """The partner's code; `partner_name` is the name of that day, because a directory changes."""
    partner_name: Mapped[str] = mapped_column(String(120))
    status: Mapped[HandoverStatus] = mapped_column(choice(HandoverStatus))
    rule: Mapped[str] = mapped_column(String(120), default="")
    """The name of the rule that proposed this partner; empty when a person chose another."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    spoken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"), index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), index=True)
    """The colleague who heard the confirmation."""

    why_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    person_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmed_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    why = SealedText()
    person = SealedText()
    """With whom our colleague spoke; None when nobody was reached and only a letter went out."""
    confirmed_by = SealedText()
    """Name and function of who took it."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True, foreign_keys=[by_id])
    confirmed_to: Mapped[User | None] = relationship(lazy="joined", foreign_keys=[confirmed_to_id])
    letter: Mapped[Contact | None] = relationship(lazy="joined", foreign_keys=[letter_id])
