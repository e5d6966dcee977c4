"""Queues of waiting callers, and how somebody takes the first of one."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from demo.carrier.bridge import Bridge
from demo.carrier.call import Call
from demo.carrier.events import Status, Target

USUAL_MOST = 1000


@dataclass(eq=False)
class Member:
    """One waiting caller; `since` and `left` in seconds of the call."""

    call: Call
    at: datetime
    since: float
    left: float | None = None
    taken_by: "Taker | None" = None

    @property
    def waited(self) -> int:
        """Whole seconds in the queue."""
        return round((self.call.seconds() if self.left is None else self.left) - self.since)


@dataclass
class WaitingLine:
    """One queue of the account. Whoever removes a member, by leaving or by taking, is the only one who does."""

    sid: str
    name: str
    created_at: datetime
    most: int = USUAL_MOST
    members: list[Member] = field(default_factory=list)
    takers: list[Call] = field(default_factory=list)
    """Calls that wait for somebody to take."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def join(self, call: Call) -> Member | None:
        """At the end; None when it is full."""
        with self._lock:
            if len(self.members) >= self.most:
                return None
            self.members.append(member := Member(call, call.clock.now(), call.seconds()))
        for taker in list(self.takers):
            taker.stir()
        return member

    def remove(self, member: Member) -> bool:
        """Out of the queue; False when somebody else was first."""
        with self._lock:
            if member not in self.members:
                return False
            self.members.remove(member)
            member.left = member.call.seconds()
            return True

    def front(self) -> Member | None:
        """Who waits longest."""
        return next(iter(list(self.members)), None)

    def member(self, call_sid: str) -> Member | None:
        """By call, or `Front`."""
        if call_sid == "Front":
            return self.front()
        return next((member for member in list(self.members) if member.call.sid == call_sid), None)

    def position(self, member: Member) -> int:
        """From 1; 0 for who left."""
        return self.members.index(member) + 1 if member in self.members else 0

    @property
    def average(self) -> int:
        """Seconds that those who wait now have waited, on average."""
        waited = [member.waited for member in list(self.members)]
        return round(sum(waited) / len(waited)) if waited else 0

    def form(self, member: Member) -> dict[str, str]:
        """What a wait document is asked with, https://www.twilio.com/docs/voice/twiml/enqueue."""
        return {
            "QueueSid": self.sid,
            "QueuePosition": str(self.position(member)),
            "QueueTime": str(member.waited),
            "AvgQueueTime": str(self.average),
            "CurrentQueueSize": str(len(self.members)),
            "MaxQueueSize": str(self.most),
        }


class Taker:
    """A call that takes the first of a queue. `line` is None for a queue that does not exist."""

    def __init__(self, call: Call, line: WaitingLine | None, notice: Target | None) -> None:
        self.call, self.line, self.notice = call, line, notice
        self.member: Member | None = None
        self.bridge: Bridge | None = None
        self.over = line is None

    def take(self) -> bool:
        """Take the first, if there is one; that caller hears the notice and is then connected."""
        if self.line is None or (member := self.line.front()) is None or not self.line.remove(member):
            return False
        self.member, member.taken_by = member, self
        member.call.taken()
        return True

    def connect(self, member: Member) -> Bridge | None:
        """Connect the caller that was taken; None when the taker went away meanwhile."""
        if self.over:
            return None
        self.bridge = Bridge(self.call, member.call)
        self.call.stir()
        return self.bridge

    def lose(self) -> None:
        """The caller that was taken is gone."""
        self.over = True
        self.call.stir()

    def stop(self) -> None:
        """The taker goes on."""
        self.over = True

    give_up = stop

    def form(self) -> dict[str, str]:
        """What the carrier tells about it, https://www.twilio.com/docs/voice/twiml/queue; the spelling is its own."""
        status = Status.FAILED if self.line is None else Status.COMPLETED if self.bridge else Status.NO_ANSWER
        form = {"DialCallStatus": status.value, "DialBridged": str(self.bridge is not None).lower()}
        return form | (self.taken_form(self.member) if self.member else {})

    def taken_form(self, member: Member) -> dict[str, str]:
        """What the notice is asked with."""
        sid = self.line.sid if self.line else ""
        return {"QueueSid": sid, "QueueTime": str(member.waited), "DequeingCallSid": self.call.sid}
