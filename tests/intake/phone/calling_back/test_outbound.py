"""The webhooks of a call back: signed, of this very call, and never a call that came in."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from intake.phone.models import Attempt
from tests.intake.phone.calling import CallingBack, calling_back
from tests.intake.phone.line import NUMBER, STAFF_NUMBER, TO, Line, new_sid
from tests.intake.phone.test_open import ask_to_be_called_back

OURS = {"Direction": "outbound-api", "From": TO, "To": STAFF_NUMBER}


@pytest.fixture
def town(sqlite_line: Line) -> Iterator[CallingBack]:
    with calling_back(sqlite_line) as around:
        ask_to_be_called_back(around.line)
        yield around


@pytest.fixture
def attempt(town: CallingBack) -> UUID:
    return town.asks(town.has_number())


def tell(town: CallingBack, sid: str, attempt: UUID, what: str, **form: str) -> TestResponse:
    return town.line.tell(sid, f"/phone/out/{attempt}/{what}", **(OURS | form))


def verbs(answer: TestResponse) -> list[str]:
    return [verb.tag for verb in ET.fromstring(answer.data)]


def test_a_repeated_key_rings_the_same_reporter(town: CallingBack, attempt: UUID) -> None:
    sid = new_sid()
    assert verbs(tell(town, sid, attempt, "colleague")) == ["Gather", "Hangup"]
    first, again = (tell(town, sid, attempt, "key", Digits="1") for _ in range(2))
    assert first.data == again.data
    (number,) = ET.fromstring(first.data).iter("Number")
    assert number.text == NUMBER


@pytest.mark.parametrize("digits", ["", "2", "*", "11"])
def test_any_other_key_calls_nobody(town: CallingBack, attempt: UUID, digits: str) -> None:
    sid = new_sid()
    tell(town, sid, attempt, "colleague")
    assert verbs(tell(town, sid, attempt, "key", Digits=digits)) == ["Hangup"]


def test_a_second_call_for_one_attempt_is_let_go(town: CallingBack, attempt: UUID) -> None:
    tell(town, new_sid(), attempt, "status", CallStatus="ringing")
    other = new_sid()
    assert verbs(tell(town, other, attempt, "colleague")) == ["Hangup"]
    assert verbs(tell(town, other, attempt, "key", Digits="1")) == ["Hangup"]
    tell(town, other, attempt, "status", CallStatus="completed")
    assert town.end(attempt)[0] == "ringing_colleague"


def test_who_answers_after_the_end_calls_nobody(town: CallingBack, attempt: UUID) -> None:
    sid = new_sid()
    tell(town, sid, attempt, "status", CallStatus="no-answer")
    assert verbs(tell(town, sid, attempt, "colleague")) == ["Hangup"]
    assert verbs(tell(town, sid, attempt, "key", Digits="1")) == ["Hangup"]


@pytest.mark.parametrize("what", ["colleague", "key", "after", "status", "reporter"])
def test_an_attempt_of_nobody_is_answered_and_leaves_nothing(town: CallingBack, what: str) -> None:
    before = len(town.line.contacts())
    answer = tell(town, new_sid(), uuid4(), what, Digits="1", DialCallStatus="completed", CallStatus="completed")
    assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
    assert len(town.line.contacts()) == before


@pytest.mark.parametrize("what", ["colleague", "key", "after", "status", "reporter"])
def test_an_unsigned_webhook_changes_nothing(town: CallingBack, attempt: UUID, what: str) -> None:
    form = town.line.form(new_sid(), CallStatus="completed", Digits="1", **OURS)
    answer = town.line.post(f"/phone/out/{attempt}/{what}", form, signature="made up")
    assert (answer.status_code, town.end(attempt)[0]) == (403, "requested")


@pytest.mark.parametrize("path", ["/phone/incoming", "/phone/status", "/phone/turn/1"])
def test_a_call_that_we_placed_never_becomes_one_that_came_in(town: CallingBack, attempt: UUID, path: str) -> None:
    sid, before = new_sid(), len(town.line.contacts())
    tell(town, sid, attempt, "status", CallStatus="ringing")
    leg = {"Direction": "outbound-dial", "ParentCallSid": sid}
    assert town.line.tell(sid, path, CallStatus="completed", **OURS).status_code == 400
    assert town.line.tell(new_sid(), path, CallStatus="completed", **leg).status_code == 400
    assert len(town.line.contacts()) == before


def test_a_destroyed_contact_takes_late_words_and_brings_nothing_back(town: CallingBack, attempt: UUID) -> None:
    sid = new_sid()
    tell(town, sid, attempt, "colleague")
    with town.line.desk.database.writing() as session:
        session.get_one(Attempt, attempt).contact.data_key.destroy(town.line.desk.clock.real())
    assert verbs(tell(town, sid, attempt, "key", Digits="1")) == ["Hangup"]
    assert tell(town, sid, attempt, "status", CallStatus="failed").status_code == 200
    assert town.end(attempt)[0] == "failed"
