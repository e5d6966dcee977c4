"""The verb Gather: keys, or speech, that may interrupt what is being said."""

from collections.abc import Callable
from dataclasses import dataclass

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import Event, Key, Script, Spoken, Target
from demo.carrier.leg import Leg, target_of
from demo.carrier.prompts import pause, play, say

Prompt = Callable[[Leg, Verb, Document, tuple[type, ...]], Script[Event | None]]
PROMPTS: dict[str, Prompt] = {"Say": say, "Play": play, "Pause": pause}
NO_LIMIT = 1000


@dataclass(frozen=True)
class Answer:
    """What the caller gave: keys, the key that ended them, words."""

    keys: str = ""
    finished_on: str = ""
    speech: str = ""

    def form(self) -> dict[str, str]:
        """As the carrier reports it."""
        form = {"msg": "Gather End", "Digits": self.keys, "FinishedOnKey": self.finished_on}
        return form | ({"SpeechResult": self.speech, "Confidence": "0.9"} if self.speech else {})


def gather(leg: Leg, verb: Verb, document: Document) -> Script[Target | None]:
    """Speak, listen, and go to `action` with the answer; without one, on to the next verb, unless asked otherwise."""
    leg.call.answer()
    answer = yield from _answer(leg, verb, document)
    if answer.keys or answer.speech or verb.flag("actionOnEmptyResult", default=False):
        return target_of(verb, document, answer.form())
    return None


def _answer(leg: Leg, verb: Verb, document: Document) -> Script[Answer]:
    ways = set(verb.attributes.get("input", "dtmf").split())
    if not ways or not ways <= {"dtmf", "speech"}:
        raise Refused(12200, f"<Gather> input={sorted(ways)} is not known")
    heeds = (*((Key,) if "dtmf" in ways else ()), *((Spoken,) if "speech" in ways else ()))
    most, ends = verb.seconds("numDigits", NO_LIMIT), verb.attributes.get("finishOnKey", "#")
    patience, keys = verb.seconds("timeout", 5), ""
    event = yield from _prompts(leg, verb, document, heeds)
    if event is None:
        event = yield from leg.wait(patience, heeds, silent=True)
    while event is not None:
        if isinstance(event, Spoken):
            return Answer(keys, speech=event.text)
        if isinstance(event, Key) and event.key in ends:
            return Answer(keys, finished_on=event.key)
        keys += event.key if isinstance(event, Key) else ""
        if len(keys) >= most:
            break
        event = yield from leg.wait(patience, heeds, silent=True)
    return Answer(keys)


def _prompts(leg: Leg, verb: Verb, document: Document, heeds: tuple[type, ...]) -> Script[Event | None]:
    """Everything nested in it, until the caller breaks in."""
    for prompt in verb.children:
        event = yield from PROMPTS[prompt.name](leg, prompt, document, heeds)
        if event is not None:
            return event
    return None
