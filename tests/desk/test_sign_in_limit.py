"""The limit on guesses holds when many are made at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.desk import Desk
from desk.sign_in_limit import MOST_OF_BOTH, MOST_OF_ONE_ACCOUNT, MOST_OF_ONE_ORIGIN, count_attempt

CROWD = 24


def _allowed(desk: Desk, guesses: list[tuple[str, str]]) -> int:
    """How many of these guesses, all made at once, may have their password looked at."""
    together = threading.Barrier(len(guesses))

    def guess(account: str, place: str) -> bool:
        together.wait(60)
        return desk.database.run(lambda session: count_attempt(session, account, place))

    with ThreadPoolExecutor(len(guesses)) as crowd:
        return sum(crowd.map(lambda each: guess(*each), guesses))


def test_guesses_at_one_account_from_one_place_at_once_are_counted_one_by_one(desk: Desk) -> None:
    assert _allowed(desk, [("iris@meldpunt.example", "192.0.2.7")] * CROWD) == MOST_OF_BOTH


@pytest.mark.parametrize("by", ["account", "origin"])
def test_the_wider_limits_hold_at_once_as_well(desk: Desk, by: str) -> None:
    most = MOST_OF_ONE_ACCOUNT if by == "account" else MOST_OF_ONE_ORIGIN
    others = iter(range(1000))
    with desk.database.writing() as session:
        for _ in range(most - 2):
            assert count_attempt(session, *_pair(by, next(others)))
    assert _allowed(desk, [_pair(by, next(others)) for _ in range(CROWD)]) == 2


def test_guesses_that_cross_do_not_wait_for_each_other_for_ever(desk: Desk) -> None:
    pairs = [(f"a{n % 3}@x.example", f"192.0.2.{n % 4}") for n in range(CROWD)]
    assert _allowed(desk, pairs) == CROWD


def _pair(by: str, n: int) -> tuple[str, str]:
    return ("iris@meldpunt.example", f"192.0.2.{n}") if by == "account" else (f"a{n}@x.example", "192.0.2.7")
