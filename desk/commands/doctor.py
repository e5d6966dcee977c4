"""`meldpunt doctor`."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

from desk.commands.context import Refused, Site, pass_site
from desk.commands.guard import reason
from desk.database import Database
from desk.keyring import KeyFault
from desk.site import WrongDatabase

if TYPE_CHECKING:
    from desk.check import Check


@click.command(short_help="Say one line about everything that the desk needs.")
@pass_site
def doctor(site: Site) -> None:
    """Look at everything that the desk needs and say one line about each.

    Settings, keys, database and its migrations, disk, clock, jobs, calls and mails that wait; then every mailbox, the
    outgoing mail server and the carrier, without changing or sending anything. Ends with 1 when something is wrong.
    """
    faults = [check.name for check in _checks(site) if not _say(check)]
    if faults:
        raise click.exceptions.Exit(1)


def _checks(site: Site) -> "Iterable[Check]":
    from desk.check import Check
    from desk.checks import checks_here
    from desk.reach import checks_outside

    yield Check("settings", lambda: _settings(site))
    try:
        settings = site.settings
    except Refused:
        return  # without settings there is nothing to look at; their faults were just shown

    @functools.cache
    def open_database() -> Database:
        return site.unchecked_desk().database

    yield from checks_here(settings, open_database)
    for checks_of_part in site.checks():
        yield from checks_of_part(settings, open_database)
    yield from checks_outside(settings)


def _settings(site: Site) -> str:
    return f"complete; pages at {site.settings.public_url}"


def _say(check: "Check") -> bool:
    """Look, print the line, and tell whether it was well."""
    from desk.check import Fault

    try:
        found = check.look()
    except (Fault, KeyFault, WrongDatabase) as error:
        return _line(check, str(error), well=False)
    except Refused as error:
        return _line(check, error.message, well=False)
    except SQLAlchemyError as error:
        return _line(check, f"the database does not answer: {reason(error)}", well=False)
    except Exception as error:  # noqa: BLE001  one check that breaks must not hide the next
        return _line(check, f"could not be looked at: {type(error).__name__}", well=False)
    return _line(check, found, well=True)


def _line(check: "Check", said: str, *, well: bool) -> bool:
    mark = click.style("ok   ", fg="green") if well else click.style("FAULT", fg="red", bold=True)
    click.echo(f"{mark}  {check.name:<18} {said}")
    return well
