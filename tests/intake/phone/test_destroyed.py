"""Webhooks that come after the content of a call was destroyed: they bring nothing back, and are not told for ever."""

import pytest
from sqlalchemy import select

from tests.intake.phone.line import Line, TestCall, new_sid
from triage.models import Attachment, Contact
from triage.values import Outcome


def destroyed(line: Line, *keys: str, **differences: str) -> TestCall:
    """A call of which only the shell is left."""
    if "9" in keys:
        line.busy()
    call = line.dial(**differences)
    for pressed in keys:
        call.press(pressed)
    with line.desk.database.writing() as session:
        session.scalars(select(Contact)).one().data_key.destroy(line.desk.clock.real())
    return call


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (
            "0",
            "9",
        ),
        ("0", "9", "0600000777"),
    ],
)
@pytest.mark.parametrize("first", ["anonymous", "+31600000142"])
def test_a_late_webhook_is_taken_and_brings_nothing_back(line: Line, keys: tuple[str, ...], first: str) -> None:
    call = destroyed(line, *keys, From=first)
    late = {"From": "+31600000777", "CallStatus": "completed", "Digits": "0600000888", "Unheard": "of"}
    turn = f"/phone/turn/{len(keys) + 1}"
    assert [line.tell(call.sid, path, **late).status_code for path in ("/phone/status", turn)] == [200] * 2
    assert line.contact().outcome is Outcome.ABANDONED
    with line.desk.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.from_address, contact.text) == (None, None)
        assert (contact.from_hash is None) is (first == "anonymous")


def test_a_late_message_is_taken_and_not_fetched(line: Line) -> None:
    call = destroyed(line, "0")
    facts = {"RecordingSid": new_sid("RE"), "RecordingStatus": "completed", "RecordingDuration": "7"}
    assert line.tell(call.sid, "/phone/recording", **facts).status_code == 200
    assert line.tickets() == []
    with line.desk.database.reading() as session:
        assert session.scalars(select(Attachment)).all() == []
