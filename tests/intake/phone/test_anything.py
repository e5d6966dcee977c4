"""Whatever a signed webhook holds: never a traceback, always a document that can be read."""

import xml.etree.ElementTree as ET

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.phone.line import Line, new_sid
from triage.values import Outcome

WORDS = st.text(max_size=40) | st.sampled_from(
    ["", "1", "9", "0600000142", "anonymous", "completed", "ringing", "RE" + "0" * 32, "hangup", "-1", "\x00", "💡"]
)
NAMES = st.sampled_from(
    ["From", "To", "CallStatus", "Digits", "ParentCallSid", "RecordingSid", "RecordingDuration", "RecordingStatus",
     "Direction", "SpeechResult", "StirVerstat", "Called", "é", "x" * 30]
)  # fmt: skip
PATHS = st.sampled_from(
    [
        "/phone/incoming",
        "/phone/status",
        "/phone/recording",
        "/phone/turn/0",
        "/phone/turn/1",
        "/phone/turn/99999999999",
    ]
)
STEPS = st.lists(st.tuples(PATHS, st.dictionaries(NAMES, WORDS, max_size=6)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_webhooks_of_a_call_are_answered_and_make_one_contact(
    sqlite_line: Line, steps: list[tuple[str, dict[str, str]]]
) -> None:
    sid = new_sid()
    for path, parameters in steps:
        answer = sqlite_line.tell(sid, path, **{"CallSid": sid} | parameters)
        assert answer.status_code in {200, 400}
        assert answer.mimetype == "text/xml"
        ET.fromstring(answer.data)
    final = sqlite_line.tell(sid, CallStatus="completed")
    assert final.status_code == 200
    mine = [contact for contact in sqlite_line.contacts() if contact.provider_ref == sid]
    assert len(mine) == 1
    assert mine[0].outcome is not Outcome.IN_PROGRESS
