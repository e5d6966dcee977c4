"""What must be done before a ticket is closed, and for which reasons it may be, on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from desk.calendar import calendar_of
from desk.desk import Desk
from tests.builders import Colleague, a_colleague, a_ticket, ticket_of
from tests.triage.acting import ACUTE, TODAY, act, closed, promised, rated
from triage.actions import Doing, Refused
from triage.closing import hurdles, reasons_for
from triage.models import Ticket
from triage.number import new_number, spaced
from triage.place import taken_over
from triage.values import Channel, CloseReason


@pytest.fixture
def iris(desk: Desk) -> Colleague:
    return a_colleague(desk, "Iris Bedacht")


@pytest.fixture
def number(desk: Desk, iris: Colleague) -> str:
    """A ticket to be decided today."""
    found = a_ticket(desk)
    act(desk, found, iris, rated(TODAY))
    return found


def given_and_taken(session: Session, ticket: Ticket, doing: Doing) -> None:
    """A partner's person has it."""
    taken_over(ticket, calendar_of(session), doing.at, by="Veilig Thuis")


def test_handed_over_and_confirmed_is_a_reason_only_once_somebody_has_it(
    desk: Desk, iris: Colleague, number: str
) -> None:
    assert CloseReason.HANDED_OVER not in reasons_for(ticket_of(desk, number))
    with pytest.raises(Refused, match="Nog niemand nam deze melding over"):
        act(desk, number, iris, closed(CloseReason.HANDED_OVER))
    act(desk, number, iris, given_and_taken)
    assert CloseReason.HANDED_OVER in reasons_for(ticket_of(desk, number))
    act(desk, number, iris, closed(CloseReason.HANDED_OVER))
    assert ticket_of(desk, number).close_reason is CloseReason.HANDED_OVER


def test_what_is_acute_is_not_closed_before_somebody_has_it(desk: Desk, iris: Colleague, number: str) -> None:
    act(desk, number, iris, rated(ACUTE))
    with pytest.raises(Refused, match="Deze melding is acuut"):
        act(desk, number, iris, closed())
    act(desk, number, iris, given_and_taken, closed())
    assert not ticket_of(desk, number).is_open


@pytest.mark.parametrize("written", ["{own}", "zie {own}", "{nobody}", "geen nummer"])
def test_a_double_names_another_ticket_that_is_there(desk: Desk, iris: Colleague, number: str, written: str) -> None:
    text = written.format(own=number, nobody=new_number())
    with pytest.raises(Refused, match="nummer van de andere melding"):
        act(desk, number, iris, closed(CloseReason.DOUBLE, text))
    other = a_ticket(desk)
    act(desk, number, iris, closed(CloseReason.DOUBLE, f"Zelfde kind als {spaced(other)}."))
    assert ticket_of(desk, number).close_reason is CloseReason.DOUBLE


def test_everything_that_stands_in_the_way_is_said(desk: Desk, iris: Colleague, number: str) -> None:
    assert hurdles(ticket_of(desk, number)) == ()
    call, soon = a_ticket(desk, channel=Channel.PHONE), desk.clock.now() + timedelta(hours=1)
    act(desk, call, iris, promised(soon))
    assert [each.split(".")[0] for each in hurdles(ticket_of(desk, call))] == [
        "Beoordeel eerst hoe snel dit moet", "Er staat nog een belofte om terug te bellen",
    ]  # fmt: skip


def test_two_tickets_are_not_closed_as_each_others_double(desk: Desk, iris: Colleague, number: str) -> None:
    other = a_ticket(desk)
    act(desk, other, iris, rated(TODAY), closed(CloseReason.DOUBLE, f"Zie {number}."))
    with pytest.raises(Refused, match="nummer"):
        act(desk, number, iris, closed(CloseReason.DOUBLE, f"Zie {other}."))
