"""A call that the account asks for over REST: it waits its turn, rings one telephone, then runs the document.

https://www.twilio.com/docs/voice/api/call-resource.
"""

from dataclasses import dataclass, field

from demo.carrier.events import CallOver, Script, Status
from demo.carrier.interpreter import Addresses, converse
from demo.carrier.leg import Leg
from demo.carrier.progress import Progress, Subscription
from demo.carrier.ring import ring
from demo.carrier.telephone import Telephone


@dataclass(frozen=True)
class Order:
    """What the account asks for. `timeout`: seconds that it rings; `limit`: seconds that it may last once answered."""

    to: str
    from_: str
    addresses: Addresses
    asked: Subscription = field(default_factory=Subscription)
    timeout: int = 60
    limit: int = 14_400


def outgoing(leg: Leg, telephone: Telephone, order: Order, turn: float) -> Script[None]:
    """The whole call; `turn`: seconds until the account may begin another one. Canceled before that, nobody is told."""
    progress = Progress(leg.network, leg.call, order.asked)
    try:
        yield from leg.wait(turn)
        yield from ring(leg, telephone, order.timeout, progress)
    except CallOver as over:
        unbegun = leg.call.status is Status.QUEUED
        leg.call.leave(over.status)
        if unbegun:
            return
    else:
        yield from _answered(leg, order)
    progress.tell("completed")


def _answered(leg: Leg, order: Order) -> Script[None]:
    end = leg.call.agenda.later(order.limit / leg.call.pace, leg.call.end)
    yield from converse(leg, order.addresses)
    end.cancel()
    leg.call.leave()
