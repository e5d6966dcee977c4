"""A leg that a Dial rings: its telephone, the whisper before it is connected, and the conversation."""

from demo.carrier.attempt import Attempt
from demo.carrier.document import Refused
from demo.carrier.events import CallOver, Replaced, Script, Status
from demo.carrier.gather import gather
from demo.carrier.leg import Leg
from demo.carrier.noun import Noun
from demo.carrier.place import Place, run
from demo.carrier.progress import Progress
from demo.carrier.ring import ring
from demo.carrier.talk import talk
from demo.carrier.telephone import Telephone
from demo.carrier.verbs import hang_up, play_it, say_it

NO_DIAL_HERE = 13201
WHISPER = Place(
    "a whisper", {"Say": say_it, "Play": play_it, "Gather": gather, "Hangup": hang_up}, {"Dial": NO_DIAL_HERE}
)


def called(leg: Leg, telephone: Telephone, noun: Noun, timeout: float, attempt: Attempt) -> Script[None]:
    """The whole life of the leg."""
    progress = Progress(leg.network, leg.call, noun.asked)
    try:
        yield from ring(leg, telephone, timeout, progress)
        yield from _answered(leg, noun, attempt)
    except CallOver as over:
        leg.call.leave(over.status)
    except Replaced as elsewhere:
        yield from leg.network.elsewhere(leg, elsewhere.target)
    leg.call.leave()
    progress.tell("completed")
    attempt.parent.stir()


def _answered(leg: Leg, noun: Noun, attempt: Attempt) -> Script[None]:
    if not attempt.picked_up(leg.call):
        raise CallOver(Status.CANCELED)
    if noun.whisper is not None:
        try:
            yield from run(leg, noun.whisper, WHISPER)
        except Refused as fault:
            leg.network.alarm(leg.call, fault.code, fault.text)
            return
    yield from talk(leg, attempt.connect(leg.call))
