"""The only module that reads the wall clock.

Two times exist. *Real* time runs leases, sessions and jobs. *Desk* time is what calendar, deadlines and texts go
by; it equals real time except in the demonstration, where a person may set it.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where now comes from; both times are aware UTC."""

    def now(self) -> datetime:
        """Desk time: what callers, deadlines and texts go by."""

    def real(self) -> datetime:
        """Real time: what leases, sessions and jobs go by."""


class SystemClock:
    """The clock of a real site: both times are the machine's."""

    def now(self) -> datetime:
        """Desk time, UTC."""
        return self.real()

    def real(self) -> datetime:
        """Real time, UTC."""
        return datetime.now(UTC)


class ShiftedClock(SystemClock):
    """The demonstration's clock: real time plus an offset that every process reads from one small file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Desk time, UTC: real time plus the offset in the file, in seconds; a missing file means none."""
        try:
            offset = timedelta(seconds=float(self._path.read_text("ascii")))
        except (FileNotFoundError, ValueError):
            return self.real()
        return self.real() + offset

    def set(self, at: datetime | None) -> None:
        """Make desk time `at` from now on, for every process that reads the file; None means real time again."""
        offset = (at - self.real()).total_seconds() if at else 0.0
        scratch = self._path.with_suffix(".new")
        scratch.write_text(f"{offset:.3f}", "ascii")
        scratch.replace(self._path)
