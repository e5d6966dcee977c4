"""Files that came with a contact, as the page offers them."""

from dataclasses import dataclass
from uuid import UUID

from triage.models import Attachment

PLAYABLE = frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/mpeg", "audio/ogg", "audio/mp4"})
RAW = "raw"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class File:
    """A file to fetch or, when `playable`, to listen to."""

    id: UUID
    name: str
    size: str
    playable: bool
    raw: bool


def file_of(attachment: Attachment) -> File:
    """How a file is offered; its name is what the sender called it, on one line."""
    raw = attachment.position == RAW
    return File(
        attachment.id,
        "Het originele bericht" if raw else safe_name(attachment.filename),
        size_words(attachment.blob.size),
        attachment.media_type in PLAYABLE,
        raw,
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
