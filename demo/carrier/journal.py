"""What the network did and what the caller heard, kept so that a person can read it back."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_happened = itertools.count()


def _next() -> int:
    return next(_happened)


@dataclass(frozen=True)
class Hook:
    """One request of the network to the desk. `at` is desk time, UTC; `ms` real milliseconds."""

    at: datetime
    call_sid: str
    method: str
    path: str
    status: int | None
    """None: no answer came."""
    ms: float
    note: str = ""
    moment: float = 0.0
    """On the agenda, which nobody sets."""
    place: int = field(default_factory=_next, compare=False)
    """In the order of everything that happens on this machine."""

    def told(self) -> str:
        """Without its time, as it stands in a report."""
        answer = "geen antwoord" if self.status is None else str(self.status)
        return f"{self.method:<4} {self.path}  {answer}, {self.ms:.0f} ms  {self.note}".rstrip()


@dataclass(frozen=True)
class Alert:
    """Something the carrier would complain of, with its error code; `at` is desk time, UTC."""

    at: datetime
    call_sid: str
    code: int
    text: str
    moment: float = 0.0
    """On the agenda, which nobody sets."""
    place: int = field(default_factory=_next, compare=False)
    """In the order of everything that happens on this machine."""


class Kind(StrEnum):
    """Who did what in a call."""

    SPOKEN = "spoken"
    SOUND = "sound"
    PRESSED = "pressed"
    SAID = "said"
    HEARD = "heard"
    """Said by the other side, while two are talking."""
    EVENT = "event"


MARKS = {Kind.PRESSED: "toetst", Kind.SAID: "zegt", Kind.EVENT: "--"}


@dataclass
class Turn:
    """One thing in a call, `start` seconds after it began. `spent` is known once it is over; `cut`: not to its end."""

    start: float
    kind: Kind
    text: str
    lasts: float = 0.0
    spent: float | None = None
    cut: bool = False
    open: bool = False
    """The caller may break in."""
    place: int = field(default_factory=_next, compare=False)
    """In the order of everything that happens on this machine."""

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.spent is not None

    def written(self) -> str:
        """One line of a transcript."""
        minutes, seconds = divmod(self.start, 60)
        return f"{int(minutes)}.{seconds:04.1f}  {self.told()}"

    def told(self) -> str:
        """Without its time."""
        mark = MARKS.get(self.kind, "hoort")
        cut = f"  (afgebroken na {self.spent:.1f} s)" if self.cut and self.spent is not None else ""
        return f"{mark:<6} {self.text}{cut}"
