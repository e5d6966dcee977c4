"""A caller for whom a colleague is kept need not wait for the end of a round of waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from demo.carrier import Call, Carrier
from desk.worker import Worker
from intake import phone
from intake.phone import duty, rings
from tests.intake.phone.line import STAFF_NUMBER, Line, with_settings
from tests.intake.phone.servers import served
from tests.intake.phone.test_journeys import a_carrier, dial
from triage.values import Outcome


@contextmanager
def somebody_waits(sqlite_line: Line) -> Iterator[tuple[Line, Carrier, Call]]:
    """A caller in the queue of a desk whose only colleague, Iris, pauses."""
    network = a_carrier(sqlite_line)
    network.telephone(STAFF_NUMBER).will(answer_after=2, press="1", talk=30)
    with served(network.rest_app()) as url:
        line = with_settings(sqlite_line, twilio_api_url=url)
        iris = line.on_duty()
        line.desk.database.run(lambda session: duty.pause(session, iris))
        call = dial(network)
        call.press("0")
        call.advance(3)
        yield line, network, call
    assert network.alerts == []


def do_the_jobs(line: Line) -> None:
    Worker(line.desk.database, phone.handlers(line.desk), schedule=lambda: None).drain()


def finish(line: Line, network: Carrier, call: Call) -> None:
    call.wait_until_over()
    network.settle()
    assert line.contact().outcome is Outcome.ANSWERED


def test_a_colleague_who_is_free_again_has_who_waits_longest_at_once(sqlite_line: Line) -> None:
    with somebody_waits(sqlite_line) as (line, network, call):
        iris = line.on_duty()
        line.desk.database.run(lambda session: duty.resume(session, iris))
        line.desk.database.run(rings.serve_next)
        do_the_jobs(line)
        call.advance(8)
        assert call.connected_to is not None
        finish(line, network, call)


def test_a_caller_who_was_taken_leaves_the_queue_at_once(sqlite_line: Line) -> None:
    with somebody_waits(sqlite_line) as (line, network, call):
        iris = line.on_duty()
        line.desk.database.run(lambda session: rings.take(session, _only(line), iris))
        do_the_jobs(line)
        do_the_jobs(line)
        call.advance(8)
        assert call.connected_to is not None
        finish(line, network, call)


def test_a_carrier_that_does_not_hear_lets_the_caller_out_at_the_end_of_the_round(sqlite_line: Line) -> None:
    with somebody_waits(sqlite_line) as (line, network, call):
        iris = line.on_duty()
        line.desk.database.run(lambda session: rings.take(session, _only(line), iris))
        call.advance(32)
        assert call.connected_to is not None
        do_the_jobs(line)
        assert call.connected_to is not None
        finish(line, network, call)


@pytest.mark.parametrize("twice", [False, True])
def test_with_nobody_waiting_nothing_happens(line: Line, twice: bool) -> None:  # noqa: FBT001
    line.on_duty()
    for _ in range(1 + twice):
        line.desk.database.run(rings.serve_next)
    assert line.calls() == []


def _only(line: Line) -> UUID:
    (record,) = line.calls()
    return record.id
