"""A connection between two legs: each hears what the other says."""

from dataclasses import dataclass

from demo.carrier.call import Call
from demo.carrier.events import Key, Spoken
from demo.carrier.journal import Kind
from demo.carrier.recording import speaking_time


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
