"""When each mailbox was last emptied, and what *Toestand* says of the mail that comes in."""

import hashlib
import time
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.condition import Condition, State
from desk.database import Database
from desk.last_times import last_time, note_time
from desk.mailbox_settings import Mailbox
from desk.settings import Settings
from intake.mail.models import RawMail, RawState

EVERY = 60.0  # seconds between two notes; a mailbox is looked at far more often
LATE = timedelta(minutes=15)
UNREAD = timedelta(minutes=10)


class Emptied:
    """Notes that one mailbox was emptied just now; cheap to call after every scan."""

    def __init__(self, database: Database, box: Mailbox) -> None:
        self._database = database
        self._box = box
        self._noted: float | None = None

    def note(self) -> None:
        """It was emptied now."""
        now = time.monotonic()
        if self._noted is None or now - self._noted >= EVERY:
            self._database.run(lambda session: note_time(session, _name(self._box)))
            self._noted = now


def conditions(session: Session, settings: Settings, now: datetime) -> list[Condition]:
    """One line for each mailbox, and one for mails that were fetched and are no tickets yet."""
    boxes = [_mailbox(session, box, now) for box in settings.mailboxes]
    return [*(boxes or [Condition("E-mail", State.ATTENTION, "Er is geen mailbox ingesteld.")]), _unread(session, now)]


def _mailbox(session: Session, box: Mailbox, now: datetime) -> Condition:
    name, last = f"Mailbox {box.name}", last_time(session, _name(box))
    if last is None:
        return Condition(name, State.ATTENTION, "Deze mailbox is nog niet geleegd.")
    if now - last > LATE:
        sentence = "Deze mailbox wordt niet geleegd: hij is niet bereikbaar, of meldpunt mail draait niet."
        return Condition(name, State.ALARM, sentence, last)
    return Condition(name, State.OK, "De mailbox is geleegd.", last)


def _unread(session: Session, now: datetime) -> Condition:
    waits = RawMail.state == RawState.FETCHED, RawMail.internaldate < now - UNREAD
    count, oldest = session.execute(select(func.count(), func.min(RawMail.internaldate)).where(*waits)).one()
    if not count:
        return Condition("Opgehaalde mails", State.OK, "Elke opgehaalde mail is een melding of hoort bij een melding.")
    mails = "1 mail is" if count == 1 else f"{count} mails zijn"
    return Condition("Opgehaalde mails", State.ALARM, f"{mails} opgehaald, maar nog geen melding.", oldest)


def _name(box: Mailbox) -> str:
    """Two mailboxes may be called the same; what tells them apart names a person's account and is not written down."""
    place = f"{box.account}/{box.folder}"
    return f"mailbox:{hashlib.sha256(place.encode()).hexdigest()[:32]}"
