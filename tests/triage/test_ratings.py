"""Since when a ticket is this urgent, from its ratings alone."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.number import new_number, numbers_in, spaced
from triage.ratings import Rated, run_of
from triage.values import Urgency

TEN = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
ACUTE, TODAY, ONE_DAY, THREE_DAYS = Urgency


@pytest.mark.parametrize(
    ("oldest_first", "urgency", "length"),
    [
        ((), ACUTE, 0),
        ((TODAY, ACUTE), TODAY, 2),
        ((TODAY, ACUTE), ACUTE, 1),
        ((TODAY, ACUTE), THREE_DAYS, 2),
        ((TODAY, THREE_DAYS), TODAY, 0),
        ((TODAY, THREE_DAYS, TODAY), TODAY, 1),
        ((ONE_DAY, TODAY, ACUTE, TODAY), TODAY, 3),
    ],
)
def test_a_run_reaches_back_as_far_as_it_was_at_least_this_urgent(
    oldest_first: tuple[Urgency, ...], urgency: Urgency, length: int
) -> None:
    ratings = [Rated(each, TEN + timedelta(hours=n), None) for n, each in enumerate(oldest_first)]
    assert run_of(ratings[::-1], urgency) == ratings[::-1][:length]


def test_every_number_in_a_text_is_found_however_it_is_written() -> None:
    one, other = new_number(), new_number()
    text = f"Zie {one}, {spaced(other)} en {one[:4]}-{one[4:]}; niet 12345678901 of {one}0."
    assert numbers_in(text) == [one, other, one]
