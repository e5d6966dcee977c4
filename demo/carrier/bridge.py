"""Two legs that are connected: each hears what the other says, until one of them goes."""

from dataclasses import dataclass

from demo.carrier.call import Call
from demo.carrier.events import CallOver, Key, Replaced, Script, Spoken, Stirred
from demo.carrier.journal import Kind
from demo.carrier.leg import TINY, Leg
from demo.carrier.recording import speaking_time

FOUR_HOURS = 14_400.0  # seconds; the carrier ends every connection then


@dataclass
class Bridge:
    """A connection between two calls; closed once, for both."""

    one: Call
    other: Call
    closed: bool = False

    def __post_init__(self) -> None:
        self.one.connected_to, self.other.connected_to = self.other, self.one
        for side in (self.one, self.other):
            side.note(f"verbonden met {self.across(side).far_end}")

    def across(self, side: Call) -> Call:
        """The other side."""
        return self.other if side is self.one else self.one

    def close(self) -> None:
        """Disconnect both."""
        if not self.closed:
            self.closed = True
            self.one.connected_to = self.other.connected_to = None
            self.one.stir()
            self.other.stir()

    def carry(self, side: Call, event: Spoken | Key) -> None:
        """What one side says or presses, the other hears."""
        if isinstance(event, Spoken):
            lasts = speaking_time(event.text)
            side.begin(Kind.SAID, event.text, lasts).spent = lasts
            self.across(side).begin(Kind.HEARD, event.text, lasts).spent = lasts
        else:
            self.across(side).note(f"hoort toon {event.key}")


def talk(leg: Leg, bridge: Bridge, limit: float = FOUR_HOURS, *, until_star: bool = False) -> Script[None]:
    """Until one of both goes, or for `limit` seconds; `until_star`: this side may press * to leave the other."""
    end = leg.now() + limit
    try:
        while not bridge.closed and (left := end - leg.now()) > TINY:
            event = yield from leg.wait(left, (Key, Spoken, Stirred), silent=True)
            if isinstance(event, Key | Spoken):
                bridge.carry(leg.call, event)
            if until_star and event == Key("*"):
                break
    except (CallOver, Replaced):
        bridge.close()
        raise
    bridge.close()
