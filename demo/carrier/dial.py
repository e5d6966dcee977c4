"""The verb Dial: ring other telephones and connect whoever answers. https://www.twilio.com/docs/voice/twiml/dial."""

from demo.carrier.attempt import Attempt
from demo.carrier.called import called
from demo.carrier.dequeue import take, taker_of
from demo.carrier.destinations import doubtful, refused
from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import CallOver, Replaced, Script, Stirred, Target
from demo.carrier.journal import Kind
from demo.carrier.leg import Leg, target_of
from demo.carrier.noun import E164, Noun, numbers
from demo.carrier.ring import MORE_PATIENCE
from demo.carrier.talk import talk
from demo.carrier.waiting import Taker

FOREVER = 86_400.0  # seconds; each leg has its own patience
UNDERSTOOD = frozenset(
    {"action", "method", "timeout", "timeLimit", "callerId", "sequential", "answerOnBridge", "hangupOnStar", "ringTone"}
)


def dial(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Ring, connect, and go to `action` with how it went; without one, on to the next verb.

    When the caller hangs up `action` is asked as well, and its answer thrown away.
    """
    unknown = sorted(set(verb.attributes) - UNDERSTOOD)
    if unknown:
        raise Refused(12100, f"this network cannot do <Dial> {unknown[0]}")
    work, connecting = _begin(leg, verb, document)
    limit, star = verb.seconds("timeLimit", 14_400), verb.flag("hangupOnStar", default=False)
    if not verb.flag("answerOnBridge", default=False):
        leg.call.answer()
    try:
        yield from connecting
        if work.bridge is not None:
            leg.call.answer()
            yield from talk(leg, work.bridge, limit, until_star=star)
    except CallOver:
        work.give_up()
        if "action" in verb.attributes and not leg.network.faults.no_last_action:
            leg.network.ask(leg.call, target_of(verb, document, work.form()))
        raise
    except Replaced:
        work.stop()
        raise
    work.stop()
    return target_of(verb, document, work.form()) if "action" in verb.attributes else None


def _begin(leg: Leg, verb: Verb, document: Document) -> tuple[Attempt | Taker, Script[None]]:
    """What is dialled, and how that goes up to the connection. Raises `Refused`."""
    if any(child.name == "Queue" for child in verb.children):
        taker = taker_of(leg, verb, document)
        return taker, take(leg, verb, taker)
    attempt, nouns = Attempt(leg.call), numbers(verb, document)
    return attempt, _ring(leg, verb, attempt, nouns)


def _ring(leg: Leg, verb: Verb, attempt: Attempt, nouns: tuple[Noun, ...]) -> Script[None]:
    """All at once, or one after the other, until one is connected or all are over."""
    timeout = verb.seconds("timeout", 30, 5, 600)
    callable_ = [noun for noun in nouns if _may_ring(leg, verb, noun)]
    rounds = [[noun] for noun in callable_] if verb.flag("sequential", default=False) else [callable_]
    turn = leg.call.begin(Kind.SOUND, "Gaat over", (timeout + MORE_PATIENCE) * len(rounds))
    try:
        for together in rounds:
            for noun in together:
                _start(leg, verb, attempt, noun)
            while not attempt.decided:
                yield from leg.wait(FOREVER, (Stirred,))
            if attempt.winner is not None:
                return
    finally:
        leg.finish(turn)


def _may_ring(leg: Leg, verb: Verb, noun: Noun) -> bool:
    """Whether the network dials it; else there is an alarm, and the Dial goes on without."""
    if not leg.network.may_show(leg.call, verb.attributes.get("callerId")):
        shown = verb.attributes.get("callerId", leg.call.from_)
        leg.network.alarm(leg.call, 13214, f'<Dial> callerId="{shown}" is not ours to show')
        return False
    if (reason := refused(noun.number)) is not None:
        leg.network.alarm(leg.call, 13225, f"{noun.number} is not dialled: {reason}")
        return False
    if not E164.fullmatch(noun.number):
        leg.network.alarm(leg.call, 13224, f"{noun.number!r} is no number as +31612345678")
        return False
    if (doubt := doubtful(noun.number)) is not None:
        leg.network.alarm(leg.call, 13227, f"{noun.number} may not be reached: {doubt}")
    return True


def _start(leg: Leg, verb: Verb, attempt: Attempt, noun: Noun) -> None:
    caller_id = verb.attributes.get("callerId", leg.call.from_)
    child = leg.network.child(leg.call, noun.number, caller_id)
    attempt.legs.append(child)
    telephone, timeout = leg.network.telephone(noun.number), verb.seconds("timeout", 30)
    child.run(called(Leg(child, leg.network), telephone, noun, timeout, attempt))
