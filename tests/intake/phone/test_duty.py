"""Who takes the telephone, who may be rung now, and whose caller is whose when many things happen at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from desk.audit import AuditLine
from intake.phone import duty
from intake.phone.menu import Staff
from intake.phone.models import Duty, Ring
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall
from tests.intake.phone.test_ringing import A, B, after_ring, ask, rung, three
from tests.intake.phone.test_waiting import ROUND


def do(line: Line, work: Callable[..., None], *given: object) -> None:
    line.desk.database.run(lambda session: work(session, *given))


def names_on(line: Line) -> list[str]:
    with line.desk.database.reading() as session:
        return [each.user.name for each in duty.roster(session)]


def staff_for(line: Line, call: TestCall) -> Staff:
    with line.desk.database.reading() as session:
        record = next(each for each in line.calls() if session.get_one(type(each), each.id).call_sid == call.sid)
        return duty.reach(session, record, 20).staff


def test_the_roster_lists_who_is_idle_longest_first(line: Line, clock: FixedClock) -> None:
    iris, noor, _sam = three(line, clock)
    assert names_on(line) == ["Iris Bedacht", "Noor Verzonnen", "Sam Voorbeeld"]
    do(line, duty.sign_off, noor)
    call = ask(line)
    clock.advance(timedelta(seconds=1))
    after_ring(call, "busy")
    assert names_on(line) == ["Sam Voorbeeld", "Iris Bedacht"]
    assert iris is not None


def test_signing_on_again_with_another_number_rings_that_number(sqlite_line: Line, clock: FixedClock) -> None:
    iris = sqlite_line.on_duty()
    with sqlite_line.desk.database.reading() as session:
        since = session.get_one(Duty, iris).on_since
    clock.advance(timedelta(minutes=1))
    do(sqlite_line, duty.sign_on, iris, B)
    assert rung(ask(sqlite_line)) == B
    with sqlite_line.desk.database.reading() as session:
        assert session.get_one(Duty, iris).on_since == since


@pytest.mark.parametrize("away", [duty.pause, duty.sign_off])
def test_who_is_away_is_not_rung_and_after_that_is(sqlite_line: Line, away: Callable[..., None]) -> None:
    iris = sqlite_line.on_duty()
    do(sqlite_line, away, iris)
    assert ask(sqlite_line).verbs[-1] == ("Enqueue" if away is duty.pause else "Record")
    do(sqlite_line, duty.sign_on, iris, A)
    assert staff_for(sqlite_line, sqlite_line.dial()) is not Staff.NOBODY


def test_whoever_ends_their_pause_is_there_for_who_waits_longest(line: Line, clock: FixedClock) -> None:
    iris = line.on_duty()
    do(line, duty.pause, iris)
    first = ask(line)
    clock.advance(timedelta(seconds=1))
    second = ask(line)
    do(line, duty.resume, iris)
    second.wait_round()
    assert second.verbs == ["Gather"]
    first.wait_round()
    first.leave()
    assert rung(first) == A


def test_writing_down_can_be_ended_early(sqlite_line: Line) -> None:
    iris = sqlite_line.on_duty()
    after_ring(ask(sqlite_line), "completed", DialBridged="true")
    assert ask(sqlite_line).verbs[-1] == "Enqueue"
    with sqlite_line.desk.database.reading() as session:
        assert session.get_one(Duty, iris).wrap_up_until is not None
    do(sqlite_line, duty.resume, iris)
    with sqlite_line.desk.database.reading() as session:
        assert session.get_one(Duty, iris).wrap_up_until is None


def test_who_leaves_during_a_talk_is_not_rung_after_it(sqlite_line: Line) -> None:
    iris = sqlite_line.on_duty()
    call = ask(sqlite_line)
    do(sqlite_line, duty.sign_off, iris)
    after_ring(call, "completed", DialBridged="true")
    assert call.said[-1].startswith("Het gesprek is voorbij.")
    assert ask(sqlite_line).verbs[-1] == "Record"


@pytest.mark.parametrize("twice", [duty.sign_off, duty.pause, duty.resume])
def test_doing_it_for_somebody_who_never_took_the_telephone_does_nothing(
    sqlite_line: Line, twice: Callable[..., None]
) -> None:
    iris = sqlite_line.on_duty()
    do(sqlite_line, duty.sign_off, iris)
    before = _told(sqlite_line)
    do(sqlite_line, twice, iris)
    do(sqlite_line, twice, UUID(int=1))
    assert _told(sqlite_line) == before


def _told(line: Line) -> list[str]:
    with line.desk.database.reading() as session:
        return [each.action for each in session.scalars(select(AuditLine)) if each.action.endswith("telephone")]


def test_colleagues_who_come_free_at_once_go_to_different_callers(line: Line, clock: FixedClock) -> None:
    three(line, clock)
    rings = [ask(line) for _ in range(3)]
    waits = []
    for _ in range(4):
        clock.advance(timedelta(seconds=1))
        waits.append(ask(line))
    for call in waits:
        call.wait_round()
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda call: after_ring(call, "busy"), rings))
    clock.advance(ROUND)
    for call in (*rings, *waits):
        if call.verbs[-1] in {"Gather", "Enqueue"}:
            call.wait_round()
        if call.verbs == ["Leave"]:
            call.leave()
    numbers = [rung(call) for call in (*rings, *waits) if call.verbs[-1] == "Dial"]
    assert len(numbers) == len(set(numbers)) == 3
    with line.desk.database.reading() as session:
        open_rings = list(session.scalars(select(Ring).where(Ring.ended_at.is_(None))))
        assert len({ring.user_id for ring in open_rings}) == len({ring.call_id for ring in open_rings}) == len(numbers)
    for call in (*rings, *waits):
        call.hang_up()
    with line.desk.database.reading() as session:
        assert list(session.scalars(select(Ring).where(Ring.ended_at.is_(None)))) == []


def test_everybody_hangs_up_and_declines_at_once_and_nobody_is_kept(line: Line, clock: FixedClock) -> None:
    ids = three(line, clock)
    calls = [ask(line) for _ in range(6)]
    for call in calls:
        if call.verbs[-1] == "Enqueue":
            call.wait_round()
    work: list[Callable[[], object]] = [call.hang_up for call in calls]
    work += [lambda call=call: after_ring(call, "busy") for call in calls if call.verbs[-1] == "Dial"]  # type: ignore[misc]
    work += [lambda each=each: do(line, duty.pause, each) for each in ids]  # type: ignore[misc]
    with ThreadPoolExecutor(len(work)) as threads:
        for future in [threads.submit(each) for each in work]:
            future.result()
    with line.desk.database.reading() as session:
        assert [each for each in ids if duty.on_the_line(session, each)] == []
    assert all(call.settled for call in line.calls())
