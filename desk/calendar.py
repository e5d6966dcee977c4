"""The opening hours in force, read from the versioned document `calendar`."""

from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from desk.documents import current
from hours import Calendar, NeverOpens


def calendar_of(session: Session) -> Calendar:
    """The calendar in force; parsed once per version."""
    _version, body = current(session, "calendar")
    return _parsed(body)


def warm_up(session: Session, at: datetime) -> None:
    """Load the holidays around desk time `at` now, because the first look takes long."""
    with suppress(NeverOpens):  # shown on the pages; mail must come in all the same
        calendar_of(session).next_opening(at)


@lru_cache(maxsize=8)
def _parsed(body: str) -> Calendar:
    return Calendar.from_toml(body)
