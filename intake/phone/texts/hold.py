"""The tone that a waiting caller hears: made here, so that the desk needs nobody's music; pure."""

import io
import math
import wave
from array import array
from functools import cache

RATE = 8_000  # samples a second, as on a telephone
SECONDS = 10
NOTES = ((392.0, 0.0), (523.25, 0.9))  # hertz and second: g and the c above it, then quiet
LASTS = 1.6  # seconds that a note dies away in
LOUDNESS = 5_000  # of 32,767: softer than a voice


@cache
def hold_tone() -> bytes:
    """One round as a WAV file, 8 kHz, 16 bits, mono."""
    samples = array("h", (_sample(at / RATE) for at in range(RATE * SECONDS)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def _sample(at: float) -> int:
    return round(LOUDNESS * sum(_note(pitch, at - start) for pitch, start in NOTES))


def _note(pitch: float, at: float) -> float:
    if not 0 <= at < LASTS:
        return 0.0
    swell, fade = min(at / 0.05, 1.0), (1 - at / LASTS) ** 2
    return swell * fade * math.sin(2 * math.pi * pitch * at)
