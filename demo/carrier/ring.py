"""Ringing a telephone, up to the moment that somebody answers."""

from demo.carrier.events import CallOver, Declined, PickedUp, Script, Status
from demo.carrier.leg import Leg
from demo.carrier.progress import Progress
from demo.carrier.telephone import Telephone

SETTING_UP = 1.0  # seconds until a telephone rings
MORE_PATIENCE = 5.0  # seconds that the carrier adds to every timeout, https://www.twilio.com/docs/voice/twiml/dial


def ring(leg: Leg, telephone: Telephone, timeout: float, progress: Progress) -> Script[None]:
    """Until somebody answers. Raises `CallOver`, with how it ended, when nobody does."""
    call = leg.call
    call.status = Status.INITIATED
    progress.tell("initiated")
    yield from leg.wait(SETTING_UP)
    end = telephone.ring(call)
    if end is not None:
        raise CallOver(end)
    call.status = Status.RINGING
    call.note("gaat over")
    progress.tell("ringing")
    event = yield from leg.wait(timeout + MORE_PATIENCE - SETTING_UP, (PickedUp, Declined))
    if not isinstance(event, PickedUp):
        raise CallOver(Status.BUSY if event else Status.NO_ANSWER)
    call.answer()
    telephone.picked_up(call)
    progress.tell("answered")
