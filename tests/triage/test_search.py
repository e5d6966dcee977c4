"""Finding tickets: by number, by words and their forms, never through an address, always in the audit log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from desk.audit import AuditLine
from desk.database import Database
from desk.desk import Desk
from desk.vault import Vault
from tests.builders import a_ticket
from tests.fakes import FixedClock
from tests.triage.pages import send, words_of
from triage.search import find

Staff = Callable[..., FlaskClient]


def found(desk: Desk, words: str) -> list[str]:
    with desk.database.reading() as session:
        return [ticket.number for ticket in find(session, words)[0]]


def test_every_word_must_be_there_in_any_form(desk: Desk) -> None:
    sem = a_ticket(desk, subject="Zorgen over Sem Fictief", text="Hij heeft geen laptops.")
    a_ticket(desk, subject="Zorgen over Zoë Testman", text="Zij heeft geen laptop.")
    assert found(desk, "laptop fictief") == [sem]
    assert len(found(desk, "LAPTOP")) == 2
    assert found(desk, "laptop Nergens") == []
    assert len(found(desk, "zoe testman")) == 1


def test_the_newest_come_first(desk: Desk, clock: FixedClock) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(a_ticket(desk, subject="laptop"))
        clock.advance(timedelta(minutes=1))
    assert found(desk, "laptop") == numbers[::-1]


def test_more_than_25_are_not_shown_and_it_says_so(sqlite_desk: Desk, staff: Staff) -> None:
    for _ in range(26):
        a_ticket(sqlite_desk, subject="laptop")
    with sqlite_desk.database.reading() as session:
        tickets, more = find(session, "laptop")
    assert (len(tickets), more) == (25, True)
    assert "De 25 nieuwste er zijn er meer; voeg een woord toe" in words_of(send(staff(), "/zoeken", {"q": "laptop"}))


@pytest.mark.parametrize("words", ["", "de het een", "!!", "x"])
def test_nothing_to_look_for_finds_nothing(sqlite_desk: Desk, words: str) -> None:
    a_ticket(sqlite_desk)
    assert found(sqlite_desk, words) == []


def test_words_indexed_under_an_older_key_are_still_found(sqlite_desk: Desk) -> None:
    number = a_ticket(sqlite_desk, subject="laptop")
    rotated = Vault(sqlite_desk.vault.ring.rotated())
    database = Database(sqlite_desk.settings.database_url, rotated, sqlite_desk.clock)
    with database.reading() as session:
        assert [ticket.number for ticket in find(session, "laptop")[0]] == [number]
    database.close()


def test_a_number_leads_straight_to_its_ticket(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    for typed in (number, f"{number[:4]} {number[4:]}", f"[melding {number[:4]} {number[4:]}]"):
        answer = send(iris, "/zoeken", {"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/melding/{number}")


def test_a_number_of_nobody_is_said_to_be_one(staff: Staff) -> None:
    page = words_of(send(staff(), "/zoeken", {"q": "4821 7739"}))
    assert "Er is geen melding met nummer 4821 7739." in page


def test_what_is_looked_for_stands_in_no_address_and_in_no_log(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    answer = send(iris, "/zoeken", {"q": "Fictief"})
    assert answer.status_code == 200
    assert f"/melding/{number}" in answer.text
    assert 'value="Fictief"' in answer.text
    page = iris.get("/zoeken?q=Fictief")
    assert "Fictief" not in page.text
    with sqlite_desk.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.action == "search")).all()
        assert [(line.object, line.result) for line in lines] == [("tickets", "1 found")]


def test_nothing_found_says_what_to_try(staff: Staff) -> None:
    assert "Niets gevonden. Probeer minder woorden" in words_of(send(staff(), "/zoeken", {"q": "onvindbaar"}))
