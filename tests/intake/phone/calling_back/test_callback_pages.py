"""*Terugbellen*, and the buttons elsewhere: what stands there, and what each form does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.audit import AuditLine
from desk.desk import Desk
from intake.phone.calling_back.attempts import put
from intake.phone.models import Attempt
from intake.phone.values import AttemptState
from tests.builders import a_ticket
from tests.conftest import TUESDAY
from tests.fakes import FixedClock
from tests.intake.phone.calling_back.clicking import SAME_ORIGIN, Staff, attempts, click, form_on, send
from tests.intake.phone.line import NUMBER, Line
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.models import Contact, Entry
from triage.values import Direction, EntryKind


@pytest.fixture
def line(able: Desk, able_app: Flask) -> Line:
    return Line(able, able_app)


@pytest.fixture
def promised(line: Line) -> Line:
    """Somebody asked to be called back."""
    ask_to_be_called_back(line)
    return line


def missed_it(client: FlaskClient) -> TestResponse:
    action = "/terugbellen/niet-bereikt"
    return send(client, action, form_on(client.get("/terugbellen"), action))


def story(desk: Desk) -> list[tuple[str | None, str | None]]:
    with desk.database.reading() as session:
        found = session.scalars(select(Entry).where(Entry.kind == EntryKind.CALLBACK).order_by(Entry.n))
        return [(entry.after, entry.text) for entry in found]


def test_the_screen_says_by_when_which_number_and_on_which_ticket(promised: Line, colleague: Staff) -> None:
    page = colleague().get("/terugbellen")
    number = promised.tickets()[0].number
    for words in (
        "Vandaag",
        "17.00",
        "06 - 0000 0142",
        f"melding {number[:4]} {number[4:]}",
        "Niet bereikt",
        "Teruggebeld",
    ):
        assert words in page.text
    assert '<span class="count">1<' in page.text


def test_nothing_to_call_says_so(colleague: Staff) -> None:
    assert "Iedereen die erom vroeg, is teruggebeld." in colleague().get("/terugbellen").text


def test_one_click_asks_for_one_call_and_is_audited(promised: Line, able: Desk, colleague: Staff) -> None:
    iris = colleague()
    form = form_on(iris.get("/terugbellen"), "/terugbellen/bellen")
    for _ in range(2):
        page = send(iris, "/terugbellen/bellen", form)
        assert "Uw telefoon gaat zo. Neem op en toets 1" in page.text
    (attempt,) = attempts(able)
    assert attempt.callback_id == promised.callbacks()[0].id
    with able.database.reading() as session:
        (act,) = session.scalars(select(AuditLine).where(AuditLine.action == "place_call"))
        assert act.object == f"ticket:{promised.tickets()[0].number}"
        assert NUMBER not in repr((act.object, act.result))


def test_a_colleague_who_clicks_at_the_same_moment_is_told_who_calls(
    promised: Line, able: Desk, colleague: Staff
) -> None:
    bas, iris = colleague("Bas Verzonnen", number="+31600000202"), colleague()
    form = form_on(iris.get("/terugbellen"), "/terugbellen/bellen")
    click(bas)
    page = send(iris, "/terugbellen/bellen", form)
    assert "Bas Verzonnen belt dit nummer al." in page.text
    assert "Bas Verzonnen belt sinds 10.00 uur." in page.text
    assert len(attempts(able)) == 1


def test_who_has_no_number_yet_is_asked_for_it_and_the_call_goes_on(
    promised: Line, able: Desk, colleague: Staff
) -> None:
    iris = colleague(number="")
    page = click(iris)
    assert (page.status_code, "Op welk nummer belt u?" in page.text) == (422, True)
    form = form_on(page, "/terugbellen/bellen")
    wrong = send(iris, "/terugbellen/bellen", form | {"eigen-nummer": "112"})
    assert "Dit is geen nummer waarop het meldpunt u kan bellen." in wrong.text
    page = send(iris, "/terugbellen/bellen", form | {"eigen-nummer": "06 0000 0201"})
    assert "Uw telefoon gaat zo" in page.text
    assert len(attempts(able)) == 1


def test_the_reporter_of_a_ticket_is_called_by_click(able: Desk, colleague: Staff) -> None:
    number = a_ticket(able)
    page = click(colleague(), f"/melding/{number}")
    assert "Uw telefoon gaat zo" in page.text
    with able.database.reading() as session:
        (contact,) = session.scalars(select(Contact).where(Contact.direction == Direction.OUT))
        assert (contact.to_address, contact.ticket.number if contact.ticket else None) == (NUMBER, number)


def test_a_call_from_the_ticket_keeps_the_promise_that_was_made_for_this_number(
    promised: Line, able: Desk, colleague: Staff
) -> None:
    number = promised.tickets()[0].number
    send(colleague(), "/terugbellen/bellen", {"form_key": "a" * 32, "melding": number, "terug": "melding"})
    assert attempts(able)[0].callback_id == promised.callbacks()[0].id


def test_a_desk_without_an_account_to_call_from_shows_a_number_to_dial(
    sqlite_line: Line, staff: Callable[..., FlaskClient]
) -> None:
    ask_to_be_called_back(sqlite_line)
    page = staff().get("/terugbellen")
    assert 'href="tel:+31600000142"' in page.text
    assert "/terugbellen/bellen" not in page.text
    form = {"form_key": "a" * 32, "melding": sqlite_line.tickets()[0].number}
    assert staff().post("/terugbellen/bellen", data=form, headers=SAME_ORIGIN).status_code == 400


def test_not_reached_sets_the_next_try_and_stands_in_the_story(promised: Line, able: Desk, colleague: Staff) -> None:
    page = missed_it(colleague())
    assert "Niet bereikt, genoteerd. Volgende poging: vandaag 10.30 uur." in page.text
    assert "1 keer niet bereikt." in page.text
    assert story(able) == [("not_reached", "Volgende poging: dinsdag 14 april om 10.30 uur.")]
    (promise,) = promised.callbacks()
    assert (promise.tries, promise.next_at) == (1, TUESDAY + timedelta(minutes=30))
    assert promise.done_at is None
    number = promised.tickets()[0].number
    assert "Teruggebeld, niet bereikt, door Iris Bedacht" in colleague().get(f"/melding/{number}").text


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("Iris Bedacht", "U belt nog. Wacht tot het gesprek voorbij is."),
        ("Bas Verzonnen", "Iris Bedacht belt nog. Wacht tot het gesprek voorbij is."),
    ],
)
def test_nobody_is_unreached_while_the_telephone_still_rings(
    promised: Line, able: Desk, colleague: Staff, who: str, sentence: str
) -> None:
    iris, action = colleague(), "/terugbellen/niet-bereikt"
    form = form_on(iris.get("/terugbellen"), action)
    click(iris)
    page = colleague(who, number="").get("/terugbellen")
    assert "Niet bereikt? Noteer dat als het gesprek voorbij is." in page.text
    assert f'action="{action}"' not in page.text
    assert sentence in send(colleague(who, number=""), action, form).text
    assert (promised.callbacks()[0].tries, story(able)) == (0, [])


def test_near_closing_time_the_next_try_is_after_the_next_opening(
    promised: Line, colleague: Staff, clock: FixedClock
) -> None:
    clock.set(TUESDAY + timedelta(hours=6, minutes=45))
    assert "Volgende poging: morgen 9.15 uur." in missed_it(colleague()).text
    clock.set(TUESDAY + timedelta(days=1, hours=6, minutes=30))
    assert "Volgende poging: morgen 9.00 uur." in missed_it(colleague()).text


def test_the_same_key_twice_counts_once(promised: Line, able: Desk, colleague: Staff) -> None:
    iris, action = colleague(), "/terugbellen/niet-bereikt"
    form = form_on(iris.get("/terugbellen"), action)
    send(iris, action, form)
    assert "Een collega was u voor." in send(colleague("Bas Verzonnen"), action, form).text
    assert promised.callbacks()[0].tries == 1
    assert len(story(able)) == 1


def test_after_three_tries_a_coordinator_decides(promised: Line, able: Desk, colleague: Staff) -> None:
    iris = colleague()
    for _ in range(2):
        missed_it(iris)
    assert "Een coördinator beslist nu." in missed_it(iris).text
    page = iris.get("/terugbellen")
    assert "vaak genoeg geprobeerd" in page.text
    assert "Beslis</summary>" not in page.text
    (promise,) = promised.callbacks()
    assert (promise.tries, promise.next_at, promise.escalated_at) == (3, None, able.clock.now())
    assert "Beslis</summary>" in colleague("Coen Verzinsel", "coordinator").get("/terugbellen").text


@pytest.fixture
def escalated(promised: Line, colleague: Staff) -> Line:
    for _ in range(3):
        missed_it(colleague())
    return promised


def decide(client: FlaskClient, line: Line, what: str, words: str = "") -> TestResponse:
    form = {"melding": line.tickets()[0].number, "belofte": str(line.callbacks()[0].id), "terug": "lijst"}
    return send(client, "/terugbellen/beslissen", form | {"besluit": what, "toelichting": words})


def test_only_a_coordinator_decides(escalated: Line, colleague: Staff) -> None:
    assert decide(colleague(), escalated, "given_up", "Genoeg.").status_code == 403
    assert escalated.callbacks()[0].done_at is None


def test_once_more_brings_it_back_to_the_others(escalated: Line, able: Desk, colleague: Staff) -> None:
    coen = colleague("Coen Verzinsel", "coordinator")
    assert "Vastgelegd." in decide(coen, escalated, "again").text
    (promise,) = escalated.callbacks()
    assert (promise.escalated_at, promise.next_at) == (None, able.clock.now())
    assert "Een collega was u voor." in decide(coen, escalated, "again").text
    assert "Een coördinator beslist nu." in missed_it(colleague()).text
    assert "Vastgelegd." in decide(coen, escalated, "again").text  # and this is another decision
    assert [after for after, _text in story(able)].count("again") == 2


@pytest.mark.parametrize(
    ("what", "title"), [("written", "schrijven in plaats van terugbellen"), ("given_up", "niet meer terugbellen")]
)
def test_another_end_needs_words_and_ends_the_promise(
    escalated: Line, able: Desk, colleague: Staff, what: str, title: str
) -> None:
    coen = colleague("Coen Verzinsel", "coordinator")
    assert "Schrijf op waarom" in decide(coen, escalated, what).text
    assert escalated.callbacks()[0].done_at is None
    decide(coen, escalated, what, "Brief gestuurd op dinsdag.")
    assert escalated.callbacks()[0].done_at is not None
    assert story(able)[-1] == (what, "Brief gestuurd op dinsdag.")
    ticket = escalated.tickets()[0]
    assert ticket.promised_at is None
    assert f"Besloten: {title}, door Coen Verzinsel" in coen.get(f"/melding/{ticket.number}").text


def test_called_back_from_the_screen_ends_there(promised: Line, colleague: Staff) -> None:
    iris, action = colleague(), f"/melding/{promised.tickets()[0].number}/terugbellen"
    page = send(iris, action, form_on(iris.get("/terugbellen"), action) | {"note": "Belt morgen weer."})
    assert "Iedereen die erom vroeg, is teruggebeld." in page.text


@pytest.mark.parametrize("action", ["bellen", "niet-bereikt", "beslissen"])
def test_a_form_of_nobody_is_refused(promised: Line, colleague: Staff, action: str) -> None:
    unknown, coen = "12345678-1234-1234-1234-123456789012", colleague("Coen Verzinsel", "coordinator")
    form = {"form_key": "a" * 32, "belofte": unknown, "poging": "0", "besluit": "again", "toelichting": "x"}
    path = f"/terugbellen/{action}"
    assert coen.post(path, data={}, headers=SAME_ORIGIN).status_code == 400
    known = form | {"melding": promised.tickets()[0].number}
    assert coen.post(path, data=known, headers=SAME_ORIGIN).status_code == 404


def test_who_left_a_message_is_called_on_the_number_they_called_with_unconfirmed(line: Line, colleague: Staff) -> None:
    call = line.dial()
    call.press("0")
    call.speak()
    page = colleague().get("/terugbellen")
    assert "Belde met 06 - 0000 0142, niet bevestigd. Vraag eerst wie u spreekt." in page.text
    assert "Luister</a>: misschien noemt de beller een nummer." in page.text
    assert "Uw telefoon gaat zo" in click(colleague()).text


def test_a_withheld_number_is_never_called(line: Line, colleague: Staff) -> None:
    call = line.dial(From="anonymous")
    call.press("0")
    call.speak()
    iris = colleague()
    assert "/terugbellen/bellen" not in iris.get("/terugbellen").text
    form = {"form_key": "a" * 32, "belofte": str(line.callbacks()[0].id), "terug": "lijst"}
    assert "Er is geen nummer dat het meldpunt kan bellen." in send(iris, "/terugbellen/bellen", form).text


def test_who_hung_up_is_called_from_the_list_of_calls(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    call = line.dial()
    clock.advance(timedelta(seconds=9))
    call.hang_up()
    iris = colleague()
    page = iris.get("/oproepen")
    assert "Bel pas na 10.15 uur." in page.text
    assert 'type="button" disabled' in page.text
    form = form_on(page, "/terugbellen/bellen")
    assert "Bel pas na 10.15 uur." in send(iris, "/terugbellen/bellen", form).text
    assert attempts(able) == []
    page = send(iris, "/terugbellen/bellen", form | {"reden": "De buurvrouw belde net."})
    assert "Uw telefoon gaat zo" in page.text
    (attempt,) = attempts(able)
    with able.database.reading() as session:
        contact = session.get_one(Contact, attempt.id)
        assert (attempt.about_id, contact.text) == (line.contacts()[0].id, "Toch gebeld: De buurvrouw belde net.")


def test_who_hung_up_just_before_we_opened_is_left_alone_as_well(
    line: Line, colleague: Staff, clock: FixedClock
) -> None:
    clock.set(TUESDAY - timedelta(minutes=65))  # 8.55
    call = line.dial()
    clock.advance(timedelta(seconds=9))
    call.hang_up()
    clock.advance(timedelta(minutes=6))
    page = colleague().get("/oproepen")
    assert "Buiten openingstijd" in page.text
    assert "Bel pas na 9.10 uur." in page.text


def test_after_a_quarter_of_an_hour_one_click_is_enough(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    line.dial().hang_up()
    clock.advance(timedelta(minutes=15))
    page = click(colleague(), "/oproepen")
    assert "Uw telefoon gaat zo. Neem op en toets 1." in page.text
    assert len(attempts(able)) == 1


def test_who_is_dealt_with_is_not_called_from_an_old_page(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    line.dial().hang_up()
    clock.advance(timedelta(minutes=20))
    iris = colleague()
    form = form_on(iris.get("/oproepen"), "/terugbellen/bellen")
    tick = {"oproep": form["oproep"], "afloop": "gesproken"}
    send(iris, "/oproepen/afvinken", tick)
    assert "Deze oproep is al afgehandeld." in send(iris, "/terugbellen/bellen", form).text
    assert attempts(able) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AttemptState.UNCERTAIN, "Het is niet zeker of er gebeld is. Kijk op uw telefoon. Nog een keer bellen?"),
        (AttemptState.NOT_REACHED, "Iris Bedacht: niet opgenomen"),
        (AttemptState.NO_COLLEAGUE, "eigen telefoon niet opgenomen, melder niet gebeld"),
        (AttemptState.RINGING_COLLEAGUE, "Uw telefoon gaat. Neem op en toets 1."),
        (AttemptState.TALKING, "U bent in gesprek."),
    ],
)
def test_the_row_says_how_far_a_call_is_or_how_it_ended(
    promised: Line, able: Desk, colleague: Staff, state: AttemptState, words: str
) -> None:
    iris = colleague()
    click(iris)
    with able.database.writing() as session:
        put(session, session.scalars(select(Attempt)).one(), state)
    assert words in iris.get("/terugbellen").text
    assert words in iris.get(f"/melding/{promised.tickets()[0].number}").text
