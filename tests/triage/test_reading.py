"""Whoever sees a reporter's words or numbers stands in the audit log, on every page that shows them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from desk.audit import AuditLine
from desk.desk import Desk
from tests.builders import a_ticket
from tests.triage.pages import do, marks_on, send

Staff = Callable[..., FlaskClient]


def reads(desk: Desk, number: str) -> int:
    lines = select(func.count()).where(AuditLine.action == "read", AuditLine.object == f"ticket:{number}")
    with desk.database.reading() as session:
        return session.scalar(lines) or 0


@pytest.mark.parametrize("page", ["", "/beschrijven", "/notitie", "/oppakken", "/overdragen"])
def test_opening_a_ticket_or_one_of_its_forms_is_written_down(sqlite_desk: Desk, staff: Staff, page: str) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    assert iris.get(f"/melding/{number}{page}").status_code == 200
    assert reads(sqlite_desk, number) == 1


def test_a_form_that_comes_back_is_written_down_as_well(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    marks = marks_on(iris, number, "beoordelen")
    do(iris, number, "notitie", {"tekst": "Sem Fictief is bij oma."})
    before = reads(sqlite_desk, number)
    assert send(iris, f"/melding/{number}/beoordelen", marks).status_code == 422
    stale = send(iris, f"/melding/{number}/beoordelen", marks | {"hoe-snel": "today", "reden": "x"})
    assert (stale.status_code, "bij oma" in stale.text) == (409, True)
    assert reads(sqlite_desk, number) == before + 2
