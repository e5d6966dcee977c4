"""Scenario 50: calling somebody back; the call is an attempt, and nobody is dialled twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.carrier.events import Direction
from tests.fakes import FixedClock
from tests.intake.phone.calling import CallingBack, calling_back
from tests.intake.phone.line import STAFF_NUMBER, Line
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.models import Contact
from triage.values import Direction as Way
from triage.values import Outcome


@pytest.fixture
def town(line: Line) -> Iterator[CallingBack]:
    """Somebody asked to be called back."""
    with calling_back(line) as around:
        ask_to_be_called_back(around.line)
        yield around


def placed(town: CallingBack) -> list[str]:
    return [call.to for call in town.network.calls.values() if call.direction is Direction.OUTBOUND_API]


def going_out(town: CallingBack) -> list[Contact]:
    return [contact for contact in town.line.contacts() if contact.direction is Way.OUT]


@pytest.mark.parametrize("who", ["colleague does not answer", "reporter is busy", "reporter does not answer"])
def test_50_an_attempt_that_reaches_nobody_is_one_attempt_and_the_promise_stands(town: CallingBack, who: str) -> None:
    if who == "colleague does not answer":
        town.staff.will_not_answer()
    else:
        town.staff.will(answer_after=4, press="1", talk=60)
    if who == "reporter is busy":
        town.reporter.is_busy()
    attempt = town.asks(town.has_number())
    town.work()
    state = "no_colleague" if who == "colleague does not answer" else "not_reached"
    assert town.end(attempt) == (state, Outcome.FAILED)
    assert placed(town) == [STAFF_NUMBER]
    assert len(going_out(town)) == 1
    (promise,) = town.line.callbacks()
    assert promise.done_at is None
    assert [contact.outcome for contact in town.line.contacts() if contact.direction is Way.IN] == [Outcome.CALLBACK]


def test_50_an_order_of_which_nobody_knows_is_uncertain_and_never_given_again(
    town: CallingBack, clock: FixedClock
) -> None:
    town.network.faults.rest = [500]
    attempt = town.asks(town.has_number())
    for _ in range(3):
        town.work()
        clock.advance(timedelta(hours=1))
    assert town.end(attempt) == ("uncertain", Outcome.UNCERTAIN)
    assert placed(town) == []
    assert len(going_out(town)) == 1
