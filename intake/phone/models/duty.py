"""Who takes the telephone, and every try to have one of them answer a caller. Times are real time, UTC."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from intake.phone.models.call import Call
from intake.phone.values import RingState

OPEN = text("ended_at IS NULL")


class Duty(Base):
    """One colleague and the telephone: on which number, since when, and whether it may ring now."""

    __tablename__ = "phone_duty"

    id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    on_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: does not take the telephone."""
    paused_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wrap_up_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then the telephone does not ring: they write down the last call."""
    idle_since: Mapped[datetime] = mapped_column(UtcDateTime)
    """Since when they wait for a call, or were last rung: whoever waits longest is rung first."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    number = SealedText()
    """E.164, of their own telephone; kept when they go off duty."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Ring(Base):
    """One try to reach one colleague for one caller.

    While it lasts the caller is theirs alone, and they are rung for nobody else: two unique indexes see to it.
    """

    __tablename__ = "phone_ring"
    __table_args__ = (
        Index("uq_phone_ring_open_call", "call_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_phone_ring_open_user", "user_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_phone_ring_call_id_started_at", "call_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("phone_call.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    state: Mapped[RingState] = mapped_column(choice(RingState))
    by_click: Mapped[bool] = mapped_column(Boolean, default=False)
    """The colleague took the caller from the queue."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leg_sid: Mapped[str | None] = mapped_column(String(34))

    call: Mapped[Call] = relationship()
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
