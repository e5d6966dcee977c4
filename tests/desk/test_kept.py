"""A form that was sent after the session had run out: nothing of it is stored, and nothing of it is lost."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from desk.audit import AuditLine
from desk.desk import Desk
from desk.kept import Kept
from tests.builders import PASSWORD, Colleague, a_colleague, a_ticket
from tests.fakes import FixedClock
from tests.triage.pages import HIDDEN, OURS, marks_on, send, words_of
from triage.models import Entry
from triage.values import EntryKind

TYPED = 'Moeder belde: "Sem is <er> weer".\r\nMorgen terugbellen.'


@pytest.fixture
def iris(sqlite_desk: Desk) -> Colleague:
    return a_colleague(sqlite_desk)


@pytest.fixture
def number(sqlite_desk: Desk) -> str:
    return a_ticket(sqlite_desk)


@pytest.fixture
def late(staff: Callable[..., FlaskClient], number: str, clock: FixedClock) -> tuple[FlaskClient, dict[str, str]]:
    """A colleague whose session ran out over a note, and the form as they send it."""
    client = staff()
    form = marks_on(client, number, "notitie") | {"tekst": TYPED}
    clock.advance(timedelta(hours=11))
    return client, form


def kept_in(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in HIDDEN.findall(page)}


def notes(desk: Desk) -> list[str | None]:
    with desk.database.reading() as session:
        return [line.text for line in session.scalars(select(Entry).where(Entry.kind == EntryKind.NOTE))]


def test_what_was_typed_waits_at_the_sign_in_and_is_sent_afterwards(
    late: tuple[FlaskClient, dict[str, str]], sqlite_desk: Desk, iris: Colleague, number: str
) -> None:
    client, form = late
    door = client.post(
        f"/melding/{number}/notitie", data=form, headers=OURS | {"Referer": f"http://localhost/melding/{number}"}
    )
    assert door.status_code == 401
    assert "U was te lang weg. Er is nog niets opgeslagen." in words_of(door)
    wrong = send(client, "/aanmelden", kept_in(door.text) | {"email": iris.email, "password": "fout"})
    assert "Het e-mailadres of het wachtwoord klopt niet." in words_of(wrong)
    inside = send(client, "/aanmelden", kept_in(wrong.text) | {"email": iris.email, "password": PASSWORD})
    assert "Wat u typte, is er nog" in words_of(inside)
    assert f'href="/melding/{number}"' in inside.text
    assert notes(sqlite_desk) == []
    assert kept_in(inside.text) == form
    sent = send(client, f"/melding/{number}/notitie", kept_in(inside.text))
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/melding/{number}")
    assert notes(sqlite_desk) == [TYPED.replace("\r\n", "\n")]


def test_nothing_of_it_is_stored_while_it_waits(
    late: tuple[FlaskClient, dict[str, str]], sqlite_desk: Desk, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    client, form = late
    with sqlite_desk.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditLine))
    send(client, f"/melding/{number}/notitie", form)
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditLine)) == before
    assert "Moeder" not in caplog.text
    with client.session_transaction() as cookie:
        assert "Moeder" not in repr(dict(cookie))


def test_a_field_of_the_form_is_never_taken_for_one_of_the_sign_in(client: FlaskClient) -> None:
    door = send(client, "/noteren", {"email": "melder@vos.example", "password": "x", "next": "//elders.example"})
    assert "melder@vos.example" not in door.text
    assert 'id="email" name="email" value=""' in door.text


def test_what_waits_is_not_to_be_read_before_its_writer_signed_in(
    late: tuple[FlaskClient, dict[str, str]], number: str
) -> None:
    client, form = late
    assert "Moeder" not in send(client, f"/melding/{number}/notitie", form).text


def test_a_colleague_neither_reads_nor_sends_what_somebody_else_typed(
    late: tuple[FlaskClient, dict[str, str]], sqlite_desk: Desk, number: str
) -> None:
    client, form = late
    bas = a_colleague(sqlite_desk, "Bas Testman")
    door = send(client, f"/melding/{number}/notitie", form)
    inside = send(client, "/aanmelden", kept_in(door.text) | {"email": bas.email, "password": PASSWORD})
    assert "Dit formulier was van iemand anders" in words_of(inside)
    assert "Moeder" not in inside.text
    assert kept_in(inside.text) == {}


def test_what_was_typed_in_a_second_tab_waits_as_well(
    late: tuple[FlaskClient, dict[str, str]], sqlite_desk: Desk, iris: Colleague, number: str
) -> None:
    client, form = late
    doors = [send(client, f"/melding/{number}/notitie", form | {"tekst": text}) for text in ("Het eerste.", "En dit.")]
    for door in doors:
        inside = send(client, "/aanmelden", kept_in(door.text) | {"email": iris.email, "password": PASSWORD})
        assert "U bent aangemeld als Iris Bedacht" in words_of(inside)
        send(client, f"/melding/{number}/notitie", kept_in(inside.text))
    assert notes(sqlite_desk) == ["Het eerste.", "En dit."]


@pytest.mark.parametrize("to", ["https://elders.example/", "//elders.example", "/werklijst", "/bestaat/niet", ""])
def test_what_was_kept_for_no_form_of_ours_is_forgotten(
    app: Flask, sqlite_desk: Desk, iris: Colleague, to: str
) -> None:
    secret = sqlite_desk.vault.ring.derived("session", "kept form")
    kept = Kept(str(iris.id), to, "/", (("tekst", "x"),)).sealed(secret)
    form = {"email": iris.email, "password": PASSWORD, "bewaard": kept}
    answer = send(app.test_client(), "/aanmelden", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("made_up", ["", "x", "AAAA", "%%%", "eyJvd25lciI6ICIifQ=="])
def test_what_was_not_sealed_by_the_desk_is_forgotten(app: Flask, iris: Colleague, made_up: str) -> None:
    form = {"email": iris.email, "password": PASSWORD, "bewaard": made_up}
    assert send(app.test_client(), "/aanmelden", form).headers["Location"] == "/"
