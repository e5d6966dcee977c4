"""The verbs that the caller only hears: Say, Play and Pause."""

import io
import wave

from demo.carrier.document import Document, Verb
from demo.carrier.events import Event, Script
from demo.carrier.journal import Kind
from demo.carrier.leg import Leg, absolute

FOREVER = 1000  # the carrier's meaning of loop="0"
BYTES_PER_SECOND = 4000  # of sound that is no WAV: 32 kbps
SECONDS_PER_TONE = 0.5
Heeds = tuple[type, ...]


def say(leg: Leg, verb: Verb, _: Document, heeds: Heeds = ()) -> Script[Event | None]:
    """Speak the text, as often as asked, until something heeded happens."""
    leg.call.answer()
    for _round in range(verb.seconds("loop", 1, 0) or FOREVER):
        event = yield from leg.speak(verb.text, heeds)
        if event is not None:
            return event
    return None


def play(leg: Leg, verb: Verb, document: Document, heeds: Heeds = ()) -> Script[Event | None]:
    """Play a file, fetched once, or tones. A file that cannot be had is passed over, with an alarm."""
    leg.call.answer()
    if tones := verb.attributes.get("digits", ""):
        return (yield from leg.speak(f"Tonen {tones}", heeds, kind=Kind.SOUND, lasts=len(tones) * SECONDS_PER_TONE))
    reply = yield from leg.get(absolute(verb.text, document))
    if reply is None:
        return None
    for _round in range(verb.seconds("loop", 1, 0) or FOREVER):
        name = verb.text.partition("?")[0].rpartition("/")[2]
        event = yield from leg.speak(f"Geluid {name}", heeds, kind=Kind.SOUND, lasts=length_of(reply.body))
        if event is not None:
            return event
    return None


def pause(leg: Leg, verb: Verb, _: Document, heeds: Heeds = ()) -> Script[Event | None]:
    """Wait. As the first verb it does not answer the call."""
    return (yield from leg.wait(verb.seconds("length", 1), heeds))


def length_of(sound: bytes) -> float:
    """Seconds that a sound lasts."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            frames, rate = int(file.getnframes()), int(file.getframerate())
            return frames / rate
    except (wave.Error, EOFError):
        return len(sound) / BYTES_PER_SECOND
