"""Putting new keys into use: one rotation at a time, whichever machine it runs on, and no key is dropped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from desk.data_keys import DataKey
from desk.database import Database
from desk.keyring import KeyBusy, KeyRing, replace_key_file
from desk.vault import Vault

BATCH = 500  # keys in one transaction: well under the 100 ms that a writer may hold up others
LOCK = 0x6D657273  # "mers": any number that nothing else of the desk asks for


@contextmanager
def alone_in(database: Database) -> Iterator[None]:
    """Keep out the rotation of a machine that has a key file of its own. Raises `KeyBusy` at once.

    SQLite lies on one machine, where the lock of the key file does the same.
    """
    if database.on_sqlite:
        yield
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # closing it is what gives the lock back
        if not connection.scalar(select(func.pg_try_advisory_lock(LOCK))):
            raise KeyBusy("another rotation is going on; wait until it has ended")
        yield


def new_keys(database: Database, path: Path) -> KeyRing:
    """The ring to wrap with: one with new keys, written to the key file, or that of a rotation that was broken off.

    Raises `KeyFault` when the file holds keys that the desk was not opened with.
    """
    ring = database.vault.ring
    if to_wrap(database, ring):
        return ring
    ring = ring.rotated()
    replace_key_file(path, ring)
    return ring


def to_wrap(database: Database, ring: KeyRing) -> int:
    """How many data keys are wrapped by another key than the newest."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(DataKey).where(*_old(ring))) or 0


def rewrap(database: Database, ring: KeyRing, tell: Callable[[int], None]) -> None:
    """Wrap every data key with the newest key; `tell` hears how many more are done."""
    vault = Vault(ring)
    while done := database.run(lambda session: _rewrap_some(session, vault)):
        tell(done)


def _rewrap_some(session: Session, vault: Vault) -> int:
    some = session.scalars(select(DataKey).where(*_old(vault.ring)).limit(BATCH).with_for_update()).all()
    for key in some:
        key.rewrap(vault)
    return len(some)


def _old(ring: KeyRing) -> tuple[ColumnElement[bool], ...]:
    """Not destroyed, and wrapped by another key than the newest."""
    return DataKey.ring_key != ring.wrapping[0].id, DataKey.wrapped.is_not(None)
