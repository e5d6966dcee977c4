"""Whether bytes are a whole WAV recording; pure."""

import struct
from collections.abc import Iterator

HEADER = 12  # "RIFF", size, "WAVE"
FORMAT = 16  # bytes of the least "fmt " chunk; the rate in bytes per second stands eight bytes into it


class NotWhole(ValueError):
    """The bytes are no WAV file, or only the beginning of one."""


def seconds_of(content: bytes) -> float:
    """How long a WAV recording plays. Raises `NotWhole` when it is none, or shorter than its own header says."""
    rate = 0
    for name, body, size in _chunks(content):
        if name == b"fmt " and FORMAT <= size <= len(content) - body:
            rate = struct.unpack_from("<I", content, body + 8)[0]
        if name == b"data":
            return _length(size, len(content) - body, rate)
    raise NotWhole("the file ends before its sound begins")


def whole_seconds(content: bytes) -> int | None:
    """How long it plays, at least one second; None for what is not whole."""
    try:
        return max(1, round(seconds_of(content)))
    except NotWhole:
        return None


def coding_of(content: bytes) -> tuple[int, int]:
    """How its sound is coded: the registered number (1 is PCM, 7 mu-law) and the bits a sample. Raises `NotWhole`."""
    for name, body, size in _chunks(content):
        if name == b"fmt " and FORMAT <= size <= len(content) - body:
            return struct.unpack_from("<H", content, body)[0], struct.unpack_from("<H", content, body + 14)[0]
    raise NotWhole("the file does not say how its sound is coded")


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The name of each chunk, where its bytes begin, and how many there should be."""
    if len(content) < HEADER or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotWhole("this is not a WAV file")
    at = HEADER
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _length(promised: int, present: int, bytes_per_second: int) -> float:
    if bytes_per_second <= 0:
        raise NotWhole("the file does not say how its sound is coded")
    if present < promised:
        raise NotWhole(f"the file ends {promised - present} bytes too soon")
    return promised / bytes_per_second
