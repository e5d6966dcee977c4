"""Whatever a signed webhook holds, at any point of a call: never a traceback, always a document that can be read."""

import logging
import secrets
import xml.etree.ElementTree as ET
from string import ascii_lowercase
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intake.phone.away.spool import spool_of
from intake.phone.models import Ring
from intake.phone.values import AttemptState
from tests.intake.phone.calling import calling_back
from tests.intake.phone.line import QUEUE_SID, Line, TestCall, new_sid
from triage.values import Direction as Way
from triage.values import Outcome

HUGE = "9" * 30
WORDS = st.text(max_size=40) | st.sampled_from(
    [
        "", "0", "1", "9", "#", "*", "0600000142", "48217735", "anonymous", "+31600000142", "sip:x@y.example",
        "completed", "ringing", "in-progress", "busy", "failed", "canceled", "no-answer", "true", "false", "TRUE",
        "bridged", "leave", "hangup", "error", "queue-full", "redirected", "system-error", "bridging-in-process",
        "RE" + "0" * 32, "RE" + "1" * 32, QUEUE_SID, "absent", "-1", "0.5", HUGE, "\x00", "\x0b", "\ud800", "💡",
        "\u202e", "<Response/>", "x" * 5_000,
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "From", "To", "Caller", "Called", "CallStatus", "ApiVersion", "Direction", "ForwardedFrom", "CallerName",
        "ParentCallSid", "CallToken", "FromCity", "FromState", "FromZip", "FromCountry", "ToCountry", "StirVerstat",
        "StirPassportToken", "SipDomain", "SipUsername", "SipCallId", "SipHeader_X-Iets", "CallDuration", "Duration",
        "Timestamp", "SequenceNumber", "CallbackSource", "Digits", "FinishedOnKey", "msg", "SpeechResult", "Confidence",
        "RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration", "RecordingChannels", "RecordingSource",
        "RecordingStartTime", "RecordingTrack", "DialCallStatus", "DialCallSid", "DialCallDuration", "DialBridged",
        "QueueResult", "QueueSid", "QueueTime", "QueuePosition", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize",
        "DequeingCallSid", "DequeuingCallSid", "ErrorCode", "ErrorUrl", "é", "x" * 300, "",
    ]
)  # fmt: skip
OUT = ("colleague", "key", "after", "status", "reporter")
PATHS = st.sampled_from(
    [
        "/phone/incoming", "/phone/status", "/phone/recording", "/phone/check",
        *(f"/phone/turn/{n}" for n in ("0", "1", "2", "3", HUGE)),
        *(f"/phone/wait/{n}" for n in ("1/1", "2/1", "2/2", "3/1", f"2/{HUGE}", f"{HUGE}/1", "2/0")),
        *(f"/phone/ring/{{ring}}/{what}" for what in ("whisper", "key", "leg")),
        *(f"/phone/ring/{uuid4()}/{what}" for what in ("whisper", "key", "leg")),
        *(f"/phone/out/{uuid4()}/{what}" for what in OUT),
    ]
)  # fmt: skip
WHATEVER = st.tuples(PATHS, st.dictionaries(NAMES, WORDS, max_size=6))
PROPER = st.sampled_from(["", "0", "1", "2", "9", "#", "0600000142", "hangs up", "key", "talked", "message"])
MOVES = st.lists(WHATEVER | PROPER, min_size=1, max_size=9)


@pytest.fixture
def manned(line: Line) -> Line:
    """A desk where somebody takes the telephone, and one who is on it but paused."""
    line.on_duty()
    line.busy()
    return line


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_any_webhooks_at_any_point_of_a_call_are_answered_and_make_one_contact(
    manned: Line, caplog: pytest.LogCaptureFixture, moves: list[str | tuple[str, dict[str, str]]]
) -> None:
    caplog.clear()
    call = manned.dial()
    for made in moves:
        _proper(call, made) if isinstance(made, str) else _anything(call, *made)
    assert call.hang_up().status_code == 200
    (mine,) = [contact for contact in manned.contacts() if contact.provider_ref == call.sid]
    assert mine.outcome is not Outcome.IN_PROGRESS
    assert _open_rings(manned) == []
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert spool_of(manned.desk).waiting() == []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=st.lists(WHATEVER, min_size=1, max_size=5))
def test_any_webhooks_of_a_call_never_heard_of_make_one_contact(
    sqlite_line: Line, moves: list[tuple[str, dict[str, str]]]
) -> None:
    call = TestCall(sqlite_line)
    for path, parameters in moves:
        _anything(call, path, parameters)
    assert call.hang_up().status_code == 200
    assert [contact.provider_ref for contact in sqlite_line.contacts()].count(call.sid) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=st.lists(st.tuples(st.sampled_from(OUT), st.dictionaries(NAMES, WORDS, max_size=6)), max_size=5))
def test_any_webhooks_about_a_call_back_are_answered_and_are_no_call_that_came_in(
    line: Line, moves: list[tuple[str, dict[str, str]]]
) -> None:
    with calling_back(line) as town:
        somebody = "".join(secrets.choice(ascii_lowercase) for _ in range(20))
        colleague = town.line.on_duty(f"Iris {somebody}", f"+3161{secrets.randbelow(10**7):07}")
        attempt = town.asks(colleague, number=f"+3162{secrets.randbelow(10**7):07}")
        for what, parameters in moves:
            _anything(TestCall(town.line), f"/phone/out/{attempt}/{what}", {"Direction": "outbound-api"} | parameters)
        assert town.end(attempt)[0] in set(AttemptState)
    assert [contact for contact in line.contacts() if contact.direction is Way.IN] == []


def _anything(call: TestCall, path: str, parameters: dict[str, str]) -> None:
    """One webhook of this call, at any address with anything in it."""
    parent = {"ParentCallSid": call.sid} if "ParentCallSid" in parameters else {}
    given_ = call.line.form(call.sid) | parameters | {"CallSid": new_sid() if parent else call.sid} | parent
    path = path.format(ring=next(iter(_open_rings(call.line)), uuid4()))
    written = {name: value.encode("utf-8", "replace").decode() for name, value in given_.items()}
    answer = call.line.post(path, written)
    assert answer.status_code == 200 or 400 <= answer.status_code < 500
    assert answer.mimetype == "text/xml"
    ET.fromstring(answer.data)


def _proper(call: TestCall, made: str) -> None:
    """What a caller, a colleague or the network does next, as far as the last answer allows it."""
    verb = call.verbs[-1] if call.verbs else ""
    match made:
        case "hangs up":
            call.hang_up()
        case "key" if call.number is not None:
            _anything(call, "/phone/ring/{ring}/key", {"ParentCallSid": call.sid, "Digits": "1"})
        case "talked" if verb == "Dial" and call.action:
            call.ask(call.action, DialCallStatus="completed", DialBridged="true")
        case "message" if verb == "Record":
            call.speak()
        case _ if verb == "Enqueue":
            call.wait_round()
        case _ if verb == "Leave" and call.left:
            call.leave()
        case _ if verb == "Gather" and "/phone/wait/" in str(call.action):
            call.wait_round(made if made in {"0", "9", "#"} else "")
        case _ if verb in {"Gather", "Dial"} and call.action:
            call.ask(call.action, Digits=made if made.strip("0123456789#") == "" else "")


def _open_rings(line: Line) -> list[UUID]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Ring.id).where(Ring.ended_at.is_(None))))
