"""Recordings that are stored here whole, and whether the carrier still has them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.base import Base, UtcDateTime


class KeptRecording(Base):
    """One recording that was fetched, found whole, sealed and committed. Times are real time, UTC."""

    __tablename__ = "phone_recording"
    __table_args__ = (Index("ix_phone_recording_deleted_at", "deleted_at", "kept_at"),)

    sid: Mapped[str] = mapped_column(String(34), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contact.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the carrier said that it has it no longer."""
