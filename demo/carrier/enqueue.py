"""The verb Enqueue: wait in a queue, with a document that is asked for again and again.

https://www.twilio.com/docs/voice/twiml/enqueue.
"""

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import CallOver, Dequeued, Left, Replaced, Script, Target
from demo.carrier.gather import gather
from demo.carrier.journal import Kind
from demo.carrier.leg import Leg, absolute, target_of
from demo.carrier.place import Place, run
from demo.carrier.talk import talk
from demo.carrier.verbs import hang_up, play_it, redirect, say_it, wait_a_while
from demo.carrier.waiting import Member, Taker, WaitingLine

LONGEST_NAME = 64
MUSIC = 60.0  # seconds of the carrier's own music, again and again
MOMENT = 1.0  # seconds
HASTE = 0.1  # seconds between two rounds of a wait document that takes no time
UNDERSTOOD = frozenset({"action", "method", "waitUrl", "waitUrlMethod"})


def leave(_leg: Leg, _verb: Verb, _document: Document) -> Script[Target | None]:
    """Leave: out of the queue."""
    yield from ()
    raise Left


WAIT = Place(
    "a wait document",
    {
        "Say": say_it,
        "Play": play_it,
        "Pause": wait_a_while,
        "Gather": gather,
        "Redirect": redirect,
        "Hangup": hang_up,
        "Leave": leave,
    },
)
NOTICE = Place("a notice", {"Say": say_it, "Play": play_it, "Pause": wait_a_while, "Redirect": redirect})


def enqueue(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Wait until somebody takes the caller, the document says Leave, or the account sends the call elsewhere.

    Then `action` is asked with the result; without one the next verb follows. After a hang-up or when the call is
    sent elsewhere it is asked as well, and its answer thrown away.
    """
    leg.call.answer()
    line = leg.network.line(_name(verb))
    member = line.join(leg.call)
    if member is None:
        leg.call.note(f"wachtrij {line.name} is vol")
        return _result(verb, document, {"QueueResult": "queue-full"})
    leg.call.note(f"in wachtrij {line.name}, plaats {line.position(member)}")
    leg.call.waiting = True
    try:
        result = yield from _stay(leg, verb, document, line, member)
    except CallOver:
        _tell(leg, verb, document, line, member, "bridged" if _was_bridged(member) else "hangup")
        raise
    except Replaced:
        _tell(leg, verb, document, line, member, "redirected-from-bridged" if _was_bridged(member) else "redirected")
        raise
    return _result(verb, document, _form(line, member, result))


def _stay(leg: Leg, verb: Verb, document: Document, line: WaitingLine, member: Member) -> Script[str]:
    """In the queue, and if somebody takes the caller, in that conversation. How it ended, in the carrier's word."""
    try:
        result = yield from _wait(leg, verb, document, line, member)
        if not line.remove(member):  # taken at this very moment
            yield from leg.wait(MOMENT)
    except Dequeued:
        leg.call.waiting = False
        return (yield from _be_connected(leg, member))
    leg.call.waiting = False
    leg.call.note(f"uit wachtrij {line.name}")
    return result


def _wait(leg: Leg, verb: Verb, document: Document, line: WaitingLine, member: Member) -> Script[str]:
    url, method = verb.attributes.get("waitUrl"), verb.one_of("waitUrlMethod", "POST", "GET", "POST")
    try:
        while not url:
            yield from leg.speak("Wachtmuziek" if url is None else "Stilte", kind=Kind.SOUND, lasts=MUSIC)
        while True:
            began = leg.now()
            yield from _hear(leg, Target(method, absolute(url, document), line.form(member)))
            if leg.now() == began:
                yield from leg.wait(HASTE)
    except Left:
        return "leave"
    except Refused as fault:
        leg.network.alarm(leg.call, fault.code, fault.text)
        return "error"


def _hear(leg: Leg, target: Target) -> Script[None]:
    """The wait document once. Raises `Refused`, also when it is empty."""
    document = yield from leg.fetch(target)
    if not document.verbs:
        raise Refused(12200, "an empty wait document")
    yield from run(leg, Target(target.method, target.url, document=document), WAIT)


def _be_connected(leg: Leg, member: Member) -> Script[str]:
    taker = member.taken_by
    if taker is None:
        return "system-error"
    yield from _hear_notice(leg, taker, member)
    bridge = taker.connect(member)
    if bridge is None:
        return "bridging-in-process"
    yield from talk(leg, bridge)
    return "bridged"


def _hear_notice(leg: Leg, taker: Taker, member: Member) -> Script[None]:
    if taker.notice is None:
        return
    try:
        yield from run(leg, Target(taker.notice.method, taker.notice.url, taker.taken_form(member)), NOTICE)
    except Refused as fault:
        leg.network.alarm(leg.call, fault.code, fault.text)


def _tell(leg: Leg, verb: Verb, document: Document, line: WaitingLine, member: Member, result: str) -> None:
    """The call is not here any more; the desk is only told so."""
    leg.call.waiting = False
    line.remove(member)
    if member.taken_by is not None:
        member.taken_by.lose()
    target = _result(verb, document, _form(line, member, result))
    if target is not None:
        leg.network.ask(leg.call, target)


def _was_bridged(member: Member) -> bool:
    return member.taken_by is not None and member.taken_by.bridge is not None


def _form(line: WaitingLine, member: Member, result: str) -> dict[str, str]:
    return {"QueueResult": result, "QueueSid": line.sid, "QueueTime": str(member.waited)}


def _result(verb: Verb, document: Document, form: dict[str, str]) -> Target | None:
    return target_of(verb, document, form) if "action" in verb.attributes else None


def _name(verb: Verb) -> str:
    unknown = sorted(set(verb.attributes) - UNDERSTOOD)
    if unknown:
        raise Refused(12100, f"this network cannot do <Enqueue> {unknown[0]}")
    if not 1 <= len(verb.text) <= LONGEST_NAME:
        raise Refused(12200, f"a queue's name has 1 to {LONGEST_NAME} characters")
    return verb.text
