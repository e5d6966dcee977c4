"""When the last backup began: what was committed before that is in it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.condition import Condition, State
from desk.last_times import last_time, note_time
from desk.settings import Settings

BACKUP = "backup"
DAILY = timedelta(hours=26)  # a daily one, and some time to make it
WORRYING = timedelta(days=3)


def note_backup(session: Session, began: datetime) -> None:
    """A backup that began at this real time is whole."""
    note_time(session, BACKUP, began)


def last_backup(session: Session) -> datetime | None:
    """When the newest backup began, in real time; None when none was made by `meldpunt backup`."""
    return last_time(session, BACKUP)


def conditions(session: Session, _settings: Settings, now: datetime) -> list[Condition]:
    """Whether there is a backup of today."""
    return [_condition(last_backup(session), now)]


def _condition(last: datetime | None, now: datetime) -> Condition:
    name = "Back-up"
    if last is None:
        return Condition(name, State.ATTENTION, "Er is nog geen back-up gemaakt met meldpunt backup.")
    if now - last > WORRYING:
        return Condition(name, State.ALARM, "De laatste back-up is te oud. Vraag de beheerder om een nieuwe.", last)
    if now - last > DAILY:
        return Condition(name, State.ATTENTION, "Er is vandaag nog geen back-up gemaakt.", last)
    return Condition(name, State.OK, "Er is een back-up van de afgelopen dag.", last)
