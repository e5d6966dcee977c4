"""News for whoever looks on: an event when something changed, nothing otherwise, and never too many streams."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.desk import Desk
from desk.live import Live
from tests.waiting import until

SOON = 1.0  # seconds: the budget of the design


class Board:
    """Something that people look at."""

    def __init__(self) -> None:
        self.content, self.looks, self.fault = "leeg", 0, False

    def __call__(self, _session: Session) -> object:
        self.looks += 1
        if self.fault:
            raise OperationalError("select", {}, Exception("away"))
        return self.content


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def live(sqlite_desk: Desk, board: Board) -> Iterator[Live]:
    live = Live(sqlite_desk.database, most=40)
    live.add({"bord": board, "ander": lambda _session: "stil"})
    yield live
    live.stopping = lambda: True
    until(lambda: not [each for each in threading.enumerate() if each.name == "live"], what="the end of the watcher")


def the_next(stream: Iterator[str]) -> str:
    """The next event; what only says that the stream is there is passed over."""
    return next(part for part in stream if part.startswith("event"))


def id_of(event: str) -> str:
    return event.split("id: ")[1].splitlines()[0]


def test_a_page_that_knows_nothing_hears_at_once_and_then_of_each_change(live: Live, board: Board) -> None:
    stream = live.stream(["bord"], "")
    assert the_next(stream).startswith("event: bord\n")
    board.content = "vol"
    start = time.monotonic()
    assert the_next(stream).startswith("event: bord\n")
    assert time.monotonic() - start < SOON
    stream.close()  # type: ignore[attr-defined]


def test_whoever_comes_back_hears_only_what_changed_meanwhile(live: Live, board: Board) -> None:
    first = live.stream(["bord", "ander"], "")
    events = [the_next(first), the_next(first)]
    first.close()  # type: ignore[attr-defined]
    board.content = "vol"
    again = live.stream(["bord", "ander"], id_of(events[-1]))
    assert the_next(again).startswith("event: bord\n")
    again.close()  # type: ignore[attr-defined]


def test_forty_screens_hear_of_a_change_within_a_second(live: Live, board: Board) -> None:
    heard: list[float] = []
    ready = threading.Barrier(41)

    def look_on() -> None:
        stream = live.stream(["bord"], "")
        the_next(stream)
        ready.wait(10)
        the_next(stream)
        heard.append(time.monotonic())
        stream.close()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=look_on) for _ in range(40)]
    for thread in threads:
        thread.start()
    ready.wait(10)
    start, board.content = time.monotonic(), "vol"
    for thread in threads:
        thread.join(10)
    assert len(heard) == 40
    assert max(heard) - start < SOON


def test_one_too_many_is_told_to_ask_again_later(sqlite_desk: Desk, board: Board) -> None:
    live = Live(sqlite_desk.database, most=0)
    live.add({"bord": board})
    assert list(live.stream(["bord"], "")) == ["event: bord\nid: \nretry: 5000\ndata: 1\n\n"]


def test_a_topic_that_is_not_known_is_no_stream(live: Live) -> None:
    assert list(live.stream(["geheim"], "x=y")) == []


def test_the_database_is_asked_only_while_somebody_looks(live: Live, board: Board) -> None:
    assert board.looks == 0
    stream = live.stream(["bord"], "")
    the_next(stream)
    stream.close()  # type: ignore[attr-defined]
    until(lambda: not [each for each in threading.enumerate() if each.name == "live"], what="the end of the watcher")
    seen = board.looks
    again = live.stream(["bord"], "")
    the_next(again)
    again.close()  # type: ignore[attr-defined]
    assert board.looks > seen


def test_a_database_that_is_away_ends_nothing(live: Live, board: Board) -> None:
    stream = live.stream(["bord"], "")
    the_next(stream)
    board.fault = True
    seen = board.looks
    until(lambda: board.looks > seen + 1, what="two looks in vain")
    board.fault, board.content = False, "vol"
    assert the_next(stream).startswith("event: bord\n")
    stream.close()  # type: ignore[attr-defined]


def test_streams_end_when_the_server_stops(live: Live) -> None:
    stream = live.stream(["bord"], "")
    the_next(stream)
    live.stopping = lambda: True
    assert list(itertools.islice(stream, 5)) in ([], [": nog hier\n\n"])


def test_only_colleagues_hear_news(client: FlaskClient, staff: Callable[..., FlaskClient]) -> None:
    asks = {"Accept": "text/event-stream"}
    assert client.get("/live?over=telefoon", headers=asks).status_code == 401
    answer = staff().get("/live?over=telefoon", headers=asks)
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    answer.close()
