"""What the network did and what the caller heard, kept so that a person can read it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True)
class Alert:
    """Something the carrier would complain of, with its error code; `at` is desk time, UTC."""

    at: datetime
    call_sid: str
    code: int
    text: str


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

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.spent is not None

    def written(self) -> str:
        """One line of a transcript."""
        mark = MARKS.get(self.kind, "hoort")
        minutes, seconds = divmod(self.start, 60)
        cut = f"  (afgebroken na {self.spent:.1f} s)" if self.cut and self.spent is not None else ""
        return f"{int(minutes)}.{seconds:04.1f}  {mark:<6} {self.text}{cut}"
