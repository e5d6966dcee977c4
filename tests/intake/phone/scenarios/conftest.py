"""A scenario on SQLite, or on both engines where two things happen at once."""

from collections.abc import Iterator

import pytest

from tests.fakes import FixedClock
from tests.intake.phone.line import Line
from tests.intake.phone.scenarios.scene import Scene


@pytest.fixture
def scene(sqlite_line: Line, clock: FixedClock) -> Iterator[Scene]:
    """At its end, whatever happened, all must be well."""
    begun = Scene(sqlite_line, clock)
    yield begun
    begun.over()


@pytest.fixture
def on_both(line: Line, clock: FixedClock) -> Iterator[Scene]:
    """The same, once on each engine."""
    begun = Scene(line, clock)
    yield begun
    begun.over()
