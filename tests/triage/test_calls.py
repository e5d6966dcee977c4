"""*Oproepen*: callers who got nobody wait there until a person ends that, and become one ticket each at most."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from desk.audit import AuditLine
from desk.calendar import calendar_of
from desk.desk import Desk
from intake.contacts import new_contact
from tests.builders import a_colleague
from tests.triage.pages import send, words_of
from triage.actions import Doing
from triage.missed import Missed, count_open, missed, tick_off
from triage.models import Contact, Ticket
from triage.telephone import shown
from triage.values import Channel, Outcome

Staff = Callable[..., FlaskClient]
NIGHT = datetime(2020, 4, 13, 20, 0, tzinfo=UTC)
MORNING = datetime(2020, 4, 14, 7, 50, tzinfo=UTC)


def a_call(
    desk: Desk,
    at: datetime = NIGHT,
    number: str | None = "+31600000199",
    outcome: Outcome = Outcome.TOLD_CLOSED,
    told: str = "T8",
) -> UUID:
    """A call that a person must end."""
    with desk.database.writing() as session:
        ref = f"CA{at.timestamp():032.0f}{number}"
        contact = new_contact(session, Channel.PHONE, ref, started_at=at, outcome=outcome, from_address=number)
        contact.told, contact.to_tick_off = told, True
        return contact.id


def lists(desk: Desk) -> Missed:
    with desk.database.reading() as session:
        return missed(session, calendar_of(session), desk.clock.now())


def test_calls_after_hours_and_missed_ones_stand_apart_longest_waiting_first(desk: Desk) -> None:
    a_call(desk, MORNING, "+31600000177", Outcome.ABANDONED, "T1")
    a_call(desk, NIGHT + timedelta(hours=1), "+31600000188")
    a_call(desk, NIGHT)
    found = lists(desk)
    assert [who.number for who in found.after_hours] == ["06 - 0000 0199", "06 - 0000 0188"]
    assert [who.number for who in found.gone] == ["06 - 0000 0177"]
    assert [who.since for who in found.after_hours] == ["ma 22.00", "ma 23.00"]


def test_calls_of_one_number_are_one_caller_and_withheld_ones_are_not(desk: Desk) -> None:
    for minutes in (0, 5):
        a_call(desk, NIGHT + timedelta(minutes=minutes))
        a_call(desk, NIGHT + timedelta(minutes=minutes), None)
    callers = lists(desk).after_hours
    assert sorted(len(who.calls) for who in callers) == [1, 1, 2]
    assert callers[0].calls[0].told == ("wij zijn dicht; bij gevaar 112, bij haast Veilig Thuis",)


def test_callers_through_one_contact_centre_are_different_people(desk: Desk) -> None:
    for minutes in (0, 5):
        contact = a_call(desk, NIGHT + timedelta(minutes=minutes), "+31100000000")
        with desk.database.writing() as session:
            session.get_one(Contact, contact).from_hash = None
    assert [(who.number, len(who.calls)) for who in lists(desk).after_hours] == [(shown("+31100000000"), 1)] * 2


def test_two_who_tick_off_the_same_call_do_it_once(desk: Desk) -> None:
    contact, iris, bas = a_call(desk), a_colleague(desk).id, a_colleague(desk, "Bas Verzonnen").id
    now = desk.clock.now()
    first = desk.database.run(lambda session: tick_off(session, [contact], Doing(iris, now), "Gesproken"))
    second = desk.database.run(lambda session: tick_off(session, [contact], Doing(bas, now), "Niet nodig"))
    assert (first, second) == (1, 0)
    with desk.database.reading() as session:
        kept = session.get_one(Contact, contact)
        assert (kept.to_tick_off, kept.ticked_off_by_id, kept.tick_off_reason) == (False, iris, "Gesproken")
        assert count_open(session) == 0


def test_the_page_says_what_each_caller_heard_and_counts_them_in_the_menu(sqlite_desk: Desk, staff: Staff) -> None:
    a_call(sqlite_desk)
    iris = staff()
    page = words_of(iris.get("/oproepen"))
    assert "gisteren 22.00 , belde toen wij dicht waren" in page
    assert "Kwam tot: wij zijn dicht" in page
    assert "Oproepen 1 wachten" in words_of(iris.get("/werklijst"))
    assert 'href="tel:+31600000199"' in iris.get("/oproepen").text


def test_ticking_off_needs_to_say_how_it_ended(sqlite_desk: Desk, staff: Staff) -> None:
    contact, iris = a_call(sqlite_desk), staff()
    form = {"oproep": str(contact), "beller": contact.hex}
    for typed, sentence in (
        ({}, "Kies hoe het afliep."),
        ({"afloop": "niet-nodig"}, "Schrijf op waarom terugbellen niet nodig is."),
    ):
        answer = send(iris, "/oproepen/afvinken", form | typed)
        assert answer.status_code == 422
        assert sentence in words_of(answer)
        assert '<details class="folded" open>' in answer.text
    assert (
        send(iris, "/oproepen/afvinken", form | {"afloop": "gesproken", "toelichting": "Belt morgen"}).status_code
        == 303
    )
    assert "Afgevinkt." in words_of(iris.get("/oproepen"))
    assert "Er zijn geen gemiste oproepen." in words_of(iris.get("/oproepen"))
    assert send(iris, "/oproepen/afvinken", form | {"afloop": "gesproken"}).status_code == 303
    assert "Een collega was u voor." in words_of(iris.get("/oproepen"))
    with sqlite_desk.database.reading() as session:
        assert session.get_one(Contact, contact).tick_off_reason == "Teruggebeld en gesproken: Belt morgen"


def test_all_calls_of_a_number_become_one_ticket(sqlite_desk: Desk, staff: Staff) -> None:
    for minutes in (0, 5, 9):
        a_call(sqlite_desk, NIGHT + timedelta(minutes=minutes))
    iris = staff()
    calls = re.findall(r'name="oproep" value="([^"]+)"', iris.get("/oproepen").text)[:3]
    answer = iris.post("/oproepen/melding", data={"oproep": calls}, headers={"Sec-Fetch-Site": "same-origin"})
    assert re.fullmatch(r"/melding/\d{8}", answer.headers["Location"])
    again = iris.post("/oproepen/melding", data={"oproep": calls}, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.headers["Location"] == "/oproepen"
    with sqlite_desk.database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert {contact.ticket_id for contact in session.scalars(select(Contact))} == {ticket.id}
        assert count_open(session) == 0
    assert words_of(iris.get(f"/melding/{ticket.number}")).count("06 - 0000 0199 belde") == 3


@pytest.mark.parametrize("form", [{}, {"oproep": "geen id"}, {"oproep": ["0" * 32] * 201}])
@pytest.mark.parametrize("path", ["/oproepen/afvinken", "/oproepen/melding"])
def test_a_form_that_names_no_call_is_refused(staff: Staff, path: str, form: dict[str, str]) -> None:
    data = {"afloop": "gesproken"} | form
    assert staff().post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 400


@pytest.mark.parametrize("path", ["/oproepen/afvinken", "/oproepen/melding"])
def test_whoever_called_all_night_is_dealt_with_in_one_go(sqlite_desk: Desk, staff: Staff, path: str) -> None:
    for seconds in range(200):
        a_call(sqlite_desk, NIGHT + timedelta(seconds=seconds))
    iris = staff()
    shown_calls = re.findall(r'name="oproep" value="([^"]+)"', iris.get("/oproepen").text)
    data = {"oproep": list(dict.fromkeys(shown_calls)), "afloop": "gesproken"}
    assert len(data["oproep"]) == 200
    assert "Toon alle 200 oproepen" in words_of(iris.get("/oproepen"))
    assert iris.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    with sqlite_desk.database.reading() as session:
        assert count_open(session) == 0


def test_an_explanation_that_does_not_fit_is_said_and_kept(sqlite_desk: Desk, staff: Staff) -> None:
    contact, words = a_call(sqlite_desk), "x" * 201
    form = {"oproep": str(contact), "beller": contact.hex, "afloop": "gesproken", "toelichting": words}
    answer = send(staff(), "/oproepen/afvinken", form)
    assert answer.status_code == 422
    assert "Dit is te lang: hooguit 200 tekens." in words_of(answer)
    assert words in answer.text


def test_every_page_with_numbers_of_callers_is_written_down(sqlite_desk: Desk, staff: Staff) -> None:
    contact, iris = a_call(sqlite_desk), staff()
    iris.get("/oproepen")
    assert "06 - 0000 0199" in words_of(send(iris, "/oproepen/afvinken", {"oproep": str(contact)}))
    with sqlite_desk.database.reading() as session:
        reads = select(func.count()).where(AuditLine.action == "read", AuditLine.object == "calls")
        assert session.scalar(reads) == 2


def test_a_talk_that_is_not_written_down_has_a_list_of_its_own(sqlite_desk: Desk, staff: Staff) -> None:
    contact, iris = a_call(sqlite_desk, MORNING, outcome=Outcome.ANSWERED, told="T1 T2"), staff()
    found = lists(sqlite_desk)
    assert (len(found.spoken), found.gone, found.after_hours) == (1, (), ())
    page = iris.get("/oproepen")
    assert "Gesproken, nog niet vastgelegd" in words_of(page)
    assert f'href="/gesprek/{contact}"' in page.text


@pytest.mark.parametrize("path", ["/oproepen/afvinken", "/oproepen/melding"])
def test_a_talk_is_written_down_and_never_ticked_off(sqlite_desk: Desk, staff: Staff, path: str) -> None:
    contact, iris = a_call(sqlite_desk, MORNING, outcome=Outcome.ANSWERED), staff()
    answer = send(iris, path, {"oproep": str(contact), "afloop": "gesproken"})
    assert "Een collega was u voor." in words_of(iris.get(answer.headers["Location"]))
    assert len(lists(sqlite_desk).spoken) == 1


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("T1 T2 T4 T6", True),
        ("T8 T6", True),
        ("T1 T4 T5 T6 T7", True),
        ("T1 T4", False),
        ("T8", False),
        ("T1 T2 T6", False),  # no place in the queue: the line offered it, and the caller said nothing
    ],
)
def test_who_chose_to_be_called_back_is_told_apart_from_whom_it_was_offered(
    sqlite_desk: Desk, told: str, *, asked: bool
) -> None:
    a_call(sqlite_desk, told=told)
    a_call(sqlite_desk, NIGHT + timedelta(minutes=1), told="T8")
    (who,) = lists(sqlite_desk).after_hours
    assert who.asked is asked
