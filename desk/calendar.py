"""The opening hours in force, read from the versioned document `calendar`."""

from functools import lru_cache

from sqlalchemy.orm import Session

from desk.documents import current
from hours import Calendar


def calendar_of(session: Session) -> Calendar:
    """The calendar in force; parsed once per version."""
    _version, body = current(session, "calendar")
    return _parsed(body)


@lru_cache(maxsize=8)
def _parsed(body: str) -> Calendar:
    return Calendar.from_toml(body)
