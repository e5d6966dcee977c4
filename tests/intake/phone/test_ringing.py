"""One colleague at a time is rung, longest idle first; only the key of a colleague whose caller is there connects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from desk.audit import AuditLine
from intake.phone import duty, rings
from intake.phone.models import Duty, Ring
from intake.phone.values import RingState
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall, new_sid
from triage.values import Outcome

A, B, C = "+31600000201", "+31600000202", "+31600000203"
SECOND = timedelta(seconds=1)


def three(line: Line, clock: FixedClock) -> list[UUID]:
    """Three colleagues, the first of them idle longest."""
    ids = []
    for name, number in (("Iris Bedacht", A), ("Noor Verzonnen", B), ("Sam Voorbeeld", C)):
        ids.append(line.on_duty(name, number))
        clock.advance(SECOND)
    return ids


def rung(call: TestCall) -> str | None:
    """The number that the last answer rings."""
    return call.number.text if call.number is not None else None


def ask(line: Line, **differences: str) -> TestCall:
    """A caller who wants a person."""
    call = line.dial(**differences)
    call.press("0")
    return call


def after_ring(call: TestCall, status: str = "no-answer", **more: str) -> None:
    """The carrier tells how the effort ended, and asks what comes next."""
    assert call.action
    call.ask(call.action, DialCallStatus=status, **more)


def leg(call: TestCall, what: str, **more: str) -> bytes:
    """A webhook about the colleague's telephone; the answer."""
    (ring,) = open_rings(call.line)
    return about(call, ring, what, **more)


def about(call: TestCall, ring: UUID, what: str, **more: str) -> bytes:
    given = {
        "CallSid": "CA" + "1" * 32,
        "ParentCallSid": call.sid,
        "Direction": "outbound-dial",
        "From": "+31100000000",
    }
    answer: bytes = call.line.tell(call.sid, f"/phone/ring/{ring}/{what}", **(given | more)).data
    return answer


def open_rings(line: Line) -> list[UUID]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Ring.id).where(Ring.ended_at.is_(None))))


def states(line: Line) -> list[RingState]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Ring.state).order_by(Ring.started_at)))


def test_longest_idle_is_rung_first_and_then_the_next(line: Line, clock: FixedClock) -> None:
    three(line, clock)
    call = ask(line)
    order = [rung(call)]
    for _ in range(2):
        clock.advance(SECOND)
        after_ring(call)
        order.append(rung(call))
    assert order == [A, B, C]
    after_ring(call)
    assert call.verbs[-1] == "Enqueue"


def test_whoever_was_rung_last_comes_last_for_the_next_caller(line: Line, clock: FixedClock) -> None:
    three(line, clock)
    first = ask(line)
    clock.advance(SECOND)
    after_ring(first)
    first.hang_up()
    clock.advance(SECOND)
    assert rung(ask(line)) == C


@pytest.mark.parametrize(("seconds", "rings_again"), [(59, False), (61, True)])
def test_who_did_not_answer_is_passed_over_for_a_minute_for_the_same_caller(
    sqlite_line: Line,
    clock: FixedClock,
    seconds: int,
    rings_again: bool,  # noqa: FBT001
) -> None:
    sqlite_line.on_duty()
    call = ask(sqlite_line)
    clock.advance(SECOND)
    after_ring(call, "busy")
    assert call.verbs[-1] == "Enqueue"
    clock.advance(timedelta(seconds=seconds - 1))
    call.wait_round()
    assert (call.verbs == ["Leave"]) is rings_again


def test_another_caller_is_put_through_to_them_at_once(sqlite_line: Line, clock: FixedClock) -> None:
    sqlite_line.on_duty()
    first = ask(sqlite_line)
    clock.advance(SECOND)
    after_ring(first, "busy")
    first.hang_up()
    assert rung(ask(sqlite_line)) == A


@pytest.mark.parametrize(
    ("status", "bridged", "state"),
    [
        ("no-answer", "false", RingState.UNANSWERED),
        ("busy", "false", RingState.UNANSWERED),
        ("failed", "false", RingState.FAILED),
        ("canceled", "false", RingState.TAKEN_BACK),
        ("completed", "false", RingState.REFUSED),
        ("completed", "true", RingState.ACCEPTED),
        ("answered", "", RingState.REFUSED),
        ("", "", RingState.UNANSWERED),
        ("some-news", "false", RingState.REFUSED),
    ],
)
def test_how_a_try_ended_is_what_the_carrier_says(
    sqlite_line: Line, status: str, bridged: str, state: RingState
) -> None:
    sqlite_line.on_duty()
    call = ask(sqlite_line)
    after_ring(call, status, DialBridged=bridged)
    assert states(sqlite_line) == [state]
    assert open_rings(sqlite_line) == []


def test_without_a_word_on_the_bridge_the_key_counts(sqlite_line: Line) -> None:
    sqlite_line.on_duty()
    call = ask(sqlite_line)
    leg(call, "key", Digits="1")
    after_ring(call, "completed")
    assert call.said[-1].startswith("Het gesprek is voorbij.")
    call.hang_up()
    assert sqlite_line.contact().outcome is Outcome.ANSWERED


@pytest.mark.parametrize("first", ["action", "status"])
def test_a_caller_who_hangs_up_in_the_second_of_the_key_was_not_answered(line: Line, first: str) -> None:
    line.on_duty()
    call = ask(line)
    leg(call, "key", Digits="1")
    assert call.action
    told: list[Callable[[], object]] = [
        lambda: call.ask(str(call.action), DialCallStatus="canceled", DialBridged="false", CallStatus="completed"),
        call.hang_up,
    ]
    action = call.action
    for tell in told if first == "action" else reversed(told):
        call.action = action
        tell()
    assert (line.contact().outcome, line.contact().to_tick_off) == (Outcome.ABANDONED, True)
    assert open_rings(line) == []


def test_a_key_pressed_twice_connects_once(line: Line) -> None:
    line.on_duty()
    call = ask(line)
    answers = [leg(call, "key", Digits="1") for _ in range(2)]
    assert all(b"Hangup" not in answer for answer in answers)
    assert states(line) == [RingState.ACCEPTED]
    with line.desk.database.reading() as session:
        assert len(list(session.scalars(select(AuditLine).where(AuditLine.action == "answer")))) == 1


@pytest.mark.parametrize("keys", ["", "2", "11", "*", "#", "x"])
def test_any_other_key_lets_the_colleague_go(sqlite_line: Line, keys: str) -> None:
    sqlite_line.on_duty()
    call = ask(sqlite_line)
    assert b"Hangup" in leg(call, "key", Digits=keys)
    assert states(sqlite_line) != [RingState.ACCEPTED]


def test_the_whisper_asks_for_the_key_and_then_hangs_up(sqlite_line: Line) -> None:
    sqlite_line.on_duty()
    call = ask(sqlite_line)
    told = leg(call, "whisper").decode()
    assert "Oproep voor het meldpunt. Toets 1 om aan te nemen." in told
    assert told.index("<Gather") < told.index("<Hangup")
    assert states(sqlite_line) == [RingState.RINGING]


@pytest.mark.parametrize("what", ["whisper", "key"])
def test_when_the_caller_is_gone_the_colleague_is_let_go(line: Line, what: str) -> None:
    line.on_duty()
    call = ask(line)
    (ring,) = open_rings(line)
    call.hang_up()
    assert b"<Hangup" in about(call, ring, what, Digits="1")
    assert states(line) == [RingState.TAKEN_BACK]
    assert line.contact().outcome is Outcome.ABANDONED


def test_legs_that_tell_too_early_too_late_or_of_another_call_change_nothing(line: Line, clock: FixedClock) -> None:
    iris = line.on_duty()
    call = ask(line)
    (ring,) = open_rings(line)
    for status in ("completed", "ringing", "in-progress", "initiated"):
        leg(call, "leg", CallStatus=status)
    assert open_rings(line) == [ring]
    clock.advance(SECOND)
    after_ring(call, "busy")
    for status in ("ringing", "in-progress", "completed"):
        about(call, ring, "leg", CallStatus=status)
    other = line.dial()
    about(other, ring, "key", Digits="1")
    assert (states(line), open_rings(line)) == ([RingState.UNANSWERED], [])
    with line.desk.database.reading() as session:
        assert duty.on_the_line(session, iris) is None
    assert len(line.contacts()) == 2  # both callers, and no leg


def test_a_leg_whose_caller_was_never_heard_of_is_that_callers_contact(line: Line) -> None:
    sid, ring = new_sid(), "00000000-0000-4000-8000-000000000000"
    given = {"CallSid": "CA" + "1" * 32, "ParentCallSid": sid}
    for what in ("leg", "whisper", "key"):
        assert line.tell(sid, f"/phone/ring/{ring}/{what}", **given).status_code == 200
    assert [contact.provider_ref for contact in line.contacts()] == [sid]


def test_two_callers_never_ring_one_colleague(line: Line) -> None:
    line.on_duty()
    calls = [line.dial() for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda call: call.press("0"), calls))
    assert [call.verbs[-1] for call in calls].count("Dial") == 1
    assert [call.verbs[-1] for call in calls].count("Enqueue") == 5
    assert len(open_rings(line)) == 1


def test_after_a_talk_there_is_time_to_write_it_down(line: Line, clock: FixedClock) -> None:
    line.on_duty()
    call = ask(line)
    after_ring(call, "completed", DialBridged="true")
    for seconds, verb in ((0, "Enqueue"), (59, "Enqueue"), (61, "Dial")):
        with line.desk.database.reading() as session:
            ended = session.scalars(select(Duty.idle_since)).one()
        clock.set(ended + timedelta(seconds=seconds))
        other = ask(line)
        assert other.verbs[-1] == verb
        other.hang_up()


def test_a_declined_try_needs_no_time_to_write_down(sqlite_line: Line) -> None:
    sqlite_line.on_duty()
    after_ring(ask(sqlite_line), "busy")
    with sqlite_line.desk.database.reading() as session:
        assert session.scalars(select(Duty.wrap_up_until)).one() is None


def test_an_accepted_caller_who_hangs_up_leaves_the_colleague_free(line: Line) -> None:
    iris = line.on_duty()
    call = ask(line)
    leg(call, "key", Digits="1")
    call.hang_up()
    with line.desk.database.reading() as session:
        assert duty.on_the_line(session, iris) is None
        assert session.get_one(Duty, iris).wrap_up_until is not None
    assert line.contact().outcome is Outcome.ANSWERED


def test_only_a_waiting_caller_can_be_taken(sqlite_line: Line) -> None:
    iris = sqlite_line.on_duty()
    call = sqlite_line.dial()
    with pytest.raises(rings.Gone):
        sqlite_line.desk.database.run(lambda session: rings.take(session, sqlite_line.contact().id, iris))
    call.hang_up()
    with pytest.raises(rings.Gone):
        sqlite_line.desk.database.run(lambda session: rings.take(session, sqlite_line.contact().id, iris))
