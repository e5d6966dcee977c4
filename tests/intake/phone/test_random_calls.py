"""Random calls on a bad network: each is one contact with an outcome, whatever callers, colleagues and network do."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from demo.carrier import Faults
from demo.carrier.network import DESK_NUMBER
from tests.fakes import FixedClock
from tests.intake.phone.crowd import Crowd
from tests.intake.phone.line import Line, with_settings
from tests.intake.phone.scenarios.scene import reconciled
from tests.intake.phone.test_journeys import a_carrier
from tests.intake.phone.well import assert_all_is_well
from triage.values import Outcome

SEED = 14010
CALLS = 500
HALF_PAST_THREE = datetime(2020, 4, 14, 13, 30, tzinfo=UTC)
TWO_HOURS = 7_200.0  # the desk closes in between


@pytest.mark.slow
def test_every_one_of_five_hundred_calls_is_one_contact(sqlite_line: Line, clock: FixedClock) -> None:
    clock.set(HALF_PAST_THREE)
    faults = Faults(duplicate=0.2, delay=30, drop=0.02, chance=random.Random(SEED))
    line = with_settings(sqlite_line, phone_number=DESK_NUMBER)
    network = a_carrier(line, faults)
    Crowd(line, network, random.Random(SEED), TWO_HOURS).comes(CALLS)
    clock.advance(timedelta(minutes=10))
    found = reconciled(line, network)
    assert (found.seen, found.calls) == (CALLS, 0)
    assert found.ended > 0  # whose last word was lost
    outcomes = Counter(contact.outcome for contact in line.contacts())
    assert set(outcomes) >= {Outcome.ANSWERED, Outcome.VOICEMAIL, Outcome.CALLBACK, Outcome.ABANDONED}
    assert_all_is_well(line, network)
