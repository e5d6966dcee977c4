"""*Iedereen in gesprek*: the telephone of a coordinator rings, once in ten minutes, and not for a caller who left."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from desk.desk import Desk
from desk.sender import TryAgain, Uncertain
from desk.worker import Worker
from intake.phone.colleagues import alarm, roster
from tests.builders import a_colleague
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall, a_line

OWN, COORDINATOR = "+31100000000", "+31600000209"


@dataclass
class Placed:
    """Keeps who was called; raises `fault` instead while one is set."""

    calls: list[tuple[str, str, str]] = field(default_factory=list)
    fault: Exception | None = None

    def place_call(self, to: str, from_: str, url: str, status_url: str, timeout: int, time_limit: int) -> str:
        """Keep the call, or fail as told."""
        assert (status_url, timeout < 60, time_limit < 120) == (f"{url}/verloop", True, True)
        self.calls.append((to, from_, url))
        if self.fault is not None:
            raise self.fault
        return "CA" + "0" * 32


@pytest.fixture
def own_desk(desk: Desk) -> Desk:
    """A desk that has a number of its own, and a coordinator whose number is known."""
    anna = a_colleague(desk, "Anna Overzicht", "coordinator")
    desk.database.run(lambda session: roster.keep_number(session, anna.id, COORDINATOR))
    return replace(desk, settings=desk.settings.model_copy(update={"phone_number": OWN}))


@pytest.fixture
def placed() -> Placed:
    return Placed()


def works(desk: Desk, placed: Placed) -> None:
    """Do every job of the alarm that is due."""
    handlers = {alarm.WATCH: alarm.watcher(desk), alarm.RING: alarm.alarmer(desk, placed)}
    Worker(desk.database, handlers, schedule=lambda: None).drain()


def waits(line: Line) -> TestCall:
    line.busy()
    call = line.dial()
    call.press("0")
    call.wait_round()
    return call


def test_whoever_waits_half_a_minute_has_the_coordinator_called(
    own_desk: Desk, placed: Placed, clock: FixedClock
) -> None:
    line = a_line(own_desk)
    waits(line)
    clock.advance(timedelta(seconds=29))
    works(own_desk, placed)
    assert not placed.calls
    clock.advance(timedelta(seconds=1))
    works(own_desk, placed)
    works(own_desk, placed)
    assert placed.calls == [(COORDINATOR, OWN, f"{own_desk.settings.public_url}/phone/alarm")]


def test_a_caller_who_left_alarms_nobody(own_desk: Desk, placed: Placed, clock: FixedClock) -> None:
    waits(a_line(own_desk)).hang_up()
    clock.advance(timedelta(seconds=30))
    works(own_desk, placed)
    assert not placed.calls


def test_many_callers_ring_the_coordinator_once_in_ten_minutes(
    own_desk: Desk, placed: Placed, clock: FixedClock
) -> None:
    line = a_line(own_desk)
    for minutes, times in ((0, 1), (4, 1), (4, 1), (2, 2)):
        clock.advance(timedelta(minutes=minutes))
        waits(line)
        clock.advance(timedelta(seconds=30))
        works(own_desk, placed)
        assert len(placed.calls) == times


@pytest.mark.parametrize(("fault", "tries"), [(Uncertain("no answer"), 1), (TryAgain("away"), 2)])
def test_an_alarm_is_tried_again_only_when_it_certainly_did_not_ring(
    own_desk: Desk, placed: Placed, clock: FixedClock, fault: Exception, tries: int
) -> None:
    waits(a_line(own_desk))
    clock.advance(timedelta(seconds=30))
    placed.fault = fault
    works(own_desk, placed)
    clock.advance(timedelta(minutes=1))
    works(own_desk, placed)
    clock.advance(timedelta(minutes=30))  # by then nobody waits any more
    works(own_desk, placed)
    assert len(placed.calls) == tries


def test_a_desk_without_a_number_of_its_own_calls_nobody(own_desk: Desk, placed: Placed, clock: FixedClock) -> None:
    waits(a_line(own_desk))
    clock.advance(timedelta(seconds=30))
    without = replace(own_desk, settings=own_desk.settings.model_copy(update={"phone_number": ""}))
    works(without, placed)
    assert not placed.calls


def test_the_coordinator_hears_what_is_the_matter_and_is_no_caller(sqlite_line: Line) -> None:
    call = "CA" + "7" * 32
    said = sqlite_line.tell(call, "/phone/alarm", Direction="outbound-api")
    assert said.status_code == 200
    assert "Iedereen is in gesprek en er wacht een beller." in said.text
    assert sqlite_line.tell(call, "/phone/alarm/verloop", CallStatus="completed").status_code == 200
    assert sqlite_line.post("/phone/alarm", {"AccountSid": "x"}, signature="wrong").status_code == 403
    assert not sqlite_line.contacts()
