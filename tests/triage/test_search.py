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
from intake.concern import Reporter
from tests.builders import a_ticket
from tests.fakes import FixedClock
from tests.triage.pages import do, send, words_of
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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4821 7738", "Dit nummer klopt niet. Controleer de cijfers."),
        ("", "Typ eerst een nummer, een naam of een woord."),
        ("de het een", "te kort of te gewoon"),
        ("!!", "te kort of te gewoon"),
    ],
)
def test_what_cannot_be_looked_for_is_said(sqlite_desk: Desk, staff: Staff, typed: str, said: str) -> None:
    a_ticket(sqlite_desk)
    assert said in words_of(send(staff(), "/zoeken", {"q": typed}))


def test_eight_digits_that_stand_in_a_text_are_found_there(sqlite_desk: Desk, staff: Staff) -> None:
    number = a_ticket(sqlite_desk, text="Leerlingnummer 48217738")
    assert f"/melding/{number}" in send(staff(), "/zoeken", {"q": "48217738"}).text


def test_a_question_that_does_not_fit_is_not_cut(staff: Staff) -> None:
    answer = send(staff(), "/zoeken", {"q": "x" * 201})
    assert answer.status_code == 422
    assert "Dit is te lang: hooguit 200 tekens." in words_of(answer)
    assert "x" * 201 in answer.text


@pytest.mark.parametrize(
    "typed", ["06 0000 0142", "06-00000142", "+31600000142", "0031 6 0000 0142", "+31 (0)6 - 0000 0142", "0600000142"]
)
def test_the_number_of_the_reporter_is_found_however_it_is_written(sqlite_desk: Desk, typed: str) -> None:
    number = a_ticket(sqlite_desk)
    assert found(sqlite_desk, typed) == [number]
    assert found(sqlite_desk, "06 0000 0143") == []


def test_a_number_in_the_words_of_a_letter_is_found_too(sqlite_desk: Desk) -> None:
    number = a_ticket(sqlite_desk, text="Bel mij op 010 - 000 01 88, na 12.30.")
    assert found(sqlite_desk, "0100000188") == [number]


def test_the_address_of_the_reporter_is_found(sqlite_desk: Desk) -> None:
    number = a_ticket(sqlite_desk)
    assert found(sqlite_desk, "Hanna@Vos.example") == [number]
    assert found(sqlite_desk, "hanna@elders.example") == []


def test_every_word_that_a_colleague_wrote_is_found(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    do(iris, number, "beoordelen", {"hoe-snel": "today", "reden": "Opa Zeldzaam belde."})
    do(iris, number, "notitie", {"tekst": "Oma Uniek nam op."})
    do(iris, number, "beschrijven", {"titel": "Kleuter alleen", "telefoon": "06 - 0000 0188"})
    do(iris, number, "afsluiten", {"waarom": "advised", "toelichting": "Buurvrouw Bijzonder helpt."})
    for words in ("zeldzaam", "uniek", "kleuter", "0600000188", "bijzonder"):
        assert found(sqlite_desk, words) == [number], words


def test_nothing_found_says_what_to_try(staff: Staff) -> None:
    assert "Niets gevonden. Probeer minder woorden" in words_of(send(staff(), "/zoeken", {"q": "onvindbaar"}))


def test_whoever_wrote_a_long_mail_is_found_by_name_and_number(desk: Desk) -> None:
    words = " ".join(f"woord{n}" for n in range(3_000))
    text = f"{'kind school zorgen ' * 700}{words} Bel mij: 06 - 0000 0142."
    number = a_ticket(desk, text=text, reporter=Reporter(name="Hanna Papier"))
    assert [found(desk, asked) for asked in ("Papier", "0600000142", "zorgen")] == [[number]] * 3
