"""Everything a part needs to do its work, made once per process and passed in."""

from dataclasses import dataclass

from flask import current_app

from desk.clock import Clock, ShiftedClock, SystemClock
from desk.database import Database
from desk.keyring import read_key_file
from desk.sender import MailSender
from desk.settings import Settings
from desk.vault import Vault

DEMO_CLOCK = "demo-clock"
"""File in the data directory that holds the demonstration's clock offset."""


@dataclass(frozen=True)
class Desk:
    """The standing parts of one process."""

    settings: Settings
    clock: Clock
    vault: Vault
    database: Database
    sender: MailSender


def open_desk(settings: Settings, sender: MailSender, *, may_make: bool = False) -> Desk:
    """Open keys and database. Raises `KeyFault` for a missing or damaged key file; makes no table and no key.

    A database file that is not there is made only when it `may_make` one: at a mistyped path nothing must appear.
    """
    clock = ShiftedClock(settings.data_dir / DEMO_CLOCK) if settings.demo else SystemClock()
    vault = Vault(read_key_file(settings.key_file))
    database = Database(settings.database_url, vault, clock, may_make=may_make)
    return Desk(settings, clock, vault, database, sender)


def this_desk() -> Desk:
    """The desk of the Flask application that handles this request."""
    desk: Desk = current_app.extensions["desk"]
    return desk
