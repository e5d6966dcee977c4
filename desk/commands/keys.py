"""`meldpunt keys new` and `meldpunt keys rotate`."""

import click
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import Advance, progress
from desk.data_keys import DataKey
from desk.database import Database
from desk.keyring import KeyRing, write_key_file
from desk.vault import Vault

BATCH = 500  # keys in one transaction: well under the 100 ms that a writer may hold up others


@click.group(short_help="Make and rotate the keys that people's words are sealed under.")
def keys() -> None:
    """Make and rotate the keys under which everything about people is sealed."""


@keys.command()
@pass_site
def new(site: Site) -> None:
    """Make the key file of a fresh site. A file that is there already is never overwritten."""
    path = site.settings.key_file.absolute()
    try:
        write_key_file(path, KeyRing.new())
    except FileExistsError as error:
        raise Refused(f"{path} is there already; whoever replaces it loses everything that it sealed") from error
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    click.echo(f"Made {path}, readable by its owner only.")
    click.echo("Keep a copy apart from the backups: without this file nobody can read them, and neither can you.")


@keys.command(short_help="Put new keys into use and wrap every data key anew.")
@click.confirmation_option(
    "--stopped", prompt="Are serve, mail and work stopped, on every machine?", help="Say so without being asked."
)
@pass_site
def rotate(site: Site) -> None:
    """Put a new wrapping key and a new index key into use, and wrap every data key anew.

    Stop `serve`, `mail` and `work` first: a process that started with the old file cannot open what the new key wraps.
    Afterwards copy the key file to every machine and to where you keep its copy, and start again. Old keys stay in the
    file: older backups and look-ups of what is there need them. When a run was broken off, the next one finishes it
    and makes no further keys.
    """
    desk, path = site.desk(), site.settings.key_file
    database, ring = desk.database, desk.vault.ring
    with database.reading() as session:
        unfinished = _left(session, ring) > 0
    if not unfinished:
        ring = ring.rotated()
        write_key_file(path, ring, replace_existing=True)
    count = _rewrap_all(database, ring)
    with database.writing() as session:
        audit(session, Act("operator", "rotate_keys", f"key:{ring.wrapping[0].id}", f"{count} data keys", "command"))
    click.echo(f"New keys are in use; {count} data keys were wrapped anew.")
    click.echo(f"Copy {path.absolute()} to every machine and to where its copy is kept, then start again.")


def _rewrap_all(database: Database, ring: KeyRing) -> int:
    with database.reading() as session:
        total = _left(session, ring)
    with progress("data keys", total) as advance:
        while _rewrap_some(database, ring, advance):
            pass
    return total


def _rewrap_some(database: Database, ring: KeyRing, advance: Advance) -> int:
    vault = Vault(ring)
    with database.writing() as session:
        some = session.scalars(select(DataKey).where(*_old(ring)).limit(BATCH).with_for_update()).all()
        for key in some:
            key.rewrap(vault)
    advance(len(some))
    return len(some)


def _left(session: Session, ring: KeyRing) -> int:
    return session.scalar(select(func.count()).select_from(DataKey).where(*_old(ring))) or 0


def _old(ring: KeyRing) -> tuple[ColumnElement[bool], ...]:
    """Not destroyed, and wrapped by another key than the newest."""
    return DataKey.ring_key != ring.wrapping[0].id, DataKey.wrapped.is_not(None)
