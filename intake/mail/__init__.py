"""The mailbox: IMAP in, raw bytes first, one ticket for every mail, acknowledgements out.

Importing this imports nothing more: the child that parses starts through this package.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from desk.check import Check
    from desk.condition import Condition
    from desk.database import Database
    from desk.desk import Desk
    from desk.settings import Settings


def run_mail(desk: "Desk", stop: threading.Event, *, once: bool = False) -> None:
    """Empty the mailboxes and make tickets until `stop` is set, or once. See `intake.mail.run`."""
    from intake.mail import run

    run.run_mail(desk, stop, once=once)


def checks(settings: "Settings", open_database: "Callable[[], Database]") -> "list[Check]":
    """What `doctor` looks at here. See `intake.mail.waiting`."""
    from intake.mail import waiting

    return waiting.checks(settings, open_database)


def conditions(session: "Session", settings: "Settings", now: "datetime") -> "list[Condition]":
    """What *Toestand* says of the mail that comes in. See `intake.mail.emptied`."""
    from intake.mail import emptied

    return emptied.conditions(session, settings, now)
