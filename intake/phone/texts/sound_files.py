"""Whether a file that somebody offers is a recording that the carrier can play to a caller; pure."""

import enum
import struct
from dataclasses import dataclass

from intake.phone.carrier.wav import NotWhole, coding_of, seconds_of
from intake.phone.texts.mp3 import mp3_seconds

LARGEST = 5_000_000  # bytes
LONGEST = 180  # seconds
PLAIN = {(1, 8), (1, 16), (7, 8)}  # PCM and mu-law, with their bits a sample: what every telephone network plays


class SoundFault(enum.Enum):
    """Why a file cannot be played to a caller."""

    EMPTY = "nothing in it"
    TOO_BIG = "more than 5 MB"
    NO_SOUND = "neither WAV nor MP3, or not whole"
    CODING = "a WAV file that telephones cannot play"
    TOO_LONG = "longer than three minutes"


class BadSoundFile(ValueError):
    """A file that no caller can be made to hear."""

    def __init__(self, fault: SoundFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class SoundFile:
    """What a good file is, and how long it plays."""

    media_type: str
    seconds: int


def look_at(content: bytes) -> SoundFile:
    """What these bytes are, whatever name or type they came with. Raises `BadSoundFile`."""
    if not content:
        raise BadSoundFile(SoundFault.EMPTY)
    if len(content) > LARGEST:
        raise BadSoundFile(SoundFault.TOO_BIG)
    wav = content[:4] == b"RIFF"
    try:
        seconds = seconds_of(content) if wav else mp3_seconds(content)
        plain = not wav or coding_of(content) in PLAIN
    except (NotWhole, struct.error) as error:
        raise BadSoundFile(SoundFault.NO_SOUND) from error
    if not plain:
        raise BadSoundFile(SoundFault.CODING)
    if seconds > LONGEST:
        raise BadSoundFile(SoundFault.TOO_LONG)
    return SoundFile("audio/wav" if wav else "audio/mpeg", max(1, round(seconds)))
