"""Calls: how far each of them is, where it waits, and what was said to the caller."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.base import Base, SealedText, UtcDateTime, choice
from desk.data_keys import DataKey
from intake.phone.events import CallState, Event
from intake.phone.menu import Step
from intake.phone.numbers import CallerKind
from intake.phone.values import Leaving
from triage.models import Contact


class Call(Base):
    """One call as the carrier sees it: the other half of a contact, with its id, its key and, as reference, its sid."""

    __tablename__ = "phone_call"
    __table_args__ = (
        Index("ix_phone_call_settled_heard_at", "settled", "heard_at"),
        Index("ix_phone_call_waiting_since", "waiting_since"),
    )

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

    keyed: Mapped[str | None] = mapped_column(String(8))
    """The number of a ticket that the caller keyed in, and that exists; it proves nothing about who calls."""
    aside: Mapped[str | None] = mapped_column(String(8))
    """Code of a text that goes before those of the step: this caller's number was not known, for example."""
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Real time, UTC: when the caller first asked for a person; None once they have one, or chose otherwise."""
    wait_round: Mapped[int | None] = mapped_column(Integer)
    """The last round in the queue that was answered, and the code of what it said."""
    wait_text: Mapped[str | None] = mapped_column(String(8))
    wait_said: Mapped[str | None] = mapped_column(String(8))
    wait_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Real time, UTC, of the last text in the queue."""
    queue_sid: Mapped[str | None] = mapped_column(String(34))
    leaving: Mapped[Leaving | None] = mapped_column(choice(Leaving))
    """Why the caller leaves the queue: decided once, said to the carrier as often as it asks."""
    draft_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    unknown_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    draft_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    number = SealedText()
    """The number to call back, E.164, as keyed in."""
    unknown = SealedText()
    """JSON object of every webhook parameter that has no place of its own."""
    said = SealedText()
    """JSON list of what was said to the caller: seconds since the call began, code, text (`intake.phone.said`)."""
    draft = SealedText()
    """JSON object of what the colleague on this call has typed so far."""

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
