"""Webhooks of one call, and many calls, at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.intake.phone.line import Line, TestCall, new_sid
from triage.values import Outcome

AT_ONCE = 8


def at_once(work: Callable[[], int], times: int = AT_ONCE) -> list[int]:
    with ThreadPoolExecutor(times) as threads:
        return [future.result() for future in [threads.submit(work) for _ in range(times)]]


def test_the_first_webhook_eight_times_at_once_is_one_call(line: Line) -> None:
    sid = new_sid()
    answers = at_once(lambda: line.tell(sid, "/phone/incoming", CallStatus="ringing").status_code)
    assert answers == [200] * AT_ONCE
    assert len(line.contacts()) == len(line.calls()) == 1
    assert line.calls()[0].turn == 1


def test_the_confirmation_eight_times_at_once_is_one_ticket(line: Line) -> None:
    line.busy()
    call = line.dial()
    for keys in ("0", "9", "0600000142"):
        call.press(keys)
    assert call.action is not None
    target, form = call.action, line.form(call.sid, Digits="1")
    assert at_once(lambda: line.post(target, form).status_code) == [200] * AT_ONCE
    assert len(line.tickets()) == len(line.callbacks()) == 1
    assert line.calls()[0].turn == 5


def test_the_last_word_and_the_message_at_once_are_one_ticket(line: Line) -> None:
    for _ in range(4):
        call = line.dial()
        call.press("0")
        at_once(_one_of(call), 2)
    assert {contact.outcome for contact in line.contacts()} == {Outcome.VOICEMAIL}
    assert not any(contact.to_tick_off for contact in line.contacts())
    assert len(line.tickets()) == 4


def _one_of(call: TestCall) -> Callable[[], int]:
    waiting = [lambda: call.hang_up().status_code, lambda: len(call.speak(hang_up=True))]
    return lambda: _next(waiting)


def _next(waiting: list[Callable[[], int]]) -> int:
    return waiting.pop()()


def test_calls_that_ask_for_the_same_number_at_once_are_one_ticket_and_lose_nothing(line: Line) -> None:
    waiting = [line.dial() for _ in range(AT_ONCE)]
    for call in waiting:
        call.ask_for_a_call()
        call.press("0600000142")
    at_once(lambda: waiting.pop().press("1").status_code)
    assert [contact.outcome for contact in line.contacts()] == [Outcome.CALLBACK] * AT_ONCE
    assert len(line.callbacks()) == AT_ONCE
    assert len(line.tickets()) == 1


def test_fifty_calls_at_once_are_fifty_contacts(line: Line) -> None:
    answers = at_once(lambda: line.tell(new_sid(), "/phone/incoming", CallStatus="ringing").status_code, 50)
    assert answers == [200] * 50
    assert len(line.contacts()) == 50
