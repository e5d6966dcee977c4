"""*Oproepen*: on which number somebody who got nobody is called, and that they asked for it."""

from datetime import timedelta

import pytest
from flask import Flask

from desk.desk import Desk
from tests.conftest import TUESDAY
from tests.fakes import FixedClock
from tests.intake.phone.calling_back.clicking import Staff, attempts, click, form_on, send
from tests.intake.phone.line import Line
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.models import Contact

ASKED = "Vroeg om teruggebeld te worden."
NOBODY = "Er is geen nummer dat het meldpunt kan bellen."
KEYED = "+31600000777"


@pytest.fixture
def line(able: Desk, able_app: Flask) -> Line:
    return Line(able, able_app)


def keyed_and_hung_up(line: Line, clock: FixedClock, number: str = "0600000777", caller: str = "anonymous") -> None:
    """Asked to be called back, keyed a number, and was gone before it was confirmed."""
    call = line.dial(From=caller)
    call.ask_for_a_call()
    call.press(number)
    clock.advance(timedelta(seconds=9))  # and so heard the sentence about 112
    call.hang_up()


def test_a_withheld_caller_is_called_on_the_number_they_keyed(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    keyed_and_hung_up(line, clock)
    clock.advance(timedelta(minutes=15))
    iris = colleague()
    page = iris.get("/oproepen")
    assert "Bel 06 - 0000 0777" in page.text
    assert "Dit nummer is niet bevestigd: vraag eerst wie u spreekt." in page.text
    assert "er is geen nummer" not in page.text
    assert KEYED not in page.text
    assert "Uw telefoon gaat zo" in click(iris, "/oproepen").text
    (attempt,) = attempts(able)
    with able.database.reading() as session:
        assert session.get_one(Contact, attempt.id).to_address == KEYED


def test_the_line_of_who_keyed_a_number_stays_free_for_112_as_well(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    keyed_and_hung_up(line, clock)
    iris = colleague()
    page = iris.get("/oproepen")
    assert "Bel pas na 10.15 uur." in page.text
    form = form_on(page, "/terugbellen/bellen")
    assert "Bel pas na 10.15 uur." in send(iris, "/terugbellen/bellen", form).text
    assert attempts(able) == []


@pytest.mark.parametrize("number", ["", "112"])
def test_without_a_number_that_can_be_called_nobody_is(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock, number: str
) -> None:
    keyed_and_hung_up(line, clock, number)
    clock.advance(timedelta(minutes=15))
    iris = colleague()
    page = iris.get("/oproepen")
    assert "Terugbellen kan niet: er is geen nummer." in page.text
    assert ASKED in page.text
    form = {"form_key": "a" * 32, "oproep": str(line.contact().id), "terug": "oproepen"}
    assert NOBODY in send(iris, "/terugbellen/bellen", form).text
    assert attempts(able) == []


def test_who_called_with_a_number_is_called_on_that_one(
    line: Line, able: Desk, colleague: Staff, clock: FixedClock
) -> None:
    keyed_and_hung_up(line, clock, caller="+31600000142")
    clock.advance(timedelta(minutes=15))
    page = colleague().get("/oproepen")
    assert ASKED in page.text
    assert "Bel 06 - 0000 0142" in page.text
    assert "vraag eerst wie u spreekt" not in page.text


def test_who_asked_a_closed_desk_for_a_call_is_known_to_have_asked(
    line: Line, colleague: Staff, clock: FixedClock
) -> None:
    clock.set(TUESDAY - timedelta(hours=4))
    call = line.dial()
    call.press("1")
    call.hang_up()
    assert ASKED in colleague().get("/oproepen").text


def test_who_only_waited_did_not_ask(line: Line, colleague: Staff) -> None:
    line.busy()
    call = line.dial()
    call.press("0")
    call.hang_up()
    assert ASKED not in colleague().get("/oproepen").text


def test_no_missed_calls_leads_to_the_promises_that_wait(line: Line, colleague: Staff) -> None:
    iris, link = colleague(), 'class="button button--main" href="/terugbellen"'
    page = iris.get("/oproepen").text
    assert "Er zijn geen gemiste oproepen." in page
    assert link not in page
    ask_to_be_called_back(line)
    page = iris.get("/oproepen").text
    assert "Er zijn geen gemiste oproepen." in page
    assert link in page


def test_of_those_promised_the_same_moment_who_asked_first_is_first(
    line: Line, colleague: Staff, clock: FixedClock
) -> None:
    for minute in range(8):
        ask_to_be_called_back(line, f"060000071{minute}", From="anonymous")
        clock.advance(timedelta(minutes=1))
    page = colleague().get("/terugbellen").text
    places = [page.index(f"<h3>06 - 0000 071{minute}</h3>") for minute in range(8)]
    assert places == sorted(places)


def test_who_left_a_message_after_a_number_they_did_not_confirm_is_called_on_it(
    line: Line, able: Desk, colleague: Staff
) -> None:
    call = line.dial(From="anonymous")
    call.ask_for_a_call()
    for keys in ("0600000777", "2", "", ""):
        call.press(keys)
    call.speak(hang_up=True)
    iris = colleague()
    page = iris.get("/terugbellen").text
    assert "Toetste 06 - 0000 0777, niet bevestigd. Vraag eerst wie u spreekt." in page
    assert "Uw telefoon gaat zo" in click(iris).text
    (attempt,) = attempts(able)
    with able.database.reading() as session:
        assert session.get_one(Contact, attempt.id).to_address == KEYED
