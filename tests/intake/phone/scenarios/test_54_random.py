"""Scenario 54: anything at all; `test_random_calls.py` does the same with five hundred callers and a bad network."""

import random
from datetime import UTC, datetime

import pytest

from tests.intake.phone.crowd import Crowd
from tests.intake.phone.scenarios.scene import Scene
from tests.intake.phone.well import came_in

HALF_PAST_FOUR = datetime(2020, 4, 14, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize("seed", [54, 540])
def test_54_random_callers_and_colleagues_are_one_contact_each(on_both: Scene, seed: int) -> None:
    on_both.clock.set(HALF_PAST_FOUR)
    Crowd(on_both.line, on_both.network, random.Random(seed), 40 * 60).comes(40)
    assert len(came_in(on_both.network)) == len(on_both.line.contacts()) == 40
