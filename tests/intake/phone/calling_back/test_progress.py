from itertools import permutations

import pytest

from intake.phone.calling_back.progress import further, of_colleague, of_dial, of_reporter
from intake.phone.events import CallState, Dialled
from intake.phone.values import AttemptState

TALK = (
    AttemptState.PLACING,
    AttemptState.RINGING_COLLEAGUE,
    AttemptState.RINGING_REPORTER,
    AttemptState.TALKING,
    AttemptState.REACHED,
)


@pytest.mark.parametrize("order", list(permutations(TALK, 4)))
def test_whatever_the_order_nothing_goes_back(order: tuple[AttemptState, ...]) -> None:
    states = [AttemptState.REQUESTED]
    for heard in (*order, *order):
        states.append(further(states[-1], heard))
    reached = {AttemptState.REACHED} & set(order)
    assert states[-1] is (AttemptState.REACHED if reached else max(order, key=TALK.index))
    assert all(further(state, state) is state or state is AttemptState.TALKING for state in states)


@pytest.mark.parametrize("early", [AttemptState.NO_COLLEAGUE, AttemptState.NOT_REACHED, AttemptState.FAILED])
def test_a_talk_that_is_told_of_after_the_end_was_a_talk(early: AttemptState) -> None:
    assert further(early, AttemptState.TALKING) is AttemptState.REACHED
    assert further(early, AttemptState.RINGING_REPORTER) is early


def test_anything_that_is_heard_says_more_than_uncertain() -> None:
    assert further(AttemptState.UNCERTAIN, AttemptState.RINGING_COLLEAGUE) is AttemptState.RINGING_COLLEAGUE
    assert further(AttemptState.RINGING_COLLEAGUE, AttemptState.UNCERTAIN) is AttemptState.RINGING_COLLEAGUE


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (CallState.RINGING, AttemptState.PLACING, AttemptState.RINGING_COLLEAGUE),
        (CallState.COMPLETED, AttemptState.RINGING_COLLEAGUE, AttemptState.NO_COLLEAGUE),
        (CallState.BUSY, AttemptState.RINGING_COLLEAGUE, AttemptState.NO_COLLEAGUE),
        (CallState.FAILED, AttemptState.PLACING, AttemptState.FAILED),
        (CallState.COMPLETED, AttemptState.RINGING_REPORTER, AttemptState.NOT_REACHED),
        (CallState.COMPLETED, AttemptState.TALKING, AttemptState.REACHED),
    ],
)
def test_the_end_of_the_colleagues_leg_means_what_came_before_it(
    state: CallState, before: AttemptState, after: AttemptState
) -> None:
    assert of_colleague(state, before) is after


def test_the_reporters_leg() -> None:
    assert of_reporter(CallState.INITIATED) is AttemptState.RINGING_REPORTER
    assert of_reporter(CallState.IN_PROGRESS) is AttemptState.TALKING
    assert of_reporter(CallState.COMPLETED) is AttemptState.REACHED
    assert of_reporter(CallState.NO_ANSWER) is AttemptState.NOT_REACHED
    assert of_reporter(CallState.FAILED) is AttemptState.FAILED


def test_the_last_word_on_a_dial() -> None:
    assert of_dial(Dialled("completed", bridged=True)) is AttemptState.REACHED
    assert of_dial(Dialled("completed")) is AttemptState.REACHED
    assert of_dial(Dialled("completed", bridged=False)) is AttemptState.NOT_REACHED
    assert of_dial(Dialled("failed", bridged=False)) is AttemptState.FAILED
    assert of_dial(Dialled("busy")) is AttemptState.NOT_REACHED
