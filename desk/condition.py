"""What the page *Toestand* says about one thing; light, because parts that offer such lines are loaded everywhere."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from desk.settings import Settings


class State(enum.IntEnum):
    """How it stands; the worst is the highest."""

    OK = 0
    ATTENTION = 1
    ALARM = 2


@dataclass(frozen=True)
class Condition:
    """One line, in Dutch for a colleague who is no technician; never a secret. `since` is real time, UTC."""

    name: str
    state: State
    sentence: str
    since: datetime | None = None


Conditions = Callable[[Session, Settings, datetime], list[Condition]]
"""What a part has to say: given a session that reads, the settings and the real time, its lines."""
