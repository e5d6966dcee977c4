"""Writes the next numbered migration from the difference between the models and the newest one.

    python tools/draft_migration.py "tickets can be merged"

Read what it wrote: a rename looks like a loss to it, and triggers of a table that SQLite makes anew must be made again.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from app import metadata
from desk.clock import SystemClock
from desk.database import Database
from desk.keyring import KeyRing
from desk.migrate import FOLDER, alone, configuration, newest, upgrade
from desk.vault import Vault


def draft(message: str) -> Path:
    """Write the file and its name into CURRENT; returns its path."""
    number = f"{int(newest() or 0) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.db", Vault(KeyRing.new()), SystemClock())
        upgrade(database, metadata())
        with alone(database) as connection:
            command.revision(configuration(connection, metadata()), message, autogenerate=True, rev_id=number)
        database.close()
    written = next((FOLDER / "versions").glob(f"{number}_*.py"))
    (FOLDER / "CURRENT").write_text(written.stem + "\n", "ascii")
    return written


if __name__ == "__main__":
    print(draft(sys.argv[1]))
