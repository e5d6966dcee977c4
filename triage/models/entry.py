"""One line of a ticket's timeline; append-only (the database refuses changes by trigger)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.accounts import User
from desk.base import Base, BigId, SealedText, UtcDateTime, Uuid, choice
from desk.data_keys import DataKey
from triage.models.contact import Contact
from triage.models.ticket import Ticket
from triage.values import EntryKind


class Entry(Base):
    """What happened, when, by whom. `fact` is unique: the same fact told twice stands once."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_ticket_id_n", "ticket_id", "n"),)

    n: Mapped[int] = mapped_column(BigId, primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind))
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), index=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact.id"), index=True)
    fact: Mapped[str | None] = mapped_column(String(120), unique=True)
    before: Mapped[str | None] = mapped_column(String(80))
    after: Mapped[str | None] = mapped_column(String(80))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    text = SealedText()

    data_key: Mapped[DataKey] = relationship(lazy="select")
    actor: Mapped[User | None] = relationship(lazy="joined")
    contact: Mapped[Contact | None] = relationship(lazy="joined")
    ticket: Mapped[Ticket] = relationship()
