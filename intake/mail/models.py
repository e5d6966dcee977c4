"""Raw mails, each delivery once, and the lease that keeps two machines from emptying one mailbox together."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.base import Base, BigId, UtcDateTime, Uuid, choice
from desk.blobs import Blob
from desk.data_keys import DataKey
from triage.models import Contact


class RawState(enum.StrEnum):
    """How far a delivery came; `quarantined`: it defeated the parser three times, or does not open."""

    FETCHED = "fetched"
    PROCESSED = "processed"
    QUARANTINED = "quarantined"


class RawMail(Base):
    """One delivery, byte for byte as fetched. Copies share a content key and, once processed, their contact.

    The last three columns of the unique key are there because a server that was restored from a backup gives out the
    same UIDs again, under the same UIDVALIDITY, for other mail.
    """

    __tablename__ = "raw_mail"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid", "internaldate", "size", name="uq_raw_mail_delivery"),
        Index("ix_raw_mail_state_n", "state", "n"),
    )

    n: Mapped[int] = mapped_column(BigId, primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(200))
    """`user@host:port/folder`: where UIDs mean something, whatever the settings call it."""
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    internaldate: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the server took it in, real time."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes, as the server counts them."""
    whole: Mapped[bool] = mapped_column(Boolean)
    """False when only the start was fetched, because the mail was too big or the server did not give it."""
    content_key: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    data_key_id: Mapped[UUID] = mapped_column(ForeignKey("data_key.id"), index=True)
    blob_id: Mapped[UUID] = mapped_column(ForeignKey("blob.id"), index=True)
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """`internaldate` on the desk's clock."""

    state: Mapped[RawState] = mapped_column(choice(RawState))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often a worker took it, counted and committed before parsing; tells an earlier claim from a later one."""
    defeats: Mapped[int] = mapped_column(Integer, default=0)
    """How often the parser was defeated by it, or a worker died while it was the one being parsed."""
    worker: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    copied: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether a copy lies in the folder for what is done, while the mail itself may still be in the inbox."""
    contact_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("contact.id"), index=True)

    data_key: Mapped[DataKey] = relationship(lazy="joined", innerjoin=True)
    blob: Mapped[Blob] = relationship(lazy="joined", innerjoin=True)
    contact: Mapped[Contact | None] = relationship()


class WithheldMail(Base):
    """A mail that the server lists and does not give; gone when it came after all, or is listed no more."""

    __tablename__ = "withheld_mail"

    mailbox: Mapped[str] = mapped_column(String(200), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    uid: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    internaldate: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tries: Mapped[int] = mapped_column(Integer)
    """How often it was asked for alone, and nothing came; counted once in a quarter of an hour."""
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last try was counted, real time."""


class MailboxLease(Base):
    """Who empties a mailbox now, until when in real time."""

    __tablename__ = "mailbox_lease"

    mailbox: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
