"""Data keys: each ticket, call and raw mail is sealed under one of its own, wrapped by the ring."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from desk.base import Base, UtcDateTime, Uuid, new_id
from desk.vault import Vault


class DataKey(Base):
    """One wrapped key. Destroying it destroys all that was sealed under it, in old backups too once they expire."""

    __tablename__ = "data_key"
    __allow_unmapped__ = True  # for the opened secret, which is never a column

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    ring_key: Mapped[str] = mapped_column(String(16), index=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    _opened: bytes | None = None

    @property
    def secret(self) -> bytes | None:
        """The 32 bytes, unwrapped once per object; None when destroyed."""
        if self._opened is None and self.wrapped is not None:
            self._opened = vault_of(self).unwrap(self.ring_key, self.wrapped, _place(self.id))
        return self._opened if self.wrapped is not None else None

    def open_with(self, secret: bytes) -> None:
        """Remember the secret of a key that was just made, so that it need not be unwrapped."""
        self._opened = secret

    def rewrap(self, vault: Vault) -> None:
        """Wrap the same key with the newest wrapping key of the ring."""
        if self.wrapped is not None:
            secret = vault.unwrap(self.ring_key, self.wrapped, _place(self.id))
            self.ring_key, self.wrapped = vault.wrap(secret, _place(self.id))

    def destroy(self, at: datetime) -> None:
        """Forget the key for good; the rows remain as a shell without content."""
        self.wrapped, self.destroyed_at, self._opened = None, at, None


def new_data_key(session: Session, purpose: str) -> DataKey:
    """Make a fresh data key in this transaction. `purpose`: ticket, call, mail or sound."""
    vault: Vault = session.info["vault"]
    key = DataKey(id=new_id(), purpose=purpose)
    secret = secrets.token_bytes(32)
    key.ring_key, key.wrapped = vault.wrap(secret, _place(key.id))
    key.open_with(secret)
    session.add(key)
    return key


def vault_of(row: object) -> Vault:
    """The vault of the session that a row belongs to. Raises `ValueError` for a row without a session."""
    session = object_session(row)
    if session is None:
        raise ValueError("this row is not in a session")
    vault: Vault = session.info["vault"]
    return vault


def _place(key_id: UUID) -> str:
    return f"data_key:{key_id}"
