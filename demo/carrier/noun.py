"""What a Dial dials: telephone numbers, each with its whisper and the news it sends."""

import re
from dataclasses import dataclass

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import Target
from demo.carrier.leg import absolute
from demo.carrier.progress import EVENTS, Subscription

MOST_NOUNS = 10
UNDERSTOOD = frozenset({"url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"})
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True)
class Noun:
    """A number to ring. `whisper`: the document the called side hears first."""

    number: str
    whisper: Target | None
    asked: Subscription


def numbers(verb: Verb, document: Document) -> tuple[Noun, ...]:
    """The numbers of a Dial: its Number children, or its own text. Raises `Refused`."""
    strangers = sorted({child.name for child in verb.children} - {"Number"})
    if strangers:
        raise Refused(12100, f"this network cannot dial <{strangers[0]}>")
    found = [_number(child, document) for child in verb.children]
    if not found and verb.text:
        found = [Noun(verb.text, None, Subscription())]
    if not 1 <= len(found) <= MOST_NOUNS:
        raise Refused(13200, f"<Dial> of {len(found)} numbers; from 1 to {MOST_NOUNS} are possible")
    return tuple(found)


def _number(verb: Verb, document: Document) -> Noun:
    unknown = sorted(set(verb.attributes) - UNDERSTOOD)
    if unknown:
        raise Refused(12100, f"this network cannot do <Number> {unknown[0]}")
    url = verb.attributes.get("url")
    method = verb.one_of("method", "POST", "GET", "POST")
    return Noun(verb.text, Target(method, absolute(url, document)) if url else None, _asked(verb, document))


def _asked(verb: Verb, document: Document) -> Subscription:
    events = frozenset(verb.attributes.get("statusCallbackEvent", "completed").split())
    if not events <= set(EVENTS):
        raise Refused(12200, f"<Number> statusCallbackEvent {sorted(events - set(EVENTS))} is not known")
    url = verb.attributes.get("statusCallback")
    method = verb.one_of("statusCallbackMethod", "POST", "GET", "POST")
    return Subscription(absolute(url, document) if url else None, method, events)
