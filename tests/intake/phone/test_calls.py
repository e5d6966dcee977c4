"""The record of a call: upserted by any webhook, in any order, once."""

import itertools
import json

import pytest
from sqlalchemy import select

from intake.phone.events import CallState
from intake.phone.models import Call
from intake.phone.numbers import CallerKind
from tests.intake.phone.line import NUMBER, Line, new_sid, with_settings
from triage.values import Channel, Direction, Outcome


def unknown_of(line: Line) -> dict[str, str]:
    with line.desk.database.reading() as session:
        call = session.scalars(select(Call)).one()
        kept: dict[str, str] = json.loads(call.unknown or "{}")
        return kept


def caller_of(line: Line) -> str | None:
    with line.desk.database.reading() as session:
        return session.scalars(select(Call)).one().contact.from_address


def test_a_call_is_a_contact_from_its_first_webhook_on(line: Line) -> None:
    call = line.dial()
    contact = line.contact()
    assert (contact.channel, contact.direction, contact.provider_ref) == (Channel.PHONE, Direction.IN, call.sid)
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.IN_PROGRESS, False, "T1 T2")
    assert contact.started_at == line.desk.clock.now()
    assert contact.ended_at is None
    assert caller_of(line) == NUMBER


@pytest.mark.parametrize("order", list(itertools.permutations(["incoming", "ringing", "in-progress", "completed"])))
def test_webhooks_in_any_order_make_one_contact_that_is_over(sqlite_line: Line, order: tuple[str, ...]) -> None:
    sid = new_sid()
    for what in order:
        path = "/phone/incoming" if what == "incoming" else "/phone/status"
        status = "ringing" if what == "incoming" else what
        assert sqlite_line.tell(sid, path, CallStatus=status).status_code == 200
    (call,) = sqlite_line.calls()
    contact = sqlite_line.contact()
    assert call.state is CallState.COMPLETED
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ABANDONED, True)
    assert contact.ended_at is not None


def test_the_first_end_of_a_call_stays(line: Line) -> None:
    sid = new_sid()
    for status in ("no-answer", "completed", "failed", "ringing", "in-progress"):
        line.tell(sid, CallStatus=status)
    (call,) = line.calls()
    assert call.state is CallState.NO_ANSWER


def test_what_is_told_of_a_colleagues_telephone_does_not_take_the_place_of_what_was_told_of_the_caller(
    sqlite_line: Line,
) -> None:
    call = sqlite_line.dial(StirVerstat="No-TN-Validation")
    before = unknown_of(sqlite_line)
    told = {"ParentCallSid": call.sid, "From": "+31100000000", "To": "+31600000201", "Direction": "outbound-dial"}
    sqlite_line.tell(new_sid(), "/phone/status", **told, CallStatus="ringing", StirVerstat="TN-Validation-Passed-A")
    assert unknown_of(sqlite_line) == before


def test_a_status_before_the_first_webhook_makes_the_record(line: Line) -> None:
    sid = new_sid()
    line.tell(sid, CallStatus="completed")
    assert line.contact().outcome is Outcome.FAILED  # nothing was said to this caller
    line.tell(sid, "/phone/incoming", CallStatus="ringing")
    contact = line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.ABANDONED, True, "T1 T2")


def test_every_webhook_three_times_changes_nothing(line: Line) -> None:
    call = line.dial()
    first = list(call.said)
    for _ in range(2):
        call.again()
    assert call.said == first * 3
    assert line.contact().told == "T1 T2"
    for _ in range(3):
        call.hang_up()
    assert line.contact().outcome is Outcome.ABANDONED
    assert len(line.calls()) == 1


def test_a_late_repeat_of_the_first_webhook_does_not_begin_again(line: Line) -> None:
    call = line.dial()
    first = call.last
    call.press("1")
    asked = call.said[-1]
    call.last = first
    call.again()
    assert call.said[-1] == asked
    assert call.action is not None
    assert "/phone/turn/2#" in call.action


def test_a_child_leg_is_never_a_second_contact(line: Line) -> None:
    call = line.dial()
    child = {"ParentCallSid": call.sid, "Direction": "outbound-dial", "From": "+31100000000"}
    for path in ("/phone/status", "/phone/incoming", "/phone/turn/1"):
        assert line.tell(new_sid(), path, CallStatus="completed", **child).status_code == 200
    assert line.contact().outcome is Outcome.IN_PROGRESS
    assert caller_of(line) == NUMBER
    call.ask_for_a_call()
    assert "hekje" in call.said[-1]


def test_a_child_leg_that_comes_first_makes_its_parent_whose_caller_follows(line: Line) -> None:
    parent = new_sid()
    line.tell(new_sid(), ParentCallSid=parent, Direction="outbound-dial", From="+31100000000", CallStatus="initiated")
    assert caller_of(line) is None
    line.tell(parent, "/phone/incoming", CallStatus="ringing")
    assert line.contact().provider_ref == parent
    assert caller_of(line) == NUMBER
    assert line.contact().from_hash is not None


def test_unknown_parameters_are_kept(line: Line) -> None:
    call = line.dial(StirVerstat="TN-Validation-Passed-C", FromCity="Rotterdam")
    line.tell(call.sid, SequenceNumber="3", Nieuw="é😀\x0b")
    kept = unknown_of(line)
    assert kept["StirVerstat"] == "TN-Validation-Passed-C"
    assert (kept["FromCity"], kept["Nieuw"], kept["SequenceNumber"]) == ("Rotterdam", "é😀\x0b", "3")


@pytest.mark.parametrize("withheld", ["anonymous", "+266696687", "Restricted", ""])
def test_a_withheld_caller_is_a_contact_without_a_number(line: Line, withheld: str) -> None:
    line.dial(From=withheld)
    assert caller_of(line) is None
    assert line.contact().from_hash is None


@pytest.mark.parametrize(
    "hostile", ["x" * 500, "<script>alert(1)</script>", "\u202e+31600000142", "' OR 1=1 --", "\x00", "é" * 300, "+999"]
)
def test_a_malformed_caller_is_still_a_contact(line: Line, hostile: str) -> None:
    call = line.dial(From=hostile)
    assert len(caller_of(line) or "") <= 120
    assert unknown_of(line)["From"] == hostile
    assert "Meldpunt kwetsbare kinderen" in call.told


def test_the_contact_centre_recognises_nobody_but_is_shown(sqlite_line: Line) -> None:
    line = with_settings(sqlite_line, contact_centre_numbers=("010 - 267 16 25",))
    line.dial(From="+31102671625")
    assert caller_of(line) == "+31102671625"
    assert line.contact().from_hash is None
    assert line.calls()[0].caller_kind is CallerKind.E164


def test_two_calls_of_one_number_are_two_contacts_with_the_same_look_up(line: Line) -> None:
    line.dial()
    line.dial()
    first, second = line.contacts()
    assert first.from_hash == second.from_hash is not None
