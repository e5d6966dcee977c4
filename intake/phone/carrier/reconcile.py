"""Comparing our calls with the carrier's own list: whatever its webhooks did not bring in is brought in here."""

import logging
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.jobs import ClaimedJob
from desk.last_times import forget_time, last_time, note_time
from desk.sender import GiveUp, TryAgain
from desk.worker import Handler
from intake.phone.carrier.client import Carrier
from intake.phone.carrier.comparison import Comparison, Found

JOB, LONG_JOB = "reconcile_calls", "reconcile_days"
DAY, LONG = timedelta(days=1), timedelta(days=3)
OVERLAP = timedelta(hours=1)
GRACE = timedelta(minutes=2)
"""So long after a call its webhooks are still on their way, and nothing is missing."""

DONE, AWAY, DIFFERED = "reconciled", "carrier_away", "reconcile_differed"
"""Names of last times: when it ended well, since when the carrier is away, when something was missing."""

log = logging.getLogger("meldpunt.phone")


def reconcile(desk: Desk, carrier: Carrier, back: timedelta, *, grace: timedelta = GRACE) -> Found:
    """Record every call and message of the last `back` that the carrier knows of and we do not, each once.

    Each in a transaction of its own, by the way that webhooks take: one that comes in meanwhile, or later, changes
    nothing. Raises `TryAgain` or `GiveUp` when the carrier does not tell; what was found until then stays.
    """
    # The carrier goes by desk time: everywhere but in the demonstration that is real time.
    comparison = Comparison(desk, carrier, desk.clock.now() - grace)
    try:
        found = comparison.made(desk.clock.now() - back)
    except (TryAgain, GiveUp):
        desk.database.run(_note_away)
        raise
    desk.database.run(partial(_note_done, found=found))
    if missing := found.calls + found.recordings:
        log.warning("calls or messages were missing here", extra={"count": missing})
    return found


def reconciler(desk: Desk, carrier: Carrier) -> Handler:
    """The job that looks back a day, or to when it last succeeded; the next one comes while the carrier is away."""

    def compare(_job: ClaimedJob) -> None:
        if not desk.settings.twilio_account_sid:
            return
        try:
            reconcile(desk, carrier, _back(desk))
        except (TryAgain, GiveUp) as fault:
            log.warning("the carrier's list of calls could not be read", extra={"error": type(fault).__name__})

    return compare


def long_reconciler(desk: Desk, carrier: Carrier) -> Handler:
    """The job that looks back over days; it is tried until the carrier tells."""

    def compare(_job: ClaimedJob) -> None:
        if desk.settings.twilio_account_sid:
            reconcile(desk, carrier, LONG)

    return compare


def _back(desk: Desk) -> timedelta:
    with desk.database.reading() as session:
        last = last_time(session, DONE)
    return max(DAY, desk.clock.real() - last + OVERLAP) if last else DAY


def _note_away(session: Session) -> None:
    if last_time(session, AWAY) is None:
        note_time(session, AWAY)


def _note_done(session: Session, found: Found) -> None:
    note_time(session, DONE)
    forget_time(session, AWAY)
    if found.calls or found.recordings:
        note_time(session, DIFFERED)
