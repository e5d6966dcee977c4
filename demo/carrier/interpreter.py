"""Runs a call: asks for a document, does what it says, asks for the next, until somebody ends it."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import CallOver, Replaced, Script, Status, Target
from demo.carrier.gather import gather
from demo.carrier.leg import Leg, absolute
from demo.carrier.prompts import pause, play, say
from demo.carrier.record import record

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
MOST_DOCUMENTS = 200  # of one call; more is a desk that sends its callers round in circles
UNKNOWN_TO_US = 12100

Step = Callable[[Leg, Verb, Document], Script[Target | None]]


@dataclass(frozen=True)
class Addresses:
    """Where a number's calls are answered."""

    voice: Target
    fallback: Target | None


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
            target = yield from _one_document(leg, target)
        except Replaced as elsewhere:
            target = elsewhere.target
        except Refused as fault:
            leg.network.alarm(leg.call, fault.code, fault.text)
            target = yield from _after(leg, fault, target, addresses.fallback)
    leg.network.alarm(leg.call, UNKNOWN_TO_US, f"more than {MOST_DOCUMENTS} documents in one call")


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


def _one_document(leg: Leg, target: Target) -> Script[Target]:
    document = target.document or (yield from leg.fetch(target))
    for warning in document.warnings:
        leg.network.alarm(leg.call, 12200, warning)
    steps = [
        (_step(verb), verb) for verb in document.verbs
    ]  # all of them first: an unknown one must not hide behind a gather
    for step, verb in steps:
        following = yield from step(leg, verb, document)
        if following is not None:
            return following
    leg.call.answer()
    raise CallOver


def _step(verb: Verb) -> Step:
    try:
        return STEPS[verb.name]
    except KeyError:
        raise Refused(UNKNOWN_TO_US, f"this network cannot do <{verb.name}>") from None


def _say(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    yield from say(leg, verb, document)
    return None


def _play(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    yield from play(leg, verb, document)
    return None


def _pause(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    yield from pause(leg, verb, document)
    return None


def _redirect(_leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    yield from ()
    return Target(verb.one_of("method", "POST", "GET", "POST"), absolute(verb.text, document))


def _hang_up(leg: Leg, _verb: Verb, _document: Document) -> Script[Target | None]:
    """As the first verb it answers first."""
    yield from ()
    leg.call.answer()
    leg.call.note("meldpunt hangt op")
    raise CallOver


def _reject(leg: Leg, verb: Verb, _document: Document) -> Script[Target | None]:
    """Only before the call is answered; afterwards it is no more than a hang-up."""
    yield from ()
    reason = verb.one_of("reason", "rejected", "busy")
    if leg.call.status is not Status.RINGING:
        leg.network.alarm(leg.call, 12200, "<Reject> after the call was answered")
        raise CallOver
    leg.call.note("geweigerd")
    raise CallOver(Status.BUSY if reason == "busy" else Status.NO_ANSWER)


STEPS: dict[str, Step] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": gather,
    "Record": record,
    "Redirect": _redirect,
    "Hangup": _hang_up,
    "Reject": _reject,
}
