"""The declarative base of every table, and the column types that hold the rules on time and on sealing."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar, overload
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, Session, object_session

from desk.keyring import KeyFault
from desk.vault import Opener, SealBroken, seal, unseal

__all__ = [
    "Base", "BigId", "SealedBytes", "SealedText", "UtcDateTime", "Uuid", "choice", "new_id", "pass_over_broken",
]  # fmt: skip

E = TypeVar("E", bound=enum.StrEnum)
V = TypeVar("V", str, bytes)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A counted primary key: SQLite counts only in a column of type INTEGER."""


class Base(DeclarativeBase):
    """Every table of the desk; constraints are named so that migrations can speak of them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_id() -> UUID:
    """An id that is known before the insert, because sealing binds it."""
    return uuid4()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, UTC in the database; refuses naive values, returns aware UTC on every engine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC. Raises `ValueError` for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[E]) -> Enum:
    """A column that holds the values of a StrEnum as plain text, checked on the way in and out."""
    values = [member.value for member in kind]
    return Enum(kind, native_enum=False, length=24, values_callable=lambda _kind: values, validate_strings=True)


class _Sealed(Generic[V]):
    """An attribute whose column holds only sealed bytes.

    Opens on reading, seals on writing, under the row's `data_key` and bound to table, column and row id. The row's
    `id` and `data_key` must be set first. Reads None when the cell is empty or its data key was destroyed.
    """

    encode: Callable[[V], bytes]
    decode: Callable[[bytes], V]

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"{name}_sealed"

    @overload
    def __get__(self, row: None, owner: type) -> "_Sealed[V]": ...
    @overload
    def __get__(self, row: object, owner: type) -> V | None: ...
    def __get__(self, row: Any, owner: type) -> "_Sealed[V] | V | None":
        if row is None:
            return self
        try:
            return self._opened(row)
        except (SealBroken, KeyFault):
            tell = _teller(row)
            if tell is None:
                raise
            tell(self._place(row))
            return None

    def _opened(self, row: Any) -> V | None:
        sealed = getattr(row, self.column)
        if sealed is None or (secret := _key_of(row).secret) is None:
            return None
        return type(self).decode(unseal(secret, sealed, self._place(row)))

    def __set__(self, row: Any, value: V | None) -> None:
        if value is None:
            setattr(row, self.column, None)
            return
        secret = _key_of(row).secret
        if secret is None:
            raise ValueError("the data key of this row was destroyed")
        setattr(row, self.column, seal(secret, type(self).encode(value), self._place(row)))

    def _place(self, row: Any) -> str:
        return f"{row.__tablename__}.{self.column}:{row.id}"


class SealedText(_Sealed[str]):
    """Sealed text; lone surrogates of broken mail survive the way there and back."""

    encode = staticmethod(lambda value: value.encode("utf-8", "surrogatepass"))
    decode = staticmethod(lambda value: value.decode("utf-8", "surrogatepass"))


class SealedBytes(_Sealed[bytes]):
    """Sealed bytes."""

    encode = staticmethod(bytes)
    decode = staticmethod(bytes)


def pass_over_broken(session: Session, tell: Callable[[str], None]) -> None:
    """Have cells that do not open read None in this session; `tell` hears which (`table.column:row`).

    For whoever reads everything and must not stop at one cell: a page would show an empty field for a lost text.
    """
    session.info["broken"] = tell


def _teller(row: object) -> Callable[[str], None] | None:
    session = object_session(row)
    return None if session is None else session.info.get("broken")


def _key_of(row: Any) -> Opener:
    key: Opener | None = row.data_key
    if key is None or row.id is None:
        raise ValueError(f"set id and data_key of {row.__tablename__} before its sealed attributes")
    return key
