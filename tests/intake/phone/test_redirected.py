"""A caller who is sent on by a job that comes too late: they were through, and wait once more."""

import pytest

from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall


@pytest.fixture
def waiting(sqlite_line: Line) -> TestCall:
    """A caller in the queue, in the second round."""
    sqlite_line.busy()
    call = sqlite_line.dial()
    call.press("0")
    call.wait_round()
    call.wait_round()
    return call


def test_who_is_sent_elsewhere_and_nobody_decided_it_stays_in_the_queue(waiting: TestCall) -> None:
    round_, left = waiting.round, waiting.left
    waiting.leave("redirected")
    waiting.round, waiting.left = round_, left
    waiting.wait_round()
    assert waiting.verbs == ["Gather"]


def test_the_way_out_is_open_from_the_first_round_after_joining_again(waiting: TestCall, clock: FixedClock) -> None:
    waiting.leave("redirected")
    assert waiting.verbs == ["Enqueue"]
    waiting.wait_round()
    waiting.wait_round("9")
    waiting.leave()
    assert waiting.spoken == ["Op welk nummer bereiken wij u rechtstreeks? Toets het in, met een hekje erachter."]
