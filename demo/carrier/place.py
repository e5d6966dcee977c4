"""Where documents run, and running them: which verbs may stand there, and one document after the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from demo.carrier.document import Document, Refused, Verb
from demo.carrier.events import Script, Target
from demo.carrier.leg import Leg

MOST_DOCUMENTS = 200  # at one place of one call; more is a desk that sends people round in circles
NOT_HERE = 12200
UNKNOWN_TO_US = 12100

Step = Callable[[Leg, Verb, Document], Script[Target | None]]


@dataclass(frozen=True)
class Place:
    """A place that documents run at: `name` for complaints, its verbs, and the error codes of verbs that are not."""

    name: str
    steps: Mapping[str, Step]
    codes: Mapping[str, int] = field(default_factory=dict)

    def step(self, verb: Verb) -> Step:
        """How to do a verb. Raises `Refused`."""
        try:
            return self.steps[verb.name]
        except KeyError:
            code = self.codes.get(verb.name, UNKNOWN_TO_US if self.name == "a call" else NOT_HERE)
            raise Refused(code, f"this network cannot do <{verb.name}> in {self.name}") from None


def one_document(leg: Leg, target: Target, place: Place) -> Script[Target | None]:
    """Do what a document says: what to go on with, or None when it has no more to say. Raises `Refused`."""
    document = target.document or (yield from leg.fetch(target))
    for warning in document.warnings:
        leg.network.alarm(leg.call, NOT_HERE, warning)
    steps = [
        (place.step(verb), verb) for verb in document.verbs
    ]  # all of them first: an unknown one must not hide behind a gather
    for step, verb in steps:
        following = yield from step(leg, verb, document)
        if following is not None:
            return following
    return None


def run(leg: Leg, target: Target, place: Place) -> Script[None]:
    """One document after the other, until one has no more to say. Raises `Refused`."""
    for _ in range(MOST_DOCUMENTS):
        following = yield from one_document(leg, target, place)
        if following is None:
            return
        target = following
    raise Refused(UNKNOWN_TO_US, f"more than {MOST_DOCUMENTS} documents in {place.name}")
