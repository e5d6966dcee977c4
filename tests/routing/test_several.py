"""Several handovers of one ticket, on both engines: it is taken over when nobody has to say yes any more."""

from datetime import UTC, datetime, timedelta

from desk.desk import Desk
from hours import local
from tests.builders import a_ticket, ticket_of
from tests.fakes import FixedClock
from tests.routing.handing import give, on, rate_again, rated, take
from triage.actions import Rating, close, put_among_unread, rate, reopen
from triage.values import CloseReason, Status, Urgency

VEILIG_THUIS = "Veilig Thuis Rotterdam Rijnmond"


def stand(desk: Desk, number: str) -> tuple[Status, str | None, int, str]:
    """Its state, who took it, its rank and when it is due."""
    ticket = ticket_of(desk, number)
    return ticket.status, ticket.taken_by, ticket.rank, local(ticket.due_at).strftime("%a %H.%M")


def test_an_acute_ticket_stays_acute_until_every_partner_said_yes(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    safe, other = give(desk, number), give(desk, number, "cjg")
    take(desk, number, other)
    assert stand(desk, number) == (Status.HANDED_OVER, None, 0, "Tue 10.30")
    clock.advance(timedelta(minutes=5))
    take(desk, number, safe)
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 2, "Wed 10.05")


def test_a_further_handover_of_an_acute_ticket_takes_half_an_hour_again(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number, "cjg"))
    clock.advance(timedelta(hours=1))
    safe = give(desk, number)
    assert stand(desk, number) == (Status.HANDED_OVER, None, 0, "Tue 11.30")
    take(desk, number, safe)
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 2, "Wed 11.00")


def test_a_further_handover_of_what_can_wait_leaves_the_clock_of_the_answer(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.THREE_DAYS)
    take(desk, number, give(desk, number, "cjg"))
    clock.advance(timedelta(hours=1))
    give(desk, number)
    assert stand(desk, number) == (Status.HANDED_OVER, None, 2, "Wed 10.00")


def test_what_is_acute_anew_after_somebody_took_it_is_ours_again(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    clock.advance(timedelta(hours=1))
    rate_again(desk, number, Urgency.ACUTE)
    assert stand(desk, number) == (Status.CLAIMED, None, 0, "Tue 11.30")
    clock.advance(timedelta(minutes=10))
    rate_again(desk, number, Urgency.ACUTE)
    assert stand(desk, number) == (Status.CLAIMED, None, 0, "Tue 11.30")


def test_who_rates_it_for_the_first_time_after_somebody_took_it_takes_nothing_back(desk: Desk) -> None:
    number = rated(desk, Urgency.THREE_DAYS)
    on(desk, number, lambda session, ticket, act: close(session, ticket, act, CloseReason.ADVISED))
    on(desk, number, lambda session, ticket, act: reopen(session, ticket, act, "Toch iets."))
    take(desk, number, give(desk, number))
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 1, "Tue 11.00")
    rate_again(desk, number, Urgency.ACUTE)
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 2, "Wed 10.00")


def test_rating_it_otherwise_after_somebody_took_it_keeps_the_clock_of_the_answer(
    desk: Desk, clock: FixedClock
) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    clock.advance(timedelta(hours=1))
    rate_again(desk, number, Urgency.TODAY)
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 2, "Wed 10.00")


def test_news_on_what_somebody_took_waits_to_be_read(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    on(desk, number, lambda session, ticket, act: put_among_unread(session, ticket, at=act.at))
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 1, "Tue 11.00")


def test_after_reopening_an_older_handover_neither_waits_nor_takes(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.TODAY)
    old = give(desk, number, "cjg")
    on(desk, number, lambda session, ticket, act: close(session, ticket, act, CloseReason.ADVISED))
    clock.set(datetime(2020, 4, 15, 8, 0, tzinfo=UTC))
    on(desk, number, lambda session, ticket, act: reopen(session, ticket, act, "Toch iets."))
    take(desk, number, old)
    assert stand(desk, number) == (Status.NEW, None, 1, "Wed 11.00")
    rate_again(desk, number, Urgency.TODAY)
    take(desk, number, give(desk, number))
    assert stand(desk, number) == (Status.HANDED_OVER, VEILIG_THUIS, 2, "Thu 10.00")


def test_a_handover_that_is_confirmed_after_closing_is_recorded_and_changes_no_clock(desk: Desk) -> None:
    number = rated(desk, Urgency.TODAY)
    waiting = give(desk, number)
    on(desk, number, lambda session, ticket, act: close(session, ticket, act, CloseReason.ADVISED))
    before = ticket_of(desk, number)
    take(desk, number, waiting)
    after = ticket_of(desk, number)
    assert (after.status, after.rank, after.due_at) == (Status.CLOSED, before.rank, before.due_at)


def test_what_is_rated_acute_because_of_news_is_ours_again(desk: Desk, clock: FixedClock) -> None:
    number = a_ticket(desk)
    take(desk, number, give(desk, number, "cjg"))
    clock.advance(timedelta(hours=1))
    on(desk, number, lambda session, ticket, act: put_among_unread(session, ticket, at=act.at))
    rate_again(desk, number, Urgency.ACUTE)
    assert stand(desk, number) == (Status.CLAIMED, None, 0, "Tue 11.30")


def test_what_is_ours_again_and_lowered_to_today_is_due_today(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    clock.advance(timedelta(minutes=30))
    rate_again(desk, number, Urgency.ACUTE)
    clock.advance(timedelta(minutes=30))
    rate_again(desk, number, Urgency.TODAY)
    assert stand(desk, number) == (Status.CLAIMED, None, 2, "Tue 17.00")


def test_what_is_ours_again_asks_anew_about_112(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    clock.advance(timedelta(days=1))
    rate_again(desk, number, Urgency.ACUTE)
    assert ticket_of(desk, number).emergency_noted_at == clock.now()


def test_what_is_ours_again_days_later_and_lowered_is_not_late_at_once(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    clock.advance(timedelta(days=2))
    for urgency in (Urgency.ACUTE, Urgency.TODAY, Urgency.TODAY):
        rate_again(desk, number, urgency)
        clock.advance(timedelta(minutes=20))
    assert stand(desk, number) == (Status.CLAIMED, None, 2, "Thu 17.00")


def test_the_words_on_112_stay_when_what_a_partner_has_is_rated_with_an_empty_field(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number))
    told: list[str | None] = []
    lower = Rating(Urgency.ONE_DAY, "Veilig Thuis is er.", None, "Bas Testman")
    on(desk, number, lambda session, ticket, act: rate(session, ticket, act, lower))
    on(desk, number, lambda _session, ticket, _act: told.append(ticket.emergency_call))
    assert told == ["melder, 9.19 uur"]
