"""The noun Queue of a Dial: take the first caller of a queue. https://www.twilio.com/docs/voice/twiml/queue."""

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import Script, Stirred, Target
from demo.carrier.leg import TINY, Leg, absolute
from demo.carrier.ring import MORE_PATIENCE
from demo.carrier.waiting import Taker


def taker_of(leg: Leg, verb: Verb, document: Document) -> Taker:
    """What a Dial of a queue takes from. Raises `Refused`."""
    if len(verb.children) != 1:
        raise Refused(12200, "a <Queue> is dialled alone")
    (queue,) = verb.children
    if unknown := sorted(set(queue.attributes) - {"url", "method"}):
        raise Refused(12100, f"this network cannot do <Queue> {unknown[0]}")
    url = queue.attributes.get("url")
    notice = Target(queue.one_of("method", "POST", "GET", "POST"), absolute(url, document)) if url else None
    line = leg.network.line_called(queue.text)
    if line is None:
        leg.network.alarm(leg.call, 12200, f"there is no queue {queue.text!r}")
    return Taker(leg.call, line, notice)


def take(leg: Leg, verb: Verb, taker: Taker) -> Script[None]:
    """Until somebody is taken and connected, or for as long as the Dial waits."""
    line, end = taker.line, leg.now() + verb.seconds("timeout", 30, 5, 600) + MORE_PATIENCE
    if line is None:
        return
    line.takers.append(leg.call)
    try:
        while not taker.take() and (left := end - leg.now()) > TINY:
            yield from leg.wait(left, (Stirred,))
    finally:
        line.takers.remove(leg.call)
    while taker.member is not None and taker.bridge is None and not taker.over:
        yield from leg.wait(MORE_PATIENCE, (Stirred,))
