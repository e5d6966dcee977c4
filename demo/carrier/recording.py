"""Recorded messages: what the caller typed, as sound whose length and bytes are real."""

import io
import math
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zlib import crc32

RATE = 8000  # samples a second, as on a telephone
CHARACTERS_PER_SECOND = 14.0
LOUDNESS = 6000
MP3_FRAME = bytes.fromhex("fff344c0")
MP3_FRAME_BYTES, MP3_FRAME_SECONDS = 96, 0.024


def speaking_time(text: str) -> float:
    """Seconds it takes to say a text."""
    return len(text) / CHARACTERS_PER_SECOND


@dataclass(frozen=True)
class Passage:
    """What was said, and when in the recording, in seconds."""

    start: float
    text: str


@dataclass
class Recording:
    """One message. `seconds` is None while it runs; `completed` once its sound can be fetched."""

    sid: str
    call_sid: str
    started_at: datetime
    passages: list[Passage] = field(default_factory=list)
    seconds: float | None = None
    completed: bool = False
    deleted: bool = False

    @property
    def status(self) -> str:
        """In the carrier's words."""
        if self.seconds is None:
            return "in-progress"
        if self.deleted:
            return "deleted"
        return "completed" if self.completed else "processing"

    @property
    def duration(self) -> str:
        """Whole seconds, as the carrier writes them; -1 while it runs."""
        return "-1" if self.seconds is None else str(round(self.seconds))

    @property
    def text(self) -> str:
        """Everything that was said."""
        return " ".join(passage.text for passage in self.passages)

    @cached_property
    def wav(self) -> bytes:
        """The sound: a tone for each word, silence between; 8 kHz, 16 bits, mono."""
        samples = array("h", bytes(2 * int(RATE * (self.seconds or 0.0))))
        for passage in self.passages:
            _sing(samples, int(passage.start * RATE), passage.text)
        file = io.BytesIO()
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(samples.tobytes())
        return file.getvalue()

    @cached_property
    def mp3(self) -> bytes:
        """As long as the message, but silent: making real MP3 is nothing that a stand-in needs."""
        return _silent_mp3(self.seconds or 0.0)


def _silent_mp3(seconds: float) -> bytes:
    """Frames of MPEG-2 layer III, 32 kbit/s, 24 kHz, mono, each of 24 ms and without a sound: the length is real."""
    return (MP3_FRAME + bytes(MP3_FRAME_BYTES - len(MP3_FRAME))) * math.ceil(seconds / MP3_FRAME_SECONDS)


def _sing(samples: "array[int]", at: int, text: str) -> None:
    for word, length in _words(text):
        room = max(0, len(samples) - at)
        samples[at : at + min(length, room)] = _tone(word, min(length, room))
        at += int(RATE * speaking_time(word + " "))


def _words(text: str) -> Iterator[tuple[str, int]]:
    return ((word, int(RATE * speaking_time(word))) for word in text.split())


def _tone(word: str, length: int) -> "array[int]":
    """A pitch of the word's own, between 200 and 800 Hz: one period, repeated."""
    period = 10 + crc32(word.encode()) % 31
    wave_of_one = array("h", (int(LOUDNESS * math.sin(2 * math.pi * n / period)) for n in range(period)))
    return (wave_of_one * (length // period + 1))[:length]
