"""The tables of the telephone: how far each call is, and which numbers are to be called back by when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from intake.phone.events import CallState, Event
from intake.phone.menu import Step
from intake.phone.numbers import CallerKind
from triage.models import Contact


class Call(Base):
    """One call as the carrier sees it: the other half of a contact, with its id, its key and, as reference, its sid."""

    __tablename__ = "phone_call"
    __table_args__ = (Index("ix_phone_call_settled_heard_at", "settled", "heard_at"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    caller_kind: Mapped[CallerKind] = mapped_column(choice(CallerKind))
    state: Mapped[CallState] = mapped_column(choice(CallState))
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Real time of the carrier's last word about this call."""
    settled: Mapped[bool] = mapped_column(Boolean, default=False)
    """The call is over and its contact has an outcome."""

    step: Mapped[Step | None] = mapped_column(choice(Step))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    turn: Mapped[int] = mapped_column(Integer, default=0)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Desk time, UTC: the moment that the caller was told."""
    recording_sid: Mapped[str | None] = mapped_column(String(34))

    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    unknown_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    number = SealedText()
    """The number to call back, E.164, as keyed in."""
    unknown = SealedText()
    """JSON object of every webhook parameter that has no place of its own."""

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)

    @property
    def call_sid(self) -> str:
        """The carrier's name of the root call."""
        return self.contact.provider_ref

    @property
    def data_key(self) -> DataKey:
        """The contact's key: what is known of one call is destroyed together."""
        return self.contact.data_key

    def heeds(self, event: Event) -> Event:
        """What is taken of an event: once a call was destroyed, a late webhook must not bring anything back."""
        return event if self.data_key.secret is not None else event.bare


class Callback(Base):
    """A promise to call somebody back. Times are desk time, UTC."""

    __tablename__ = "callback"
    __table_args__ = (Index("ix_callback_ticket_id_promised_at", "ticket_id", "promised_at"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), unique=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    promised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    number = SealedText()
    """E.164, keyed in and confirmed by the caller; None when it has to be heard in the voicemail."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    done_by: Mapped[User | None] = relationship(lazy="joined")
