"""The one row that says whose database this is: the keys it was sealed with, and whether it is a demonstration."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Boolean, LargeBinary, exists, func, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base
from desk.data_keys import DataKey
from desk.database import Database
from desk.keyring import KeyFault, KeyRing
from desk.vault import SealBroken, seal, unseal

PLACE = "site.check:1"
WORD = b"meldpunt kwetsbare kinderen"


class Site(Base):
    """One row, made by `migrate`."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    demo: Mapped[bool] = mapped_column(Boolean)
    check: Mapped[bytes] = mapped_column(LargeBinary)


class WrongDatabase(Exception):
    """A demonstration's database under a real desk, or a real one under a demonstration."""


def mark(session: Session, *, demo: bool) -> None:
    """Write the row into a fresh database; nothing happens when it is there."""
    if session.get(Site, 1) is None:
        check = seal(session.info["vault"].ring.derived("audit", "site check"), WORD, PLACE)
        session.add(Site(id=1, demo=demo, check=check))


def check_site(database: Database, *, demo: bool) -> None:
    """Refuse to start on the wrong database or with the wrong keys.

    Raises `KeyFault` when the key file cannot open the check row or lacks a key that wraps something, `WrongDatabase`
    when the demonstration's mark and the way of starting differ or the database was never migrated.
    """
    if not inspect(database.engine).has_table("site"):
        raise WrongDatabase("this database has no tables yet; run: meldpunt migrate")
    with database.reading() as session:
        site = session.scalars(select(Site)).one_or_none()
        if site is None:
            raise WrongDatabase("this database was not set up; run: meldpunt migrate")
        ring: KeyRing = session.info["vault"].ring
        try:
            unseal(ring.derived("audit", "site check"), site.check, PLACE)
        except SealBroken as error:
            raise KeyFault("the key file does not belong to this database") from error
        for key_id in _ring_keys(session):
            _see_that_it_opens(session, ring, key_id)
        if site.demo and not demo:
            raise WrongDatabase("this database was made by the demonstration; a real desk does not open it")
        if demo and not site.demo:
            raise WrongDatabase("this is a real database; the demonstration does not open it")


def _ring_keys(session: Session) -> Iterator[str]:
    """Every wrapping key that was used, by leaps through an index: a few looks, however many data keys there are."""
    found = session.scalar(select(func.min(DataKey.ring_key)))
    while found is not None:
        yield found
        found = session.scalar(select(func.min(DataKey.ring_key)).where(DataKey.ring_key > found))


def _see_that_it_opens(session: Session, ring: KeyRing, key_id: str) -> None:
    """A key file from before the last rotation opens the check row, and then nothing that people wrote since."""
    used = exists().where(DataKey.ring_key == key_id, DataKey.wrapped.is_not(None))
    if key_id not in {key.id for key in ring.wrapping} and session.scalar(select(used)):
        raise KeyFault(f"the key file lacks wrapping key {key_id}: it is older than the last rotation; use the newest")
