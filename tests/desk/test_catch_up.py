"""What is made up for beside other work: again and again, none holding up another, each outage told once."""

import logging
import threading
from collections.abc import Iterator

import pytest

from desk.catch_up import catch_up_beside
from tests.waiting import until

SOON = 0.01  # seconds


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    stop = threading.Event()
    yield stop
    stop.set()


def test_one_that_fails_holds_up_no_other_and_is_told_once_an_outage(
    stop: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    done, away = list[int](), [True] * 20 + [False] * 5 + [True] * 20

    def fails() -> None:
        if done and away and away.pop():
            raise TimeoutError

    with caplog.at_level(logging.ERROR):
        thread = catch_up_beside([fails, lambda: done.append(1)], stop, SOON)
        until(lambda: not away)
    stop.set()
    thread.join(5)
    assert (len(done) > 40, thread.is_alive()) == (True, False)
    assert [record.message for record in caplog.records] == ["could not catch up"] * 2
