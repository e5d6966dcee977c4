import pytest

from intake.phone.events import BadEvent, CallState, read_event

SID = "CA" + "0" * 32
CHILD = "CA" + "1" * 32
RECORDING = "RE" + "a" * 32


def fields(**form: str) -> list[tuple[str, str]]:
    return list(({"CallSid": SID, "AccountSid": "AC1", "From": "+31600000142"} | form).items())


def test_a_webhook_is_read() -> None:
    event = read_event(fields(CallStatus="ringing", Digits="9"))
    assert (event.call_sid, event.account, event.caller) == (SID, "AC1", "+31600000142")
    assert (event.state, event.keys, event.child) == (CallState.RINGING, "9", False)


@pytest.mark.parametrize("sid", ["", "C", "CA 1", "CA'--", "x" * 65, "CA\x00", "CA\n1"])
def test_a_webhook_that_names_no_call_is_refused(sid: str) -> None:
    with pytest.raises(BadEvent):
        read_event(fields(CallSid=sid))
    if sid:
        with pytest.raises(BadEvent):
            read_event(fields(ParentCallSid=sid))


def test_a_child_leg_speaks_of_its_parent_and_not_of_the_caller() -> None:
    event = read_event(fields(CallSid=CHILD, ParentCallSid=SID, CallStatus="completed", From="+31100000000"))
    assert (event.call_sid, event.child) == (SID, True)
    assert (event.caller, event.state) == (None, None)


def test_a_call_that_is_its_own_parent_is_no_child() -> None:
    assert not read_event(fields(ParentCallSid=SID)).child


def test_what_is_not_understood_is_kept() -> None:
    event = read_event(fields(StirVerstat="No-TN-Validation", FromCity="Rotterdam", Nieuw="ja", CallStatus="ringing"))
    assert event.unknown == {
        "From": "+31600000142", "StirVerstat": "No-TN-Validation", "FromCity": "Rotterdam", "Nieuw": "ja",
    }  # fmt: skip


def test_of_a_repeated_name_the_first_value_counts() -> None:
    assert read_event([*fields(Digits="1"), ("Digits", "9")]).keys == "1"


@pytest.mark.parametrize("keys", ["hangup", "1From+31", "9 ", "1" * 41, "\uff19", "-1"])
def test_keys_that_no_telephone_has_are_silence(keys: str) -> None:
    assert read_event(fields(Digits=keys)).keys == ""


def test_a_state_that_is_unknown_says_nothing() -> None:
    assert read_event(fields(CallStatus="zwevend")).state is None


def test_states_rank_and_all_ends_are_one() -> None:
    ranks = [state.rank for state in CallState]
    assert ranks == sorted(ranks)
    ends = {CallState.COMPLETED, CallState.BUSY, CallState.FAILED, CallState.NO_ANSWER, CallState.CANCELED}
    assert {state for state in CallState if state.final} == ends
    assert len({state.rank for state in ends}) == 1


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"RecordingDuration": "7"}, True),
        ({"RecordingDuration": "0"}, False),
        ({}, True),
        ({"RecordingDuration": "zeven"}, True),
        ({"RecordingStatus": "completed", "RecordingDuration": "7"}, True),
        ({"RecordingStatus": "failed", "RecordingDuration": "0"}, True),
    ],
)
def test_a_recording_counts_unless_it_is_known_to_be_empty(form: dict[str, str], message: bool) -> None:  # noqa: FBT001
    recording = read_event(fields(RecordingSid=RECORDING, **form)).recording
    assert recording is not None
    assert recording.holds_a_message is message


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"RecordingSid": "RE1"},
        {"RecordingSid": "../../Calls"},
        {"RecordingSid": RECORDING, "RecordingStatus": "absent"},
        {"RecordingSid": RECORDING, "RecordingStatus": "in-progress"},
    ],
)
def test_no_recording_or_none_yet_is_none(form: dict[str, str]) -> None:
    assert read_event(fields(**form)).recording is None
