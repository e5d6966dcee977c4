"""The proposal and the handover on the page of a ticket, and their forms, through the browser's eyes."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from desk.desk import Desk
from desk.worker import Worker
from intake.receive import receive
from routing.models import Handover, HandoverStatus
from routing.post import handlers
from tests.builders import a_colleague, a_concern, a_ticket, ticket_of
from tests.fakes import FixedClock
from triage.actions import Categories, Doing, Rating, categorise, close, rate, reopen
from triage.models import Ticket
from triage.values import Area, Category, CloseReason, Status, Urgency

Staff = Callable[..., FlaskClient]
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FILLED = {
    "partner": "veilig-thuis",
    "gesproken": "Anna, bureaudienst",
    "hoe-laat": "",
    "waarom": "Vader komt om twaalf.",
}

NOBODY = UUID(int=0)


@pytest.fixture
def number(sqlite_desk: Desk) -> str:
    """An unsafe home in Noord, to be decided today."""
    found = a_ticket(sqlite_desk)
    change(sqlite_desk, found, Category.UNSAFE_HOME, Urgency.TODAY)
    return found


def change(desk: Desk, number: str, category: Category, urgency: Urgency) -> None:
    doing = Doing(a_colleague(desk).id, desk.clock.now())
    with desk.database.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        categorise(session, ticket, doing, Categories(category, (), Area.NOORD))
        rate(session, ticket, doing, Rating(urgency, "Zo gehoord.", "melder, 9.19 uur"))


def marks_in(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`."""
    form = page[page.index(f'action="{action}"') :]
    return dict(re.findall(r'name="(version|seen|form_key)" value="(\w+)"', form)[:3])


def give(client: FlaskClient, number: str, **more: str) -> tuple[str, dict[str, str]]:
    """Hand over from the ticket page; gives where it led and what was posted."""
    action = f"/melding/{number}/overdragen"
    form = FILLED | marks_in(client.get(f"/melding/{number}").text, action) | more
    answer = client.post(action, data=form, headers=SAME_SITE)
    assert answer.status_code == 303, answer.text
    return answer.location, form


def handovers(desk: Desk) -> list[tuple[str, HandoverStatus, str | None]]:
    with desk.database.reading() as session:
        rows = session.scalars(select(Handover).order_by(Handover.at))
        return [(each.partner, each.status, each.confirmed_by) for each in rows]


def test_the_ticket_page_proposes_a_partner_and_says_why(staff: Staff, number: str) -> None:
    page = staff().get(f"/melding/{number}").text
    assert "Een vermoeden van een onveilig thuis gaat naar Veilig Thuis." in page
    assert 'href="tel:08002000"' in page
    assert '<li>Politie, geen spoed, <a class="nowrap" href="tel:09008844">bel 0900-8844</a></li>' in page
    assert "Dit komt van de regel ‘Onveilige thuissituatie’." in page
    assert re.search(
        r'<option value="veilig-thuis" selected>Veilig Thuis Rotterdam Rijnmond, 0800-2000 \(voorstel\)', page
    )


def test_without_a_category_it_asks_for_one(staff: Staff, sqlite_desk: Desk) -> None:
    page = staff().get(f"/melding/{a_ticket(sqlite_desk)}").text
    assert "Kies eerst een categorie. Dan volgt een voorstel." in page


def test_a_partner_without_a_number_says_so(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    change(sqlite_desk, number, Category.EXTRA_GUIDANCE, Urgency.ACUTE)
    page = staff().get(f"/melding/{number}").text
    assert "nog niet ingesteld. Vraag het de coördinator, en bel nu een van deze." in page
    assert 'href="tel:112"' in page
    assert "Crisisdienst jeugd, nummer nog niet ingesteld (voorstel)" in page


def test_handing_over_and_confirming_through_the_page(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    location, _form = give(iris, number)
    assert location == f"/melding/{number}#overdracht"
    page = iris.get(f"/melding/{number}").text
    assert "wacht op bevestiging" in page
    assert "Gesproken met Anna, bureaudienst" in page
    assert "Voorgesteld door de regel ‘Onveilige thuissituatie’." in page
    assert 'id="h-voorstel"' not in page
    action = re.search(rf'action="(/melding/{number}/overdracht/[0-9a-f-]+/bevestigen)"', page)
    assert action
    form = marks_in(page, action[1]) | {"bevestigd": "Anna Vertrouwd, bureaudienst"}
    assert iris.post(action[1], data=form, headers=SAME_SITE).status_code == 303
    assert iris.post(action[1], data=form, headers=SAME_SITE).status_code == 303
    assert handovers(sqlite_desk) == [("veilig-thuis", HandoverStatus.CONFIRMED, "Anna Vertrouwd, bureaudienst")]
    page = iris.get(f"/melding/{number}").text
    assert "Bevestigd door Anna Vertrouwd, bureaudienst" in page
    assert "Vertel de melder wat er gebeurt" in page
    assert "/bevestigen" not in page


def test_an_acute_ticket_that_somebody_took_over_no_longer_stands_first(
    staff: Staff, sqlite_desk: Desk, number: str
) -> None:
    iris = staff()
    change(sqlite_desk, number, Category.UNSAFE_HOME, Urgency.ACUTE)
    give(iris, number)
    assert "de overdracht is nog niet bevestigd" in iris.get("/werklijst").text
    page = iris.get(f"/melding/{number}").text
    action = page.split("/bevestigen")[0].rpartition('"')[2] + "/bevestigen"
    form = marks_in(page, action) | {"bevestigd": "Anna Vertrouwd, bureaudienst"}
    assert iris.post(action, data=form, headers=SAME_SITE).status_code == 303
    queue = iris.get("/werklijst").text
    assert "Moet morgen" in queue
    assert "Vertel de melder wat er gebeurt, uiterlijk morgen 10.00 uur." in queue


def test_a_letter_to_the_partner_shows_where_it_stands(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    give(iris, number, partner="wijkteam-noord", gesproken="")
    page = iris.get(f"/melding/{number}").text
    assert "E-mail met alleen het nummer" in page
    assert "Nog niet verstuurd" in page
    assert "Door een medewerker gekozen." in page
    Worker(sqlite_desk.database, handlers(sqlite_desk), schedule=lambda: None).drain()
    assert "verstuurd, vandaag 10.00" in iris.get(f"/melding/{number}").text


def test_the_same_form_twice_changes_nothing_the_second_time(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    _location, form = give(iris, number)
    again = iris.post(f"/melding/{number}/overdragen", data=form, headers=SAME_SITE)
    assert again.status_code == 303
    assert "Dit was al opgeslagen." in iris.get(again.location).text
    assert len(handovers(sqlite_desk)) == 1


def test_a_page_that_a_colleague_overtook_keeps_what_was_typed_and_says_what_changed(
    staff: Staff, sqlite_desk: Desk, number: str, clock: FixedClock
) -> None:
    iris, action = staff(), f"/melding/{number}/overdragen"
    marks = marks_in(iris.get(f"/melding/{number}").text, action)
    clock.advance(timedelta(minutes=2))
    give(staff("Bas Testman"), number)
    answer = iris.post(action, data=FILLED | marks | {"waarom": "Nog niet kwijt"}, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Deze melding is intussen veranderd" in answer.text
    assert "Overgedragen aan Veilig Thuis Rotterdam Rijnmond door Bas Testman" in answer.text
    assert "Nog niet kwijt" in answer.text
    assert len(handovers(sqlite_desk)) == 1
    second = FILLED | marks_in(answer.text, action)
    assert iris.post(action, data=second, headers=SAME_SITE).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"partner": ""}, "Kies aan wie u overdraagt."),
        ({"gesproken": ""}, "Schrijf op met wie u sprak."),
        ({"hoe-laat": "23.59"}, "De tijd kan niet later zijn dan nu."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    staff: Staff, sqlite_desk: Desk, number: str, wrong: dict[str, str], sentence: str
) -> None:
    iris, action = staff(), f"/melding/{number}/overdragen"
    form = FILLED | marks_in(iris.get(action).text, action) | wrong
    answer = iris.post(action, data=form, headers=SAME_SITE)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Vader komt om twaalf." in answer.text
    assert handovers(sqlite_desk) == []


def test_a_closed_ticket_has_no_form_and_takes_no_handover(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris, action = staff(), f"/melding/{number}/overdragen"
    doing = Doing(a_colleague(sqlite_desk).id, sqlite_desk.clock.now())
    with sqlite_desk.database.writing() as session:
        close(session, session.scalars(select(Ticket)).one(), doing, CloseReason.ADVISED)
    page = iris.get(f"/melding/{number}").text
    assert action not in page
    assert 'id="h-voorstel"' not in page
    form = FILLED | marks_in(iris.get(action).text, action)
    answer = iris.post(action, data=form, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Deze melding is afgesloten." in answer.text
    assert ticket_of(sqlite_desk, number).status is Status.CLOSED


def test_on_an_acute_ticket_without_a_word_on_112_it_is_asked_for(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris, action = staff(), f"/melding/{number}/overdragen"
    change(sqlite_desk, number, Category.UNSAFE_HOME, Urgency.ACUTE)
    with sqlite_desk.database.writing() as session:
        session.scalars(select(Ticket)).one().emergency_call = None
    form = FILLED | marks_in(iris.get(action).text, action)
    answer = iris.post(action, data=form, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Wie belde 112, en hoe laat?" in answer.text
    filled = FILLED | marks_in(answer.text, action) | {"gebeld": "wij, 9.31 uur"}
    assert iris.post(action, data=filled, headers=SAME_SITE).status_code == 303


@pytest.mark.parametrize("path", ["/melding/00000000/overdragen", f"/melding/00000000/overdracht/{NOBODY}/bevestigen"])
def test_a_number_that_nobody_has_is_not_found(staff: Staff, path: str) -> None:
    marks = {"version": "1", "seen": "0", "form_key": uuid4().hex}
    assert staff().get(path).status_code == 404
    assert staff().post(path, data=marks | {"bevestigd": "Anna"}, headers=SAME_SITE).status_code == 404


def test_a_handover_of_another_ticket_is_not_found(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    give(iris, number)
    with sqlite_desk.database.reading() as session:
        handover_id = session.scalars(select(Handover.id)).one()
    other = a_ticket(sqlite_desk)
    action = f"/melding/{other}/overdracht/{handover_id}/bevestigen"
    marks = {"version": str(ticket_of(sqlite_desk, other).version), "seen": "0", "form_key": uuid4().hex}
    assert iris.get(action).status_code == 404
    assert iris.post(action, data=marks | {"bevestigd": "Anna"}, headers=SAME_SITE).status_code == 404
    assert handovers(sqlite_desk)[0][1] is HandoverStatus.SENT


def test_a_form_without_our_marks_is_refused(staff: Staff, number: str) -> None:
    assert staff().post(f"/melding/{number}/overdragen", data=FILLED, headers=SAME_SITE).status_code == 400


def test_whoever_did_not_sign_in_does_that_first(client: FlaskClient, sqlite_desk: Desk, number: str) -> None:
    for path in (f"/melding/{number}/overdragen", f"/melding/{number}/overdracht/{uuid4()}/bevestigen"):
        assert client.get(path).status_code == 302
        assert client.post(path, data=FILLED, headers=SAME_SITE).status_code == 401
    with sqlite_desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 0


def test_nobody_hands_over_what_changed_while_they_wrote(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris, action = staff(), f"/melding/{number}/overdragen"
    joins = ticket_of(sqlite_desk, number).id
    for text in ("Vader belt steeds.", "Vader staat nu voor de deur."):
        marks = marks_in(iris.get(action).text, action)
        concern = a_concern(joins=joins, text=text)
        with sqlite_desk.database.writing() as session:
            receive(session, concern)
        answer = iris.post(action, data=FILLED | marks, headers=SAME_SITE)
        assert answer.status_code == 409
        assert text in answer.text
    assert handovers(sqlite_desk) == []


def confirm(client: FlaskClient, action: str, marks: dict[str, str], who: str = "Anna Vertrouwd") -> str:
    """Confirm a handover and give what is said on the page it leads to."""
    answer = client.post(action, data=marks | {"bevestigd": who}, headers=SAME_SITE)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def confirmations(page: str) -> list[str]:
    return re.findall(r'action="(/melding/\d+/overdracht/[0-9a-f-]+/bevestigen)"', page)


def test_the_same_name_may_confirm_two_handovers_of_one_page(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    give(iris, number)
    give(iris, number, partner="politie")
    page = iris.get(f"/melding/{number}").text
    one, other = confirmations(page)
    marks = marks_in(page, one)
    for action in (one, other):
        assert "al opgeslagen" not in confirm(iris, action, marks)
    assert "al opgeslagen" in confirm(iris, other, marks)
    assert {status for _partner, status, _who in handovers(sqlite_desk)} == {HandoverStatus.CONFIRMED}


def test_marks_of_one_ticket_say_nothing_of_another(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris, other = staff(), a_ticket(sqlite_desk)
    marks = marks_in(iris.get(f"/melding/{number}").text, f"/melding/{number}/notitie") | {"tekst": "Ouders gebeld."}
    for each in (number, other):
        iris.post(f"/melding/{each}/notitie", data=marks, headers=SAME_SITE)
        assert "Ouders gebeld." in iris.get(f"/melding/{each}").text


def test_the_confirmation_says_whom_it_still_waits_for(staff: Staff, number: str) -> None:
    iris = staff()
    give(iris, number)
    give(iris, number, partner="politie")
    page = iris.get(f"/melding/{number}").text
    first = confirmations(page)[0]
    said = confirm(iris, first, marks_in(page, first))
    assert "De overdracht is bevestigd. Een andere overdracht wacht nog." in said


def test_a_confirmation_after_closing_says_that_it_is_closed_and_offers_reopening(
    staff: Staff, sqlite_desk: Desk, number: str
) -> None:
    iris, doing = staff(), Doing(a_colleague(sqlite_desk).id, sqlite_desk.clock.now())
    give(iris, number)
    with sqlite_desk.database.writing() as session:
        close(session, session.scalars(select(Ticket)).one(), doing, CloseReason.ADVISED)
    page = iris.get(f"/melding/{number}").text
    [action] = confirmations(page)
    said = confirm(iris, action, marks_in(page, action))
    assert "De overdracht is bevestigd. Deze melding is al afgesloten: heropen de melding als er nog iets moet." in said
    assert "Vertel de melder" not in said
    assert f"/melding/{number}/heropenen" in said
    assert [status for _partner, status, _who in handovers(sqlite_desk)] == [HandoverStatus.CONFIRMED]


def test_a_reopened_ticket_gets_a_proposal_and_shows_earlier_handovers_as_earlier(
    staff: Staff, sqlite_desk: Desk, number: str, clock: FixedClock
) -> None:
    iris, doing = staff(), Doing(a_colleague(sqlite_desk).id, sqlite_desk.clock.now())
    give(iris, number)
    with sqlite_desk.database.writing() as session:
        close(session, session.scalars(select(Ticket)).one(), doing, CloseReason.ADVISED)
    clock.advance(timedelta(hours=1))
    with sqlite_desk.database.writing() as session:
        reopen(session, session.scalars(select(Ticket)).one(), Doing(doing.actor_id, clock.now()), "Toch iets.")
    page = iris.get(f"/melding/{number}").text
    assert 'id="h-voorstel"' in page
    assert '<option value="veilig-thuis" selected>' in page
    assert '<h2 id="h-over">Overdracht</h2>' in page
    assert "Eerder, voordat de melding werd heropend" in page
    assert "Gesproken met Anna, bureaudienst" in page


def test_what_is_acute_anew_gets_a_proposal_again(staff: Staff, sqlite_desk: Desk, number: str) -> None:
    iris = staff()
    change(sqlite_desk, number, Category.UNSAFE_HOME, Urgency.ACUTE)
    give(iris, number)
    page = iris.get(f"/melding/{number}").text
    [action] = confirmations(page)
    assert 'id="h-voorstel"' not in confirm(iris, action, marks_in(page, action))
    change(sqlite_desk, number, Category.UNSAFE_HOME, Urgency.ACUTE)
    page = iris.get(f"/melding/{number}").text
    assert 'id="h-voorstel"' in page
    assert "Draag over, per telefoon" in page
