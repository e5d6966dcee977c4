"""Placing a call when the carrier, the network or the worker fails in the middle: never twice, and never silently."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from desk.jobs import ClaimedJob
from desk.sender import TryAgain, Uncertain
from intake import phone
from intake.phone.calling_back.placing import placer
from intake.phone.carrier.client import Carrier
from tests.fakes import FixedClock
from tests.intake.phone.calling import CallingBack, calling_back
from tests.intake.phone.calling_back.test_calling_back import sent
from tests.intake.phone.line import STAFF_NUMBER, Line, new_sid
from tests.intake.phone.servers import served
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.values import Outcome

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def town(sqlite_line: Line) -> Iterator[CallingBack]:
    with calling_back(sqlite_line) as around:
        ask_to_be_called_back(around.line)
        around.staff.will(answer_after=4, press="1", talk=60)
        around.reporter.will(answer_after=6, talk=40)
        yield around


@dataclass
class Mute:
    """A carrier that does what it is asked and breaks off before it answers, so many times."""

    rest: WSGIApplication
    times: int = 1

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not self.times:
            return self.rest(environ, start_response)
        self.times -= 1
        b"".join(self.rest(environ, lambda *_: lambda _: None))
        start_response("502 Bad Gateway", [("Content-Type", "text/html")])
        return [b"<h1>Bad gateway</h1>"]


class Dying(Exception):
    """The worker is gone at this line."""


class DyingCarrier(Carrier):
    """The worker dies with it: `before` the carrier was asked, or after it took the order."""

    before = False

    def place_call(self, *args: object, **named: object) -> str:
        if not self.before:
            super().place_call(*args, **named)  # type: ignore[arg-type]
        raise Dying


def do(town: CallingBack, attempt: UUID, carrier: Carrier) -> None:
    placer(town.line.desk, carrier)(ClaimedJob(attempt, "place_call", {"attempt": str(attempt)}, "w", 1))


def test_a_call_that_was_placed_without_an_answer_is_found_and_goes_on(town: CallingBack) -> None:
    rest = town.network.rest_app()
    rest.wsgi_app = Mute(rest.wsgi_app)  # type: ignore[method-assign]
    with served(rest) as url:
        attempt = town.asks(town.has_number())
        town.reaching(url).work()
    assert sent(town) == [STAFF_NUMBER]
    assert town.end(attempt) == ("reached", Outcome.SENT)


def test_a_call_of_which_nobody_knows_is_uncertain_and_not_tried_again(town: CallingBack, clock: FixedClock) -> None:
    town.network.faults.rest = [500]
    attempt = town.asks(town.has_number())
    town.work()
    clock.advance(timedelta(hours=3))
    town.work()
    assert sent(town) == []
    assert town.end(attempt) == ("uncertain", Outcome.UNCERTAIN)


def test_what_the_carrier_tells_of_an_uncertain_call_after_all_counts(town: CallingBack) -> None:
    town.network.faults.rest = [500]
    attempt = town.asks(town.has_number())
    town.work()
    sid = new_sid()
    town.line.tell(sid, f"/phone/out/{attempt}/status", CallStatus="ringing", Direction="outbound-api")
    assert town.end(attempt) == ("ringing_colleague", Outcome.QUEUED)
    town.line.tell(sid, f"/phone/out/{attempt}/status", CallStatus="no-answer", Direction="outbound-api")
    assert town.end(attempt) == ("no_colleague", Outcome.FAILED)


def test_a_carrier_that_was_never_reached_is_asked_again(town: CallingBack, clock: FixedClock) -> None:
    attempt = town.asks(town.has_number())
    town.reaching(NOWHERE).work()
    assert town.end(attempt) == ("requested", Outcome.QUEUED)
    clock.advance(timedelta(seconds=10))
    town.work()
    assert town.end(attempt) == ("reached", Outcome.SENT)


def test_a_busy_carrier_is_asked_again_and_a_refusal_is_final(town: CallingBack, clock: FixedClock) -> None:
    town.network.faults.rest = [429, 400]
    attempt = town.asks(town.has_number())
    town.work()
    assert town.end(attempt) == ("requested", Outcome.QUEUED)
    clock.advance(timedelta(seconds=10))
    town.work()
    assert (sent(town), town.end(attempt)) == ([], ("failed", Outcome.FAILED))


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_in_the_middle_places_no_second_call(town: CallingBack, before: bool) -> None:  # noqa: FBT001
    attempt = town.asks(town.has_number())
    dying = DyingCarrier(town.line.desk.settings)
    dying.before = before
    with pytest.raises(Dying):
        do(town, attempt, dying)
    assert town.end(attempt) == ("placing", Outcome.QUEUED)
    do(town, attempt, Carrier(town.line.desk.settings))
    town.network.settle()
    assert sent(town) == ([] if before else [STAFF_NUMBER])
    assert town.end(attempt) == (("uncertain", Outcome.UNCERTAIN) if before else ("reached", Outcome.SENT))


def test_a_job_that_runs_twice_places_one_call(town: CallingBack) -> None:
    attempt = town.asks(town.has_number())
    for _ in range(3):
        do(town, attempt, Carrier(town.line.desk.settings))
    town.network.settle()
    do(town, attempt, Carrier(town.line.desk.settings))
    assert (sent(town), town.end(attempt)) == ([STAFF_NUMBER], ("reached", Outcome.SENT))


class Silent(Carrier):
    """Does not answer, and cannot be asked either."""

    def place_call(self, *_args: object, **_named: object) -> str:
        raise Uncertain("the carrier did not answer: ReadTimeout")

    def find_calls(self, *_args: object, **_named: object) -> list[object]:  # type: ignore[override]
        raise TryAgain("the carrier is away")


def test_looking_a_call_up_is_tried_again_for_a_while(town: CallingBack, clock: FixedClock) -> None:
    attempt = town.asks(town.has_number())
    for _ in range(2):
        with pytest.raises(TryAgain):
            do(town, attempt, Silent(town.line.desk.settings))
    assert town.end(attempt) == ("placing", Outcome.QUEUED)
    clock.advance(timedelta(minutes=2))
    do(town, attempt, Silent(town.line.desk.settings))
    assert town.end(attempt) == ("uncertain", Outcome.UNCERTAIN)


def settle(town: CallingBack) -> None:
    handle: Callable[[ClaimedJob | None], None] = phone.handlers(town.line.desk)["settle_attempts"]  # type: ignore[assignment]
    handle(None)


def test_a_call_whose_last_webhooks_were_lost_is_asked_about(town: CallingBack, clock: FixedClock) -> None:
    town.staff.will_not_answer()
    attempt = town.asks(town.has_number())
    town.network.faults.drop = 1
    town.work()
    assert town.end(attempt) == ("ringing_colleague", Outcome.QUEUED)
    settle(town)
    assert town.end(attempt) == ("ringing_colleague", Outcome.QUEUED)
    clock.advance(timedelta(minutes=5))
    settle(town)
    assert town.end(attempt) == ("no_colleague", Outcome.FAILED)


def test_a_call_that_nobody_can_tell_of_any_more_becomes_uncertain(town: CallingBack, clock: FixedClock) -> None:
    town.staff.will_not_answer()
    attempt = town.asks(town.has_number())
    town.network.faults.drop = 1
    town.work()
    clock.advance(timedelta(hours=2))
    settle(town.reaching(NOWHERE))
    assert town.end(attempt) == ("ringing_colleague", Outcome.QUEUED)
    clock.advance(timedelta(minutes=20))
    settle(town.reaching(NOWHERE))
    settle(town.reaching(NOWHERE))
    assert town.end(attempt) == ("uncertain", Outcome.UNCERTAIN)
