"""Small classes that stand in for the outside and remember what they were given."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage


class FixedClock:
    """A clock that a test sets by hand; desk time and real time are the same."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Desk time, UTC."""
        return self._at

    def real(self) -> datetime:
        """Real time, UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Make it this moment."""
        self._at = at

    def advance(self, amount: timedelta) -> None:
        """Let time pass."""
        self._at += amount


@dataclass
class CollectingSender:
    """Accepts every mail and keeps it; raises `fault` instead while one is set."""

    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)
    fault: Exception | None = None

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Keep the mail, or fail as told."""
        if self.fault is not None:
            raise self.fault
        self.sent.append((recipient, message))
