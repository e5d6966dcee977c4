"""A line into the desk, on both database engines or on one."""

import pytest
from flask import Flask

from desk.desk import Desk
from tests.intake.phone.desk_side import DeskSide, a_side
from tests.intake.phone.line import Line, a_line


@pytest.fixture
def line(desk: Desk) -> Line:
    """The telephone of a desk, once on each engine."""
    return a_line(desk)


@pytest.fixture
def sqlite_line(sqlite_desk: Desk) -> Line:
    """The telephone of a desk on SQLite, where the engine makes no difference."""
    return a_line(sqlite_desk)


@pytest.fixture
def side(app: Flask, sqlite_desk: Desk) -> DeskSide:
    """Colleagues with a line into their desk."""
    return DeskSide(sqlite_desk, app, Line(sqlite_desk, app))


@pytest.fixture
def both_sides(desk: Desk) -> DeskSide:
    """The same, once on each engine."""
    return a_side(desk)
