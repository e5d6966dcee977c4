"""The queue: who comes first, what is said and when, and every way out of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from intake.phone import duty, rings
from intake.phone.away.spool import spool_of
from intake.phone.values import Leaving
from tests.fakes import FixedClock
from tests.intake.phone.line import QUEUE_SID, Line, TestCall
from tests.intake.phone.test_ringing import A, B, ask, rung
from triage.values import Outcome

T4 = "Al onze medewerkers zijn in gesprek."
T5 = "Het is nog steeds druk."
ROUND = timedelta(seconds=11)


def rounds(call: TestCall, clock: FixedClock, until: timedelta) -> list[tuple[int, str]]:
    """Wait until then; what was said, and at which second of the wait."""
    began, said = clock.now(), []
    while clock.now() - began <= until:
        call.wait_round()
        if call.spoken:
            said.append((int((clock.now() - began).total_seconds()), call.spoken[0].partition(".")[0] + "."))
        if call.verbs == ["Leave"]:
            break
        clock.advance(ROUND)
    return said


def test_t4_comes_first_t5_after_a_minute_and_then_every_two(line: Line, clock: FixedClock) -> None:
    line.busy()
    call = ask(line)
    said = rounds(call, clock, timedelta(minutes=7))
    assert [text for _at, text in said] == [T4, T5, T5, T5]
    first, second, third, fourth = (at for at, _text in said)
    assert first == 0
    assert 60 <= second < 60 + 11
    assert 120 <= third - second < 120 + 11
    assert 120 <= fourth - third < 120 + 11


def test_after_eight_minutes_there_is_voicemail(line: Line, clock: FixedClock) -> None:
    line.busy()
    call = ask(line)
    rounds(call, clock, timedelta(minutes=7, seconds=50))
    assert call.verbs == ["Gather"]
    rounds(call, clock, timedelta(minutes=1))
    assert call.verbs == ["Leave"]
    assert line.calls()[0].leaving is Leaving.TOO_LONG
    call.leave()
    assert call.said[-1].startswith("Wij kunnen nu niet opnemen.")
    assert call.verbs[-1] == "Record"


@pytest.mark.parametrize("minutes", [0, 1, 5])
def test_nine_asks_for_a_call_back_at_any_time(sqlite_line: Line, clock: FixedClock, minutes: int) -> None:
    sqlite_line.busy()
    call = ask(sqlite_line)
    rounds(call, clock, timedelta(minutes=minutes))
    call.wait_round("9")
    assert call.verbs == ["Leave"]
    call.leave()
    assert call.said[-1].startswith("Op welk nummer bereiken wij u rechtstreeks?")


@pytest.mark.parametrize("keys", ["0", "1", "#", "*", "8"])
def test_other_keys_mean_nothing_while_waiting(sqlite_line: Line, keys: str) -> None:
    sqlite_line.busy()
    call = ask(sqlite_line)
    call.wait_round()
    call.wait_round(keys)
    assert call.verbs == ["Gather"]


def test_a_repeated_round_says_the_same_and_a_late_one_leads_nowhere(line: Line, clock: FixedClock) -> None:
    line.busy()
    call = ask(line)
    call.wait_round()
    first, said = call.last, call.spoken
    call.again()
    assert call.spoken == said
    clock.advance(ROUND)
    call.wait_round()
    assert call.spoken == []
    assert b"<Leave" not in line.post(*first).data  # of the round before
    call.wait_round("9")
    assert call.verbs == ["Leave"]
    for target, form in (first, call.last):
        assert b"<Leave" in line.post(target, form).data
    call.leave()
    assert b"<Leave" in line.post(*first).data  # the queue asks once more, though the call went on
    assert len(line.contacts()) == 1
    call.hang_up()
    assert line.contact().told == "T1 T2 T4 T6"


def test_a_repeated_turn_that_joins_the_queue_joins_it_again_at_the_same_place(line: Line) -> None:
    line.busy()
    call = ask(line)
    since = line.calls()[0].waiting_since
    call.again()
    assert call.verbs == ["Enqueue"]
    assert line.calls()[0].waiting_since == since


def test_first_come_first_served(line: Line, clock: FixedClock) -> None:
    iris = line.on_duty()
    line.desk.database.run(lambda session: duty.pause(session, iris))
    first, second = ask(line), _a_second_later(clock, lambda: ask(line))
    line.desk.database.run(lambda session: duty.resume(session, iris))
    second.wait_round()
    assert second.verbs == ["Gather"]
    newcomer = ask(line)
    assert newcomer.verbs[-1] == "Enqueue"  # a free colleague goes to who waits longest
    first.wait_round()
    assert first.verbs == ["Leave"]
    first.leave()
    assert rung(first) == A


def test_two_free_colleagues_go_to_the_two_who_wait_longest(sqlite_line: Line, clock: FixedClock) -> None:
    ids = [sqlite_line.on_duty(), sqlite_line.on_duty("Noor Verzonnen", B)]
    for each in ids:
        _run(sqlite_line, duty.pause, each)
    calls = [_a_second_later(clock, lambda: ask(sqlite_line)) for _ in range(3)]
    for each in ids:
        _run(sqlite_line, duty.resume, each)
    for call in reversed(calls):
        call.wait_round()
    assert [call.verbs for call in calls] == [["Leave"], ["Leave"], ["Gather"]]


def test_who_was_put_through_in_vain_keeps_their_place(line: Line, clock: FixedClock) -> None:
    iris = line.on_duty()
    first = ask(line)
    clock.advance(timedelta(seconds=5))
    second = ask(line)
    clock.advance(timedelta(seconds=15))
    assert first.action
    first.ask(first.action, DialCallStatus="no-answer", DialBridged="false")
    assert (first.verbs[-1], second.verbs[-1]) == ("Enqueue", "Enqueue")
    clock.advance(timedelta(seconds=61))
    second.wait_round()
    assert second.verbs == ["Gather"]
    first.wait_round()
    assert first.verbs == ["Leave"]
    assert iris is not None


@pytest.mark.parametrize("with_a_number", [True, False])
def test_closing_while_waiting_promises_a_call_even_without_a_number(
    line: Line,
    clock: FixedClock,
    with_a_number: bool,  # noqa: FBT001
) -> None:
    clock.set(datetime(2020, 4, 14, 14, 59, 50, tzinfo=UTC))
    line.busy()
    call = ask(line)
    call.wait_round()
    clock.advance(ROUND)
    call.wait_round()
    assert call.verbs == ["Leave"]
    call.leave()
    assert call.spoken[0].startswith("Wij gaan nu dicht en bellen u terug, uiterlijk morgen om twaalf uur.")
    (promise,) = line.callbacks()
    assert (promise.promised_at, promise.number_hash) == (datetime(2020, 4, 15, 10, 0, tzinfo=UTC), None)
    if with_a_number:
        call.press("0600000777")
        call.press("1")
    call.hang_up()
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.CALLBACK, False)
    (promise,) = line.callbacks()
    assert (promise.number_hash is not None) is with_a_number
    assert len(line.tickets()) == 1


def test_when_the_last_colleague_leaves_there_is_voicemail(sqlite_line: Line) -> None:
    iris = sqlite_line.on_duty()
    _run(sqlite_line, duty.pause, iris)
    call = ask(sqlite_line)
    call.wait_round()
    _run(sqlite_line, duty.sign_off, iris)
    call.wait_round()
    call.leave()
    assert call.verbs[-1] == "Record"


@pytest.mark.parametrize(
    ("result", "verb"),
    [("error", "Record"), ("system-error", "Record"), ("queue-full", "Gather"), ("leave", "Record"), ("", "Record")],
)
def test_a_queue_that_fails_never_loses_the_caller(sqlite_line: Line, result: str, verb: str) -> None:
    sqlite_line.busy()
    call = ask(sqlite_line)
    call.wait_round()
    call.leave(result)
    assert call.verbs[-1] == verb


@pytest.mark.parametrize("result", ["hangup", "redirected"])
def test_whoever_hangs_up_while_waiting_is_listed_with_how_long_they_waited(
    line: Line, clock: FixedClock, result: str
) -> None:
    line.busy()
    call = ask(line)
    since = clock.now()
    call.wait_round()
    clock.advance(timedelta(seconds=40))
    call.ask(call.left, QueueResult=result, QueueSid=QUEUE_SID, CallStatus="completed")
    contact, (record,) = line.contact(), line.calls()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.ABANDONED, True, "T1 T2 T4")
    assert record.waiting_since == since
    with line.desk.database.reading() as session:
        assert list(duty.waiting_calls(session)) == []


def test_taken_by_two_clicks_at_once_one_wins(line: Line) -> None:
    ids = [line.on_duty(), line.on_duty("Noor Verzonnen", B)]
    for each in ids:
        _run(line, duty.pause, each)
    call = ask(line)
    call.wait_round()
    waiting = line.contact().id

    def click(colleague: object) -> str:
        try:
            line.desk.database.run(lambda session: rings.take(session, waiting, colleague))  # type: ignore[arg-type]
        except rings.Gone as gone:
            return f"gone to {gone}"
        return "taken"

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(click, ids * 4))
    assert told.count("taken") == 1
    winner = ("Iris Bedacht", "Noor Verzonnen")[ids.index((ids * 4)[told.index("taken")])]
    assert set(told) == {"taken", f"gone to {winner}"}
    call.wait_round()
    call.leave()
    assert rung(call) == {"Iris Bedacht": A, "Noor Verzonnen": B}[winner]


def test_one_colleague_cannot_take_two_callers(line: Line) -> None:
    iris = line.on_duty()
    _run(line, duty.pause, iris)
    calls = [ask(line), ask(line)]
    with line.desk.database.reading() as session:
        waiting = [call.id for call in duty.waiting_calls(session)]
    line.desk.database.run(lambda session: rings.take(session, waiting[0], iris))
    with pytest.raises(rings.CannotTake):
        line.desk.database.run(lambda session: rings.take(session, waiting[1], iris))
    for call in calls:
        call.wait_round()
    assert sorted(call.verbs[0] for call in calls) == ["Gather", "Leave"]


def test_a_caller_who_hangs_up_after_the_click_leaves_the_colleague_free(line: Line) -> None:
    iris = line.on_duty()
    _run(line, duty.pause, iris)
    call = ask(line)
    line.desk.database.run(lambda session: rings.take(session, line.contact().id, iris))
    call.hang_up()
    with line.desk.database.reading() as session:
        assert duty.on_the_line(session, iris) is None
    assert line.contact().outcome is Outcome.ABANDONED


@pytest.mark.parametrize("colleagues", [1, 3, 5])
def test_whom_nobody_answers_is_at_voicemail_in_the_end_and_never_cut_off(
    sqlite_line: Line, clock: FixedClock, colleagues: int
) -> None:
    """Each rings for some seconds, declines or lets it ring; nobody ever takes it."""
    for n in range(colleagues):
        sqlite_line.on_duty(f"Iris Verzonnen {chr(65 + n)}", f"+3160000020{n}")
    for seconds in (3, 25):
        call, began = ask(sqlite_line), clock.now()
        while call.verbs[-1] not in {"Record", "Hangup"}:
            if call.verbs[-1] == "Dial":
                clock.advance(timedelta(seconds=seconds))
                assert call.action
                call.ask(call.action, DialCallStatus="no-answer", DialBridged="false")
            elif call.verbs == ["Leave"]:
                call.leave()
            else:
                clock.advance(ROUND)
                call.wait_round()
        assert call.verbs[-1] == "Record"
        assert timedelta(minutes=8) <= clock.now() - began < timedelta(minutes=9)
        call.hang_up()


def _a_second_later(clock: FixedClock, work: Callable[[], TestCall]) -> TestCall:
    clock.advance(timedelta(seconds=1))
    return work()


def _run(line: Line, work: Callable[..., None], colleague: object) -> None:
    line.desk.database.run(lambda session: work(session, colleague))


@pytest.mark.parametrize("round_", [0, 2, 2**31, 10**30])
def test_a_round_that_was_never_offered_harms_nothing(line: Line, round_: int) -> None:
    line.busy()
    call = ask(line)
    turn = call.round.split("/")[-2]
    answer = line.post(f"/phone/wait/{turn}/{round_}", line.form(call.sid))
    assert answer.status_code == 200
    assert b"T11" not in answer.data
    call.wait_round()
    call.wait_round()
    call.wait_round("9")
    assert call.verbs == ["Leave"]
    assert spool_of(line.desk).waiting() == []
