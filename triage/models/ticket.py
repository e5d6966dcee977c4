"""The ticket (*melding*)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from triage.values import Area, Category, Channel, CloseReason, Status, Urgency


class Ticket(Base):
    """What needs a person. Times are desk time, UTC. `rank` orders the queue: 0 acute, 1 unread, 2 the rest."""

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_queue", "is_open", "rank", "due_at", "id"),
        Index("ix_ticket_claimed", "claimed_by_id", "is_open", "rank", "due_at", "id"),
        Index("ix_ticket_status", "status", "rank", "due_at", "id"),
        Index("ix_ticket_closed_at", "closed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)

    status: Mapped[Status] = mapped_column(choice(Status))
    is_open: Mapped[bool] = mapped_column(Boolean)
    rank: Mapped[int] = mapped_column(SmallInteger)
    urgency: Mapped[Urgency | None] = mapped_column(choice(Urgency))
    leading_category: Mapped[Category | None] = mapped_column(choice(Category))
    other_categories: Mapped[str] = mapped_column(String(20), default="")
    area: Mapped[Area | None] = mapped_column(choice(Area))
    channel: Mapped[Channel] = mapped_column(choice(Channel))

    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """What somebody outside was promised first: however it is rated, the ticket is due no later."""
    event_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When something happens that it must come before, as the reporter said ("vader komt om twaalf uur")."""
    opened_while_closed: Mapped[bool] = mapped_column(Boolean, default=False)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it came back for the last time; handovers and ratings from before say nothing of today."""
    urgent_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first of the last ratings came that were at least this urgent: its clock counts from then."""
    news_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first thing arrived that nobody took into a rating yet."""
    taken_by: Mapped[str | None] = mapped_column(String(120))
    """The partner whose person took it over; None as well while another handover waits for a yes."""
    answer_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody took it over last: the clock of the answer to the reporter counts from then."""
    emergency_noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the words on 112 were written down."""
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[CloseReason | None] = mapped_column(choice(CloseReason))

    subject_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reporter_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reporter_organisation_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reporter_email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reporter_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    emergency_call_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    subject = SealedText()
    text = SealedText()
    reporter_name = SealedText()
    reporter_organisation = SealedText()
    reporter_email = SealedText()
    reporter_phone = SealedText()
    emergency_call = SealedText()
    """Who called 112 and when, in words; asked for on an acute ticket."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    claimed_by: Mapped[User | None] = relationship(lazy="joined")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy's own declaration

    @property
    def counts_from(self) -> datetime:
        """From when its working days count."""
        return self.reopened_at or self.opened_at

    @property
    def categories(self) -> tuple[Category, ...]:
        """All categories, the leading one first."""
        others = tuple(Category(value) for value in self.other_categories.split() if value)
        return (self.leading_category, *others) if self.leading_category else others
