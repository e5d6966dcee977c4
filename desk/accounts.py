"""Staff accounts: the tables that Flask-Security works on, and the attempts to sign in.

Flask-Security itself takes more than a second to import; only `desk.sign_in` does, so only the web server pays.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.base import Base, BigId, UtcDateTime, Uuid

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", ForeignKey("user.id"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base):
    """What somebody may do: medewerker, coordinator, beheerder."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[str | None] = mapped_column(Text)

    def get_permissions(self) -> set[str]:
        """What Flask-Security asks of every role; rights are ours, not its."""
        return set((self.permissions or "").split())


class User(Base):
    """Somebody who works at the desk. Names of colleagues stand on every page, so they are not sealed."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    current_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_ip: Mapped[str | None] = mapped_column(String(64))
    current_login_ip: Mapped[str | None] = mapped_column(String(64))
    login_count: Mapped[int | None] = mapped_column(Integer)
    create_datetime: Mapped[datetime | None] = mapped_column(UtcDateTime)
    update_datetime: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))

    roles: Mapped[list[Role]] = relationship(secondary=roles_users, lazy="select")


class LoginAttempt(Base):
    """One try to sign in, counted before the password is looked at; those of an account that got in are removed."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_account_hash_at", "account_hash", "at"),
        Index("ix_login_attempt_origin_hash_at", "origin_hash", "at"),
    )

    n: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Keyed hash of the mail address that was typed, known or not."""
    origin_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    """Keyed hash of the network address it came from."""
