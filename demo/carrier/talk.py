"""Talking: a leg that is connected to another, until one of them goes."""

from demo.carrier.bridge import Bridge
from demo.carrier.events import CallOver, Direction, Key, Replaced, Script, Spoken, Stirred
from demo.carrier.leg import TINY, Leg

FOUR_HOURS = 14_400.0  # seconds; the carrier ends every connection then


def talk(leg: Leg, bridge: Bridge, limit: float = FOUR_HOURS, *, until_star: bool = False) -> Script[None]:
    """Until one of both goes, or for `limit` seconds; `until_star`: this side may press * to leave the other."""
    end = leg.now() + limit
    if leg.call.direction is not Direction.INBOUND:
        leg.network.telephone(leg.call.to).connected(leg.call)
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
