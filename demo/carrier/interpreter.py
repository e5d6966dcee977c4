"""Runs a call: asks for a document, does what it says, asks for the next, until somebody ends it."""

from dataclasses import dataclass

from demo.carrier.dial import dial
from demo.carrier.document import Refused
from demo.carrier.enqueue import enqueue
from demo.carrier.events import CallOver, Replaced, Script, Target
from demo.carrier.gather import gather
from demo.carrier.leg import Leg
from demo.carrier.place import MOST_DOCUMENTS, UNKNOWN_TO_US, Place, one_document
from demo.carrier.record import record
from demo.carrier.verbs import hang_up, play_it, redirect, reject, say_it, wait_a_while

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."

CALL = Place(
    "a call",
    {
        "Say": say_it,
        "Play": play_it,
        "Pause": wait_a_while,
        "Gather": gather,
        "Record": record,
        "Dial": dial,
        "Enqueue": enqueue,
        "Redirect": redirect,
        "Hangup": hang_up,
        "Reject": reject,
    },
)


@dataclass(frozen=True)
class Addresses:
    """Where a call is answered."""

    voice: Target
    fallback: Target | None = None


def converse(leg: Leg, addresses: Addresses) -> Script[None]:
    """The whole call, up to its end."""
    try:
        yield from _converse(leg, addresses)
    except CallOver as over:
        leg.call.leave(over.status)


def _converse(leg: Leg, addresses: Addresses) -> Script[None]:
    target = addresses.voice
    for _ in range(MOST_DOCUMENTS):
        try:
            target = yield from _next(leg, target)
        except Replaced as elsewhere:
            target = elsewhere.target
        except Refused as fault:
            leg.network.alarm(leg.call, fault.code, fault.text)
            target = yield from _after(leg, fault, target, addresses.fallback)
    leg.network.alarm(leg.call, UNKNOWN_TO_US, f"more than {MOST_DOCUMENTS} documents in one call")


def _next(leg: Leg, target: Target) -> Script[Target]:
    """What to go on with; a document without more to say ends the call."""
    following = yield from one_document(leg, target, CALL)
    if following is None:
        leg.call.answer()
        raise CallOver
    return following


def _after(leg: Leg, fault: Refused, failed: Target, fallback: Target | None) -> Script[Target]:
    """Where to go when a document cannot be run. Raises `CallOver`, after the carrier's own words, if nowhere."""
    try:
        if fallback is None or failed.last_resort:
            leg.call.answer()
            yield from leg.speak(APPLICATION_ERROR)
            raise CallOver
    except Replaced as elsewhere:
        return elsewhere.target
    form = {"ErrorCode": str(fault.code), "ErrorUrl": failed.url}
    return Target(fallback.method, fallback.url, form, last_resort=True)
