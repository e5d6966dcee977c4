"""Contacts: every call and mail, in or out, exactly once; and the files that came with them."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.base import Base, SealedText, UtcDateTime, Uuid, choice
from desk.blobs import Blob
from desk.data_keys import DataKey
from triage.models.ticket import Ticket
from triage.values import Channel, Direction, Outcome


class Contact(Base):
    """One call or one mail. `provider_ref`: root CallSid, a mail's content key, or our own Message-ID for mail out."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("channel", "provider_ref"),
        Index("ix_contact_ticket_id_started_at", "ticket_id", "started_at"),
        Index("ix_contact_started_at", "started_at"),
        Index("ix_contact_to_tick_off", "to_tick_off", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    direction: Mapped[Direction] = mapped_column(choice(Direction))
    provider_ref: Mapped[str] = mapped_column(String(120))
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[str] = mapped_column(String(400), default="")
    """Codes of the texts that the caller heard or the sender got, in order ("T1 T7"); never their content."""
    from_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16), index=True)
    """Keyed look-up of the number or address; None when withheld."""

    to_tick_off: Mapped[bool] = mapped_column(Boolean, default=False)
    """Stands in *Buiten openingstijd* or *Gemist* until somebody ticks it off."""
    ticked_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ticked_off_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"))

    from_address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    from_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    to_address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tick_off_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    raw_sha256_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    message_id_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    from_address = SealedText()
    """E.164 number, SIP address or mail address; None when withheld."""
    from_name = SealedText()
    to_address = SealedText()
    subject = SealedText()
    text = SealedText()
    tick_off_reason = SealedText()
    message_id = SealedText()
    answers = SealedText()
    """Message-ID of the mail that a mail of ours answers."""
    raw_sha256 = SealedText()
    """Hexadecimal SHA-256 of a mail's bytes as fetched."""

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    ticket: Mapped[Ticket | None] = relationship()

    @property
    def lasted(self) -> timedelta | None:
        """How long it was; None while it goes on."""
        return self.ended_at - self.started_at if self.ended_at else None


class Attachment(Base):
    """A file that came with a contact: shown, downloaded or played on the ticket page, never opened by the desk."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("contact_id", "position"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), index=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("blob.id"), index=True)
    position: Mapped[str] = mapped_column(String(60))
    """Unique within the contact: "1", "2"… for files of a mail, a RecordingSid, "raw" for a raw mail."""
    media_type: Mapped[str] = mapped_column(String(80))
    seconds: Mapped[int | None] = mapped_column(Integer)
    """How long a spoken message plays; None for other files, and for one that is not whole."""
    filename_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    filename = SealedText()

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    blob: Mapped[Blob] = relationship(lazy="joined", innerjoin=True)
    contact: Mapped[Contact] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
