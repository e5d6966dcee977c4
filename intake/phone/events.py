"""A webhook of the carrier, read into what the desk understands of it; everything else is kept as it came."""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

SID = re.compile(r"[A-Za-z0-9]{2,64}")
RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
OUTGOING = "outbound-api"
QUEUE_SID = re.compile(r"QU[0-9a-f]{32}")
KEYS = re.compile(r"[0-9*#]{1,40}")

# Said in every webhook and stored in columns of their own, or of no meaning once the call is answered.
UNDERSTOOD = frozenset(
    {"CallSid", "ParentCallSid", "AccountSid", "ApiVersion", "CallStatus", "Digits", "msg", "FinishedOnKey"}
    | {"RecordingSid", "RecordingUrl", "RecordingStatus", "RecordingDuration"}
    | {"DialCallStatus", "DialCallSid", "DialBridged", "DialCallDuration"}
    | {"QueueResult", "QueueSid", "QueuePosition", "QueueTime", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize"}
)


class BadEvent(ValueError):
    """A webhook that names no call."""


class CallState(enum.StrEnum):
    """How far a call is, in the carrier's words."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def rank(self) -> int:
        """States only ever go up; the ends of a call are all one rank, so that the first of them stays."""
        return RANKS[self]

    @property
    def final(self) -> bool:
        """Whether the call is over."""
        return self.rank == RANKS[CallState.COMPLETED]


RANKS = {state: min(n, list(CallState).index(CallState.COMPLETED)) for n, state in enumerate(CallState)}


@dataclass(frozen=True)
class Recording:
    """What the carrier says about a recorded message. `seconds` is None when it does not say how long it is."""

    sid: str
    seconds: int | None
    failed: bool = False

    @property
    def holds_a_message(self) -> bool:
        """Whether somebody may have spoken; a failed recording may have held a message as well."""
        return self.failed or self.seconds != 0


@dataclass(frozen=True)
class Dialled:
    """How an effort to reach a colleague ended. `bridged` is None when the carrier does not say."""

    status: str
    """completed, answered, busy, no-answer, failed or canceled."""
    bridged: bool | None = None


@dataclass(frozen=True)
class Event:
    """One webhook. `call_sid` is always the root call: a child leg belongs to its parent."""

    call_sid: str
    account: str
    caller: str | None = None
    """The carrier's From; None when it says nothing, and on a child leg, whose From is not the caller's."""
    state: CallState | None = None
    keys: str = ""
    recording: Recording | None = None
    dialled: Dialled | None = None
    queue_result: str = ""
    """How the caller left the queue, in the carrier's words; empty when this is about no queue."""
    queue_sid: str | None = None
    child: bool = False
    leg: str = ""
    """The CallSid of the leg itself: the caller's, or that of a colleague who is rung."""
    leg_state: CallState | None = None
    """How far that leg is."""
    outgoing: bool = False
    """The desk placed this call: nobody called in."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Everything that has no place of its own here, the caller's raw From with it; nothing of a colleague's leg."""

    @property
    def over(self) -> bool:
        """Whether the caller is gone: what is answered now, nobody hears."""
        return self.state is not None and self.state.final

    @property
    def only_ends(self) -> bool:
        """Whether it asks what comes next of a call that is over, as the end of a wait or of a talk does."""
        return self.over and self.recording is None

    @property
    def bare(self) -> "Event":
        """The same without anything that a person keyed, said or is known by."""
        return replace(self, caller=None, keys="", recording=None, unknown={})


def read_event(parameters: Iterable[tuple[str, str]]) -> Event:
    """Read the form of a webhook whose signature was checked. Raises `BadEvent` when it names no call.

    Only the first value of a name counts. The signature does not bind names to values, so formats are checked here.
    """
    form: dict[str, str] = {}
    for name, value in parameters:
        form.setdefault(name, value)
    leg, parent = form.get("CallSid", ""), form.get("ParentCallSid", "")
    if not SID.fullmatch(leg) or (parent and not SID.fullmatch(parent)):
        raise BadEvent("a webhook without a call")
    child = bool(parent) and parent != leg
    return Event(
        call_sid=parent or leg,
        account=form.get("AccountSid", "")[:64],
        caller=None if child else form.get("From"),
        state=None if child else _state(form.get("CallStatus", "")),
        keys=form.get("Digits", "") if KEYS.fullmatch(form.get("Digits", "")) else "",
        recording=_recording(form),
        dialled=_dialled(form),
        queue_result=form.get("QueueResult", "")[:40],
        queue_sid=form["QueueSid"] if QUEUE_SID.fullmatch(form.get("QueueSid", "")) else None,
        child=child,
        leg=leg,
        leg_state=_state(form.get("CallStatus", "")),
        outgoing=form.get("Direction") == OUTGOING,
        unknown={} if child else {name: value for name, value in form.items() if name not in UNDERSTOOD},
    )


def _state(word: str) -> CallState | None:
    return CallState(word) if word in set(CallState) else None


def _dialled(form: Mapping[str, str]) -> Dialled | None:
    status, bridged = form.get("DialCallStatus", ""), form.get("DialBridged", "").lower()
    if not status:
        return None
    return Dialled(status[:20], bridged == "true" if bridged in {"true", "false"} else None)


def _recording(form: Mapping[str, str]) -> Recording | None:
    sid, status = form.get("RecordingSid", ""), form.get("RecordingStatus", "")
    if not RECORDING_SID.fullmatch(sid) or status in {"in-progress", "absent"}:
        return None
    length = form.get("RecordingDuration", "")
    seconds = int(length) if re.fullmatch(r"[0-9]{1,6}", length) else None
    return Recording(sid, seconds, failed=status == "failed")
