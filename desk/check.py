"""What a check of `doctor` is; light, because parts that offer one are loaded by every process."""

from collections.abc import Callable
from dataclasses import dataclass

from desk.database import Database
from desk.settings import Settings


class Fault(Exception):
    """What is wrong, in a line that an operator can act on."""


@dataclass(frozen=True)
class Check:
    """One thing to look at. `look` returns what it found to be well and raises for a fault."""

    name: str
    look: Callable[[], str]


Checks = Callable[[Settings, Callable[[], Database]], list[Check]]
"""What a part has looked at: given the settings and a way to open the database, its checks."""
