"""One Dial at work: the legs it rings, which was picked up first, and what became of it."""

import threading

from demo.carrier.bridge import Bridge
from demo.carrier.call import Call
from demo.carrier.events import Status

BEST_FIRST = (Status.NO_ANSWER, Status.BUSY, Status.FAILED, Status.CANCELED)


class Attempt:
    """Shared by the call that dials and the legs it dialled, each of which runs on its own."""

    def __init__(self, parent: Call) -> None:
        self.parent = parent
        self.legs: list[Call] = []
        self.winner: Call | None = None
        self.bridge: Bridge | None = None
        self._given_up = False
        self._lock = threading.Lock()

    def picked_up(self, leg: Call) -> bool:
        """Whether this leg is the first that was answered; then the others stop ringing.

        The carrier takes the first that picks up, before its whisper: a voicemail box can win and then be declined.
        """
        with self._lock:
            first = self.winner is None
            self.winner = self.winner or leg
        if first:
            self.stop(but=leg)
        return first

    def connect(self, leg: Call) -> Bridge:
        """Connect a leg with the call that dialled it."""
        self.bridge = Bridge(self.parent, leg)
        self.parent.stir()
        return self.bridge

    def give_up(self) -> None:
        """The call that dials is over."""
        self._given_up = True
        self.stop()

    def stop(self, but: Call | None = None) -> None:
        """End every leg that is still there, but one."""
        for leg in self.legs:
            if leg is not but and not leg.status.final:
                leg.end()

    @property
    def decided(self) -> bool:
        """Whether there is nothing left to wait for: connected, or all legs over."""
        return self.bridge is not None or all(leg.finished or leg.status.final for leg in self.legs)

    def form(self) -> dict[str, str]:
        """What the carrier tells about it, https://www.twilio.com/docs/voice/twiml/dial.

        A leg that was answered but hung up in its whisper is `completed` and not bridged.
        """
        form = {"DialCallStatus": self._status().value, "DialBridged": str(self.bridge is not None).lower()}
        if self.legs:
            form["DialCallSid"] = (self.winner or self.legs[-1]).sid
        return form | ({"DialCallDuration": str(self.winner.duration)} if self.winner else {})

    def _status(self) -> Status:
        if self.winner is not None:
            return Status.COMPLETED
        if self._given_up:
            return Status.CANCELED
        ends = {leg.status for leg in self.legs}
        return next((status for status in BEST_FIRST if status in ends), Status.FAILED)
