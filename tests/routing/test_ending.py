"""A handover that nobody takes goes back to where the ticket can be worked on."""

from datetime import timedelta

import pytest

from desk.desk import Desk
from routing.ending import end
from routing.models import Handover, HandoverStatus
from tests.builders import ticket_of
from tests.fakes import FixedClock
from tests.routing.handing import give, on, rate_again, rated, take
from triage.actions import Refused
from triage.closing import hurdles
from triage.models import Ticket
from triage.values import Status, Urgency

NO, BACK = HandoverStatus.DECLINED, HandoverStatus.WITHDRAWN


def ended(desk: Desk, number: str, handover: object, how: HandoverStatus = NO) -> Ticket:
    on(desk, number, lambda s, t, act: end(s, t, act, s.get_one(Handover, handover), how, "Nee, zegt de balie."))
    return ticket_of(desk, number)


@pytest.mark.parametrize("how", [NO, BACK])
def test_what_nobody_takes_is_the_desks_again(desk: Desk, how: HandoverStatus) -> None:
    number = rated(desk, Urgency.ACUTE)
    before = ticket_of(desk, number).due_at
    ticket = ended(desk, number, give(desk, number), how)
    assert (ticket.status, ticket.taken_by, ticket.rank, ticket.due_at) == (Status.CLAIMED, None, 0, before)


def test_one_partner_that_says_no_leaves_the_ticket_with_the_one_that_said_yes(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)
    no, yes = give(desk, number, "cjg"), give(desk, number)
    take(desk, number, yes)
    assert ticket_of(desk, number).taken_by is None
    ticket = ended(desk, number, no)
    assert ticket.taken_by is not None
    assert "Veilig Thuis" in ticket.taken_by
    assert hurdles(ticket) == ()


def test_while_another_handover_waits_the_ticket_stays_handed_over(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)
    no, _other = give(desk, number, "cjg"), give(desk, number)
    assert ended(desk, number, no).status is Status.HANDED_OVER


def test_what_was_confirmed_or_ended_is_not_ended_again(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)
    handover = give(desk, number)
    take(desk, number, handover)
    with pytest.raises(Refused):
        ended(desk, number, handover)


def test_an_old_yes_does_not_count_for_what_was_taken_back(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    take(desk, number, give(desk, number, "cjg"))
    clock.advance(timedelta(hours=1))
    rate_again(desk, number, Urgency.ACUTE)
    clock.advance(timedelta(minutes=1))
    ticket = ended(desk, number, give(desk, number))
    assert (ticket.status, ticket.taken_by, ticket.rank) == (Status.CLAIMED, None, 0)
