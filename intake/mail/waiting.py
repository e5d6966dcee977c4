"""What `doctor` says of mails that were stored and are not tickets yet."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from desk.check import Check, Fault
from desk.database import Database
from desk.settings import Settings
from intake.mail.models import RawMail, RawState

LONGEST_WAIT = timedelta(minutes=10)


def checks(_settings: Settings, open_database: Callable[[], Database]) -> list[Check]:
    """One line about all mails."""
    return [Check("stored mails", lambda: stored_mails(open_database()))]


def stored_mails(database: Database) -> str:
    """Every mail that was stored became a ticket within ten minutes.

    Counted from when the mail server took it in: just after an outage a mail may be named that is about to be read.
    """
    long_ago = database.clock.real() - LONGEST_WAIT
    waits = RawMail.state == RawState.FETCHED, RawMail.internaldate < long_ago
    with database.reading() as session:
        count, most = session.execute(select(func.count(), func.max(RawMail.attempts)).where(*waits)).one()
    if count:
        raise Fault(f"{count} wait longer than ten minutes, taken up to {most} times; is `meldpunt mail` running?")
    return "all read"
