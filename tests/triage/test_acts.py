"""Every act through the pages: forms, faults beside what was typed, stale forms, double posts, races."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import create_app
from desk.desk import Desk
from intake.receive import receive
from tests.builders import a_colleague, a_concern, a_ticket, sign_in, ticket_of
from tests.triage.pages import do, hidden_fields, marks_on, send, words_of
from triage.case import find_ticket
from triage.models import Entry
from triage.tickets import add_entry
from triage.values import Area, Category, Channel, CloseReason, EntryKind, Outcome, Status, Urgency

Staff = Callable[..., FlaskClient]
TODAY = {"hoe-snel": "today", "reden": "Niemand zag het kind sinds vrijdag."}


@pytest.fixture
def number(sqlite_desk: Desk) -> str:
    return a_ticket(sqlite_desk)


@pytest.fixture
def iris(staff: Staff) -> FlaskClient:
    return staff("Iris Bedacht")


@pytest.fixture
def lotte(staff: Staff) -> FlaskClient:
    return staff("Lotte Denkbeeld")


def kinds(desk: Desk) -> list[EntryKind]:
    with desk.database.reading() as session:
        return list(session.scalars(select(Entry.kind).order_by(Entry.n)))


def test_a_ticket_goes_from_unread_to_closed_and_back(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    steps = [
        ("oppakken", {}, Status.CLAIMED),
        ("beoordelen", TODAY, Status.CLAIMED),
        ("categoriseren", {"leidend": "cat2", "ook-cat3": "ja", "gebied": "Charlois"}, Status.CLAIMED),
        ("beschrijven", {"titel": "Leerling buiten beeld", "naam": "Hanna Papier"}, Status.CLAIMED),
        ("notitie", {"tekst": "Ouders namen niet op."}, Status.CLAIMED),
        ("terugzetten", {"reden": "Ik ga naar huis."}, Status.NEW),
        ("afsluiten", {"waarom": "advised", "toelichting": "School belt zelf."}, Status.CLOSED),
        ("heropenen", {"reden": "Toch niet gelukt."}, Status.NEW),
    ]
    for act, typed, status in steps:
        answer = do(iris, number, act, typed)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/melding/{number}"), words_of(answer)
        assert ticket_of(sqlite_desk, number).status is status
    assert kinds(sqlite_desk) == [EntryKind.OPENED, *map(EntryKind, (
        "claimed", "rated", "categorised", "described", "note", "released", "closed", "reopened"))]  # fmt: skip


def test_what_was_done_is_said_on_the_next_page(iris: FlaskClient, number: str) -> None:
    do(iris, number, "oppakken")
    assert "Opgepakt. Deze melding is nu van u." in words_of(iris.get(f"/melding/{number}"))


def test_the_ticket_page_shows_what_was_decided(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    do(iris, number, "beoordelen", {"hoe-snel": "acute", "reden": "Gevaar.", "gebeld": "school, 9.19 uur"})
    do(iris, number, "categoriseren", {"leidend": "cat2", "gebied": "Noord"})
    page = words_of(iris.get(f"/melding/{number}"))
    assert "Acuut" in page
    assert "112: school, 9.19 uur" in page
    assert "Onveilige thuissituatie" in page
    ticket = ticket_of(sqlite_desk, number)
    assert (ticket.urgency, ticket.leading_category, ticket.area) == (Urgency.ACUTE, Category.UNSAFE_HOME, Area.NOORD)


@pytest.mark.parametrize(
    ("act", "typed", "sentences"),
    [
        ("beoordelen", {}, ["Kies hoe snel dit moet.", "Schrijf op waarom."]),
        ("beoordelen", {"hoe-snel": "acute", "reden": "x"}, ["Schrijf op wie 112 belde"]),
        ("beoordelen", {"hoe-snel": "snel", "reden": "  "}, ["Kies hoe snel", "Schrijf op waarom."]),
        ("categoriseren", {"ook-cat1": "ja"}, ["Kies welke categorie leidend is."]),
        ("beschrijven", {"titel": " ", "e-mail": "geen", "telefoon": "bel Ans"}, ["een titel", "geen e-mail"]),
        ("notitie", {"tekst": " \r\n "}, ["Schrijf eerst een notitie."]),
        ("afsluiten", {}, ["Kies waarom u de melding afsluit."]),
        ("afsluiten", {"waarom": "double", "toelichting": "zie de andere 1234 5678"}, ["nummer van de andere"]),
        ("afsluiten", {"waarom": "no_concern"}, ["waarom er geen zorg is"]),
        ("heropenen", {"reden": ""}, ["Schrijf op waarom."]),
    ],
)  # fmt: skip
def test_every_fault_of_a_form_is_named_at_once(
    sqlite_desk: Desk, iris: FlaskClient, number: str, act: str, typed: dict[str, str], sentences: list[str]
) -> None:
    answer = do(iris, number, act, typed)
    assert answer.status_code == 422
    page = words_of(answer)
    assert all(sentence in page for sentence in sentences), page
    assert kinds(sqlite_desk) == [EntryKind.OPENED]


def test_a_fault_keeps_what_was_typed(iris: FlaskClient, number: str) -> None:
    answer = do(iris, number, "beoordelen", {"reden": "Oma belde <b>zelf</b> & huilde"})
    assert "Oma belde &lt;b&gt;zelf&lt;/b&gt; &amp; huilde</textarea>" in answer.text


def test_a_repeated_post_changes_nothing_the_second_time(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    form = marks_on(iris, number, "notitie") | {"tekst": "Ouders namen niet op."}
    url = f"/melding/{number}/notitie"
    assert [send(iris, url, form).status_code for _ in range(3)] == [303, 303, 303]
    assert kinds(sqlite_desk).count(EntryKind.NOTE) == 1
    assert "al opgeslagen" in words_of(iris.get(f"/melding/{number}"))


def test_the_same_post_twice_at_once_counts_once(sqlite_desk: Desk, iris: FlaskClient, app: Flask, number: str) -> None:
    form = marks_on(iris, number, "notitie") | {"tekst": "Dubbel geklikt."}
    cookie = iris.get_cookie("meldpunt")
    assert cookie is not None
    start, codes = threading.Barrier(4), []

    def click() -> None:
        browser = app.test_client()
        browser.set_cookie("meldpunt", cookie.value)
        start.wait(10)
        codes.append(send(browser, f"/melding/{number}/notitie", form).status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(30)
    assert codes == [303] * 4
    assert kinds(sqlite_desk).count(EntryKind.NOTE) == 1


def test_who_goes_back_and_writes_something_else_loses_nothing(
    sqlite_desk: Desk, iris: FlaskClient, number: str
) -> None:
    form = marks_on(iris, number, "notitie")
    for text in ("Eerst dit.", "En toen dat."):
        send(iris, f"/melding/{number}/notitie", form | {"tekst": text})
    assert kinds(sqlite_desk).count(EntryKind.NOTE) == 2


def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(
    sqlite_desk: Desk, iris: FlaskClient, lotte: FlaskClient, number: str
) -> None:
    form = marks_on(iris, number, "categoriseren") | {"leidend": "cat1", "gebied": "Pernis"}
    do(lotte, number, "beoordelen", {"hoe-snel": "today", "reden": "De school is morgen dicht."})
    answer = send(iris, f"/melding/{number}/categoriseren", form)
    assert answer.status_code == 409
    page = words_of(answer)
    assert "Deze melding is intussen veranderd" in page
    assert "Beoordeeld door Lotte Denkbeeld : Vandaag" in page
    assert "De school is morgen dicht." in page
    assert '<option value="Pernis" selected>' in answer.text
    assert ticket_of(sqlite_desk, number).area is None
    again = marks_on(iris, number, "categoriseren") | {"leidend": "cat1", "gebied": "Pernis"}
    assert send(iris, f"/melding/{number}/categoriseren", again).status_code == 303
    assert ticket_of(sqlite_desk, number).area is Area.PERNIS


def test_nobody_closes_over_a_mail_that_they_did_not_read(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    do(iris, number, "beoordelen", TODAY)
    form = marks_on(iris, number, "afsluiten") | {"waarom": "advised"}
    joins = ticket_of(sqlite_desk, number).id
    sqlite_desk.database.run(lambda s: receive(s, a_concern(joins=joins, subject="Nog iets", text="Hij is hier nu.")))
    answer = send(iris, f"/melding/{number}/afsluiten", form)
    assert answer.status_code == 409
    assert "Hij is hier nu." in words_of(answer)
    assert ticket_of(sqlite_desk, number).is_open
    assert do(iris, number, "afsluiten", {"waarom": "advised"}).status_code == 303
    assert ticket_of(sqlite_desk, number).close_reason is CloseReason.ADVISED


@pytest.mark.parametrize(("ended", "answered"), [("sent", 303), ("failed", 409)])
def test_that_a_letter_of_ours_left_is_no_news_but_that_it_failed_is(
    sqlite_desk: Desk, iris: FlaskClient, number: str, ended: str, answered: int
) -> None:
    do(iris, number, "beoordelen", TODAY)
    form = marks_on(iris, number, "afsluiten") | {"waarom": "advised"}
    with sqlite_desk.database.writing() as session:
        ticket = find_ticket(session, number)
        add_entry(session, ticket, EntryKind.WROTE, at=sqlite_desk.clock.now(), after=ended)
    assert send(iris, f"/melding/{number}/afsluiten", form).status_code == answered


def test_a_note_is_never_stale(sqlite_desk: Desk, iris: FlaskClient, lotte: FlaskClient, number: str) -> None:
    form = marks_on(iris, number, "notitie") | {"tekst": "Intussen gebeld."}
    do(lotte, number, "oppakken")
    assert send(iris, f"/melding/{number}/notitie", form).status_code == 303
    assert EntryKind.NOTE in kinds(sqlite_desk)


def test_who_claims_second_reads_who_was_first(iris: FlaskClient, lotte: FlaskClient, number: str) -> None:
    form = marks_on(iris, number, "oppakken")
    do(lotte, number, "oppakken")
    answer = send(iris, f"/melding/{number}/oppakken", form)
    assert answer.status_code == 409
    assert "Lotte Denkbeeld pakte deze melding op: vandaag 10.00 uur." in words_of(answer)


def test_the_work_list_claims_with_its_own_button(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    action = f"/melding/{number}/oppakken"

    form = hidden_fields(iris.get("/werklijst").text, action)
    assert send(iris, action, form).status_code == 303
    assert ticket_of(sqlite_desk, number).status is Status.CLAIMED
    assert "Bij u" in words_of(iris.get("/werklijst"))


@pytest.mark.parametrize(
    ("act", "typed", "sentence"),
    [
        ("heropenen", {"reden": "x"}, "al open"),
        ("afsluiten", {"waarom": "advised"}, "Beoordeel eerst hoe snel dit moet."),
        ("terugzetten", {}, "van niemand"),
    ],
)
def test_what_cannot_be_done_now_is_said_in_a_sentence(
    iris: FlaskClient, number: str, act: str, typed: dict[str, str], sentence: str
) -> None:
    answer = do(iris, number, act, typed)
    assert answer.status_code == 409
    assert sentence in words_of(answer)


@pytest.mark.parametrize("act", ["oppakken", "beoordelen", "categoriseren", "beschrijven", "afsluiten"])
def test_a_closed_ticket_can_only_be_reopened_or_noted(iris: FlaskClient, number: str, act: str) -> None:
    do(iris, number, "beoordelen", TODAY)
    do(iris, number, "afsluiten", {"waarom": "advised"})
    typed = TODAY | {"titel": "x", "leidend": "cat1", "waarom": "advised"}
    assert do(iris, number, act, typed).status_code == 409
    assert do(iris, number, "notitie", {"tekst": "Later nog gebeld."}).status_code == 303


@pytest.mark.parametrize(
    "spoilt",
    [
        {"version": ""},
        {"version": "x"},
        {"seen": "-1"},
        {"form_key": "kort"},
        {"form_key": "g" * 32},
        {"version": "9" * 30},
    ],
)
def test_a_form_without_our_marks_is_refused(
    sqlite_desk: Desk, iris: FlaskClient, number: str, spoilt: dict[str, str]
) -> None:
    form = marks_on(iris, number, "oppakken") | spoilt
    assert send(iris, f"/melding/{number}/oppakken", form).status_code == 400
    assert kinds(sqlite_desk) == [EntryKind.OPENED]


@pytest.mark.parametrize("number_", ["00000000", "1", "abc", "4821 7739", "\N{ARABIC-INDIC DIGIT ZERO}" * 8])
def test_a_number_that_nobody_has_is_a_page_that_is_not_there(iris: FlaskClient, number: str, number_: str) -> None:
    form = marks_on(iris, number, "oppakken")
    assert iris.get(f"/melding/{number_}").status_code == 404
    assert iris.get(f"/melding/{number_}/notitie").status_code == 404
    assert send(iris, f"/melding/{number_}/oppakken", form).status_code == 404


def test_pasted_text_is_tidied_and_its_words_stay_apart(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    do(iris, number, "notitie", {"tekst": "\u202e een\r\nregel\x00 Naam:\tJan\u00a0Testman " + "é" * 15_000})
    with sqlite_desk.database.reading() as session:
        text = session.scalars(select(Entry).where(Entry.kind == EntryKind.NOTE)).one().text
    assert text == "een\nregel Naam: Jan Testman " + "é" * 15_000


@pytest.mark.parametrize(
    ("act", "typed", "field", "most"),
    [
        ("notitie", {"tekst": "x" * 20_001}, "tekst", "20.000"),
        ("beoordelen", TODAY | {"gebeld": "x" * 201}, "gebeld", "200"),
        ("beschrijven", {"titel": "a " * 101}, "titel", "200"),
        ("beschrijven", {"titel": "x", "naam": "y" * 201}, "naam", "200"),
        ("beschrijven", {"titel": "x", "organisatie": "y" * 201}, "organisatie", "200"),
        ("terugzetten", {"reden": "x" * 20_001}, "reden", "20.000"),
    ],
)
def test_what_does_not_fit_is_never_cut_but_said_beside_what_was_typed(
    sqlite_desk: Desk, iris: FlaskClient, number: str, act: str, typed: dict[str, str], field: str, most: str
) -> None:
    answer = do(iris, number, act, typed)
    assert answer.status_code == 422
    assert words_of(answer).count(f"Dit is te lang: hooguit {most} tekens.") == 2  # above the form and at the field
    assert typed[field].strip() in answer.text
    assert kinds(sqlite_desk) == [EntryKind.OPENED]


def test_a_colleague_on_another_machine_sees_the_same(sqlite_desk: Desk, iris: FlaskClient, number: str) -> None:
    """Two applications over one database: nothing of a ticket lives in the process."""
    do(iris, number, "oppakken")
    other = create_app(sqlite_desk.settings, sqlite_desk)
    other.testing = True
    page = words_of(sign_in(other.test_client(), a_colleague(sqlite_desk, "Lotte Denkbeeld")).get(f"/melding/{number}"))
    assert "Bij Iris Bedacht sinds" in page
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 2


def test_what_stands_in_the_way_of_closing_is_said_beside_it(sqlite_desk: Desk, iris: FlaskClient) -> None:
    number = a_ticket(sqlite_desk, channel=Channel.PHONE, outcome=Outcome.CALLBACK)
    do(iris, number, "beoordelen", TODAY)
    with sqlite_desk.database.writing() as session:
        find_ticket(session, number).promised_at = sqlite_desk.clock.now()
    page = words_of(iris.get(f"/melding/{number}"))
    assert "Afsluiten kan nog niet Er staat nog een belofte om terug te bellen." in page
    assert "Sluit af met een reden" not in page


def test_that_it_was_handed_over_is_no_reason_before_anybody_has_it(iris: FlaskClient, number: str) -> None:
    do(iris, number, "beoordelen", TODAY)
    for path in (f"/melding/{number}", f"/melding/{number}/afsluiten"):
        assert "Overgedragen en bevestigd" not in iris.get(path).text
    assert do(iris, number, "afsluiten", {"waarom": "handed_over"}).status_code == 409


def test_an_emptied_word_on_112_stays_empty_beside_the_fault(iris: FlaskClient, number: str) -> None:
    acute = {"hoe-snel": "acute", "reden": "Gevaar.", "gebeld": "school, 9.19 uur"}
    do(iris, number, "beoordelen", acute)
    assert 'value="school, 9.19 uur"' in iris.get(f"/melding/{number}/beoordelen").text
    assert "112: school, 9.19 uur (vandaag 10.00)" in words_of(iris.get(f"/melding/{number}"))
    answer = do(iris, number, "beoordelen", acute | {"gebeld": ""})
    assert answer.status_code == 422
    assert 'value="school, 9.19 uur"' not in answer.text
