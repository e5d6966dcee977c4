"""Tells the desk how far a call is: initiated, ringing, answered, completed, for the events it asked for.

https://www.twilio.com/docs/voice/twiml/number. The events are numbered, because they may arrive in any order.
"""

from dataclasses import dataclass, field
from email.utils import format_datetime

from demo.carrier.call import Call
from demo.carrier.leg import Network

EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True)
class Subscription:
    """Where the desk wants to be told, and of what. Without an address it is told nothing."""

    url: str | None = None
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass
class Progress:
    """The news about one call."""

    network: Network
    call: Call
    asked: Subscription
    told: int = field(default=0, init=False)

    def tell(self, event: str) -> None:
        """One thing happened; the call's own state says how it is."""
        if self.asked.url is None or event not in self.asked.events:
            return
        form = self.call.form() | {
            "Timestamp": format_datetime(self.call.ended_at or self.call.clock.now()),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self.told),
        }
        if event == "completed":
            form |= {"CallDuration": str(self.call.duration), "Duration": str(-(-self.call.duration // 60))}
        self.told += 1
        self.network.call_back(self.call, self.asked.method, self.asked.url, form)
