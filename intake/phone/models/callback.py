"""Promises to call somebody back, and each try to keep one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from intake.phone.values import AttemptState
from triage.models import Contact


class Callback(Base):
    """A promise to call somebody back. Times are desk time, UTC."""

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_ticket_id_promised_at", "ticket_id", "promised_at"),
        Index("ix_callback_done_at_promised_at", "done_at", "promised_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), unique=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    promised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """How often it was tried without reaching anybody."""
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When to try again; None before the first try."""
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when a coordinator has to decide, because it was tried often enough."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    number = SealedText()
    """E.164, keyed in and confirmed by the caller; None when it has to be heard in the voicemail."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    done_by: Mapped[User | None] = relationship(lazy="joined")


class Attempt(Base):
    """One call from the desk: the colleague's telephone first, then the reporter's. `contact`: the outgoing contact.

    `contact.to_address` is the number called.
    """

    __tablename__ = "phone_attempt"
    __table_args__ = (Index("ix_phone_attempt_state", "state", "changed_at"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    callback_id: Mapped[UUID | None] = mapped_column(ForeignKey("callback.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"), index=True)
    """The call that is answered by this one, when nobody made a ticket of it."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[AttemptState] = mapped_column(choice(AttemptState))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Real time, UTC, of the click; `contact.started_at` is desk time."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Real time, UTC, of the last word about it."""
    call_sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    """The carrier's name of the call to the colleague's telephone, once it is known."""

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True, foreign_keys="Attempt.id")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
