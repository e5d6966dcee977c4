"""`meldpunt keys new` and `meldpunt keys rotate`."""

from pathlib import Path

import click

from desk.audit import Act, audit
from desk.commands.context import Refused, Site, pass_site
from desk.commands.progress import progress
from desk.database import Database
from desk.keyring import KeyBusy, KeyFault, KeyRing, alone_with, write_key_file
from desk.rotation import alone_in, new_keys, rewrap, to_wrap
from desk.site import check_site
from desk.vault import SealBroken


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
    path = site.settings.key_file
    try:
        with alone_with(path):  # before the desk reads it: a ring that was read earlier may lack a key by now
            count, fresh = _rotate(site, path)
    except (KeyBusy, KeyFault) as error:
        raise Refused(str(error)) from error
    except SealBroken as error:
        raise Refused(
            f"{error} does not open, so it cannot be wrapped anew; the key file holds the new keys"
        ) from error
    except OSError as error:
        raise Refused(f"{error.filename or path}: {error.strerror}") from error
    if fresh:
        click.echo(f"New keys are in use; {count} data keys were wrapped anew.")
    else:
        click.echo(f"An earlier rotation was finished: {count} data keys were wrapped anew.")
        click.echo("No new keys were made. If that is what you want, run this once more.")
    click.echo(f"Copy {path.absolute()} to every machine and to where its copy is kept, then start again.")


def _rotate(site: Site, path: Path) -> tuple[int, bool]:
    """How many data keys were wrapped anew, and whether by keys that were made now."""
    database = site.desk().database
    with alone_in(database):
        check_site(database, demo=site.settings.demo)  # again: another machine may have rotated until now
        ring = new_keys(database, path)
        count = _rewrap_all(database, ring)
    act = Act("operator", "rotate_keys", f"key:{ring.wrapping[0].id}", f"{count} data keys", "command")
    database.run(lambda session: audit(session, act))
    return count, ring is not database.vault.ring


def _rewrap_all(database: Database, ring: KeyRing) -> int:
    total = to_wrap(database, ring)
    with progress("data keys", total) as advance:
        rewrap(database, ring, advance)
    return total
