"""Whose telephone rings: nobody's who left it, however short ago, and nobody's again and again for one caller."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.accounts import User
from intake.phone import duty, rings
from intake.phone.calls import find_call
from intake.phone.models import Ring
from intake.phone.outcomes import settle
from intake.phone.values import RingState
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall

IRIS, NOOR = "+31600000201", "+31600000202"


def rung(call: TestCall) -> str | None:
    """The number that the last answer rings."""
    return call.number.text if call.number is not None else None


def do(line: Line, act: Callable[[Session, UUID], object], colleague: UUID) -> None:
    line.desk.database.run(lambda session: act(session, colleague))


def block(session: Session, colleague: UUID) -> None:
    session.get_one(User, colleague).active = False


def states(line: Line) -> list[RingState]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Ring.state).order_by(Ring.started_at, Ring.id)))


def somebody_waits(line: Line) -> TestCall:
    """A caller in the queue; everybody who takes the telephone is busy."""
    line.busy()
    call = line.dial()
    call.press("0")
    call.wait_round()
    return call


def about_to_be_rung(line: Line) -> tuple[TestCall, UUID]:
    """A caller who leaves the queue because Iris is kept for them."""
    call = somebody_waits(line)
    iris = line.on_duty("Iris Bedacht", IRIS)
    call.wait_round()
    assert call.verbs == ["Leave"]
    return call, iris


def test_somebody_whose_account_was_blocked_is_not_rung(line: Line) -> None:
    do(line, block, line.on_duty("Iris Bedacht", IRIS))
    call = line.dial()
    call.press("0")
    assert call.verbs[-1] == "Record"  # as when nobody takes the telephone


@pytest.mark.parametrize("left", [duty.sign_off, duty.pause, block])
def test_who_left_after_being_kept_for_a_caller_is_not_rung(
    line: Line, left: Callable[[Session, UUID], object]
) -> None:
    call, iris = about_to_be_rung(line)
    do(line, left, iris)
    call.leave()
    assert (rung(call), call.verbs[-1]) == (None, "Enqueue")
    assert states(line) == [RingState.TAKEN_BACK]


def test_the_next_one_is_rung_instead(line: Line) -> None:
    call, iris = about_to_be_rung(line)
    line.on_duty("Noor Verzonnen", NOOR)
    do(line, duty.sign_off, iris)
    call.leave()
    assert rung(call) == NOOR


def test_who_took_a_caller_during_a_pause_is_rung(line: Line) -> None:
    call = somebody_waits(line)
    iris = line.on_duty("Iris Bedacht", IRIS)
    do(line, duty.pause, iris)
    line.desk.database.run(lambda session: rings.take(session, line.contact().id, iris))
    call.wait_round()
    call.leave()
    assert rung(call) == IRIS


def test_a_try_that_lasted_a_minute_is_followed_by_a_minute_without_one(line: Line, clock: FixedClock) -> None:
    line.on_duty("Iris Bedacht", IRIS)
    call = line.dial()
    call.press("0")
    clock.advance(timedelta(seconds=61))
    call.ask(str(call.action), DialCallStatus="no-answer", DialBridged="false")
    assert call.verbs[-1] == "Enqueue"
    call.wait_round()
    assert call.spoken[0].startswith("Al onze medewerkers zijn in gesprek.")


def take_the_first(session: Session, colleague: UUID) -> None:
    """As a page does that has just read who waits."""
    for waiting in duty.waiting_calls(session):
        with suppress(rings.Gone):
            rings.take(session, waiting.id, colleague)


@pytest.mark.parametrize("act", [take_the_first, lambda session, _colleague: rings.serve_next(session)])
def test_nobody_is_kept_for_a_caller_who_hangs_up_at_that_moment(
    line: Line, act: Callable[[Session, UUID], None]
) -> None:
    call = somebody_waits(line)
    iris = line.on_duty("Iris Bedacht", IRIS)
    with ThreadPoolExecutor(1) as threads:
        with line.desk.database.writing() as session:
            record = find_call(session, call.sid)
            assert record is not None
            settle(session, record)
            session.flush()
            kept = threads.submit(do, line, act, iris)
            time.sleep(0.5)  # for it to have read who waits, and to wait for this caller's record
        kept.result()
    assert states(line) == []
