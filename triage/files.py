"""Files that came with a contact, as the page offers them."""

from dataclasses import dataclass
from uuid import UUID

from desk.dates import length_words
from triage.models import Attachment

PLAYABLE = frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/mpeg", "audio/ogg", "audio/mp4"})
RAW = "raw"
SPOKEN = "ingesproken-bericht.wav"
"""The file name of a message that a caller spoke in."""
NAMES = {RAW: "Het originele bericht", SPOKEN: "Ingesproken bericht"}
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class File:
    """A file to fetch or, when `playable`, to listen to. `clock` and `length` say how long: "0.42", "42 seconden"."""

    id: UUID
    name: str
    size: str
    playable: bool
    raw: bool
    clock: str = ""
    length: str = ""


def file_of(attachment: Attachment) -> File:
    """How a file is offered; its name is what the sender called it, on one line."""
    raw, seconds = attachment.position == RAW, attachment.seconds
    return File(
        attachment.id,
        NAMES.get(RAW if raw else attachment.filename or "") or safe_name(attachment.filename),
        size_words(attachment.blob.size),
        attachment.media_type in PLAYABLE,
        raw,
        f"{seconds // 60}.{seconds % 60:02}" if seconds else "",
        length_words(seconds) if seconds else "",
    )


def safe_name(name: str | None) -> str:
    """A file name for people and for a disk: no path, no control signs, never empty."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(sign for sign in last if sign.isprintable()).strip(" .")
    return clean[-120:] or "bestand"


def size_words(size: int) -> str:
    """The size in bytes as people say it: "214 kB", "3,2 MB"; at least 1 kB."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1_000))} kB"
    return f"{size / MEGABYTE:.1f} MB".replace(".", ",")
