"""The small verbs: what is only heard, and what ends a document."""

from demo.carrier.document import Document, Verb
from demo.carrier.events import CallOver, Script, Status, Target
from demo.carrier.leg import Leg, absolute
from demo.carrier.prompts import pause, play, say


def say_it(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Say."""
    yield from say(leg, verb, document)
    return None


def play_it(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Play."""
    yield from play(leg, verb, document)
    return None


def wait_a_while(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Pause."""
    yield from pause(leg, verb, document)
    return None


def redirect(_leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Redirect."""
    yield from ()
    return Target(verb.one_of("method", "POST", "GET", "POST"), absolute(verb.text, document))


def hang_up(leg: Leg, _verb: Verb, _document: Document) -> Script[Target | None]:
    """Hangup: as the first verb it answers first."""
    yield from ()
    leg.call.answer()
    leg.call.note("meldpunt hangt op")
    raise CallOver


def reject(leg: Leg, verb: Verb, _document: Document) -> Script[Target | None]:
    """Reject: only before the call is answered; afterwards it is no more than a hang-up."""
    yield from ()
    reason = verb.one_of("reason", "rejected", "busy")
    if leg.call.status is not Status.RINGING:
        leg.network.alarm(leg.call, 12200, "<Reject> after the call was answered")
        raise CallOver
    leg.call.note("geweigerd")
    raise CallOver(Status.BUSY if reason == "busy" else Status.NO_ANSWER)
