"""The verb Record: a message after the tone."""

from dataclasses import dataclass

from demo.carrier.document import Document, Verb
from demo.carrier.events import CallerGone, CallOver, Event, Key, Replaced, Script, Spoken, Target
from demo.carrier.journal import Kind
from demo.carrier.leg import TINY, Leg, absolute, target_of
from demo.carrier.recording import Passage, Recording, speaking_time

BEEP = 1.0  # seconds
SHORTEST = 1.0  # seconds; less than this is no recording
READY_AFTER = 2.0  # seconds until the sound can be fetched: always after the action
TOLD_AFTER = 2.2  # seconds until the desk is told so
ANY_KEY = "1234567890*#"


@dataclass
class _Tape:
    """A recording that runs: when it began and until when somebody speaks, in seconds of the call."""

    recording: Recording
    began: float
    spoken_until: float


def record(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Record until a key, silence, the longest length or the hang-up; then tell `action`, and later that it is ready.

    An empty recording tells `action` nothing: the next verb follows.
    """
    leg.call.answer()
    if verb.flag("playBeep", default=True):
        yield from leg.speak("Pieptoon", kind=Kind.SOUND, lasts=BEEP)
    tape = _Tape(leg.network.new_recording(leg.call), leg.now(), leg.now())
    _tell(leg, verb, document, tape.recording, "in-progress")
    try:
        ended_by = yield from _listen(leg, verb, tape)
    except CallerGone:
        if _close(leg, verb, document, tape):
            leg.network.ask(leg.call, _result(leg, verb, document, tape.recording, "hangup"))
        raise
    except (CallOver, Replaced):
        _close(leg, verb, document, tape)
        raise
    if not _close(leg, verb, document, tape):
        return None
    return _result(leg, verb, document, tape.recording, ended_by)


def _listen(leg: Leg, verb: Verb, tape: _Tape) -> Script[str]:
    """Until it ends; the key that ended it, or nothing."""
    silence, end = verb.seconds("timeout", 5), tape.began + verb.seconds("maxLength", 3600)
    keys = verb.attributes.get("finishOnKey", ANY_KEY)
    while leg.now() < end - TINY:
        talking = tape.spoken_until - leg.now() > TINY
        until = tape.spoken_until if talking else tape.spoken_until + silence
        event: Event | None = yield from leg.wait(min(until, end) - leg.now(), (Key, Spoken), silent=not talking)
        if isinstance(event, Key) and event.key in keys:
            return event.key
        if isinstance(event, Spoken):
            _speak(leg, tape, event.text)
        elif event is None and not talking:
            return ""
    return ""


def _speak(leg: Leg, tape: _Tape, text: str) -> None:
    start = max(leg.now(), tape.spoken_until)
    tape.recording.passages.append(Passage(start - tape.began, text))
    tape.spoken_until = start + speaking_time(text)
    leg.call.begin(Kind.SAID, text, speaking_time(text)).spent = speaking_time(text)


def _close(leg: Leg, verb: Verb, document: Document, tape: _Tape) -> bool:
    """End the recording; whether there is one."""
    recording, trim = tape.recording, verb.one_of("trim", "trim-silence", "do-not-trim") == "trim-silence"
    length = min(leg.now(), tape.spoken_until) - tape.began if trim else leg.now() - tape.began
    recording.seconds = length if length >= SHORTEST else 0.0
    if recording.seconds:
        leg.network.after(leg.call, READY_AFTER, recording)
    _tell(leg, verb, document, recording, "completed" if recording.seconds else "absent")
    return bool(recording.seconds)


def _result(leg: Leg, verb: Verb, document: Document, recording: Recording, keys: str) -> Target:
    form = {
        "Digits": keys,
        "RecordingSid": recording.sid,
        "RecordingUrl": leg.network.recording_url(recording),
        "RecordingDuration": recording.duration,
    }
    return target_of(verb, document, form)


def _tell(leg: Leg, verb: Verb, document: Document, recording: Recording, state: str) -> None:
    """The recording's own callback, for the events that were asked for."""
    url = verb.attributes.get("recordingStatusCallback")
    if not url or state not in verb.attributes.get("recordingStatusCallbackEvent", "completed").split():
        return
    form = {
        "AccountSid": leg.call.account_sid,
        "CallSid": leg.call.sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": leg.network.recording_url(recording),
        "RecordingStatus": state,
        "RecordingDuration": recording.duration,
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": recording.started_at.strftime("%a, %d %b %Y %H:%M:%S +0000"),
    }
    method = verb.one_of("recordingStatusCallbackMethod", "POST", "GET", "POST")
    after = TOLD_AFTER if state == "completed" else 0.0
    leg.network.call_back(leg.call, method, absolute(url, document), form, after=after)
