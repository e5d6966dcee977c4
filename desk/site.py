"""The one row that says whose database this is: the keys it was sealed with, and whether it is a demonstration."""

from sqlalchemy import BigInteger, Boolean, LargeBinary, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.base import Base
from desk.database import Database
from desk.keyring import KeyFault
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

    Raises `KeyFault` when the key file cannot open the check row, `WrongDatabase` when the demonstration's mark and
    the way of starting differ or the database was never migrated.
    """
    if not inspect(database.engine).has_table("site"):
        raise WrongDatabase("this database has no tables yet; run: meldpunt migrate")
    with database.reading() as session:
        site = session.scalars(select(Site)).one_or_none()
        if site is None:
            raise WrongDatabase("this database was not set up; run: meldpunt migrate")
        try:
            unseal(session.info["vault"].ring.derived("audit", "site check"), site.check, PLACE)
        except SealBroken as error:
            raise KeyFault("the key file does not belong to this database") from error
        if site.demo and not demo:
            raise WrongDatabase("this database was made by the demonstration; a real desk does not open it")
        if demo and not site.demo:
            raise WrongDatabase("this is a real database; the demonstration does not open it")
