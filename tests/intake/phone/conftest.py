"""A line into the desk, on both database engines or on one."""

import pytest

from desk.desk import Desk
from tests.intake.phone.line import Line, a_line


@pytest.fixture
def line(desk: Desk) -> Line:
    """The telephone of a desk, once on each engine."""
    return a_line(desk)


@pytest.fixture
def sqlite_line(sqlite_desk: Desk) -> Line:
    """The telephone of a desk on SQLite, where the engine makes no difference."""
    return a_line(sqlite_desk)
