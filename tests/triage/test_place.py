"""Where a ticket stands and when it is due, however often it is rated, reopened or written to."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.desk import Desk
from hours import local
from tests.builders import Colleague, a_colleague, a_ticket, ticket_of
from tests.fakes import FixedClock
from tests.triage.acting import ACUTE, TODAY, act, closed, promised, rated, reopened, something_new
from triage.actions import Rating
from triage.rows import has_news
from triage.values import Status, Urgency

THREE_DAYS = Rating(Urgency.THREE_DAYS, "Extra begeleiding.")
WEDNESDAY = datetime(2020, 4, 15, 7, 0, tzinfo=UTC)


@pytest.fixture
def iris(desk: Desk) -> Colleague:
    return a_colleague(desk, "Iris Bedacht")


def place(desk: Desk, number: str) -> tuple[int, str]:
    """Its rank and when it is due, in Rotterdam."""
    ticket = ticket_of(desk, number)
    return ticket.rank, local(ticket.due_at).strftime("%a %d %H.%M")


def test_something_new_on_an_acute_ticket_is_news_and_leaves_it_acute(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    before = ticket_of(desk, number)
    clock.advance(timedelta(minutes=2))
    act(desk, number, iris, something_new)
    after = ticket_of(desk, number)
    assert has_news(after)
    assert not has_news(before)
    assert after.version > before.version
    assert place(desk, number) == (0, "Tue 14 10.30")
    act(desk, number, iris, rated(ACUTE))
    assert not has_news(ticket_of(desk, number))


def test_what_is_new_is_read_within_an_hour_of_the_first_of_it(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(THREE_DAYS), something_new)
    clock.advance(timedelta(minutes=30))
    act(desk, number, iris, something_new)
    assert place(desk, number) == (1, "Tue 14 11.00")
    act(desk, number, iris, rated(THREE_DAYS))
    assert place(desk, number) == (2, "Fri 17 10.00")


def test_the_half_hour_of_an_acute_ticket_counts_from_the_first_who_said_so(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    for _ in range(2):
        clock.advance(timedelta(minutes=29))
        act(desk, number, iris, rated(ACUTE))
    assert place(desk, number) == (0, "Tue 14 10.30")


def test_what_had_to_be_decided_yesterday_stays_late_when_it_is_rated_again(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY))
    clock.set(WEDNESDAY)
    act(desk, number, iris, rated(TODAY))
    assert place(desk, number) == (2, "Tue 14 17.00")


def test_who_lowers_it_does_not_win_a_day(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), rated(ACUTE))
    clock.set(WEDNESDAY)
    act(desk, number, iris, rated(TODAY))
    assert place(desk, number) == (2, "Tue 14 17.00")


def test_a_clock_starts_anew_when_it_became_more_urgent_in_between(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), rated(THREE_DAYS))
    clock.set(WEDNESDAY)
    act(desk, number, iris, rated(TODAY))
    assert place(desk, number) == (2, "Wed 15 17.00")
    clock.advance(timedelta(hours=1))
    act(desk, number, iris, rated(ACUTE))
    assert place(desk, number) == (0, "Wed 15 10.30")


def test_a_reopened_ticket_counts_its_days_from_the_reopening(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(THREE_DAYS), closed())
    clock.set(datetime(2020, 4, 29, 8, 0, tzinfo=UTC))
    act(desk, number, iris, reopened)
    assert place(desk, number) == (1, "Wed 29 11.00")
    act(desk, number, iris, rated(THREE_DAYS))
    assert place(desk, number) == (2, "Mon 04 10.00")


def test_a_reopened_ticket_starts_its_clocks_anew(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), closed())
    clock.set(WEDNESDAY)
    act(desk, number, iris, reopened, rated(TODAY))
    assert place(desk, number) == (2, "Wed 15 17.00")


def test_nothing_makes_it_due_later_than_what_was_promised(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number, soon = a_ticket(desk), clock.now() + timedelta(minutes=20)
    act(desk, number, iris, promised(soon), rated(TODAY), something_new)
    assert ticket_of(desk, number).due_at == soon


def test_something_new_on_a_closed_ticket_reopens_it_and_is_no_further_news(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), closed(), something_new)
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.urgency, ticket.rank, has_news(ticket)) == (Status.NEW, None, 1, False)
