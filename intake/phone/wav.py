"""Whether bytes are a whole WAV recording; pure."""

import struct

HEADER = 12  # "RIFF", size, "WAVE"
FORMAT = 16  # bytes of the least "fmt " chunk; the rate in bytes per second stands eight bytes into it


class NotWhole(ValueError):
    """The bytes are no WAV file, or only the beginning of one."""


def seconds_of(content: bytes) -> float:
    """How long a WAV recording plays. Raises `NotWhole` when it is none, or shorter than its own header says."""
    if len(content) < HEADER or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotWhole("this is not a WAV file")
    rate, at = 0, HEADER
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        body = at + 8
        if name == b"fmt " and FORMAT <= size <= len(content) - body:
            rate = struct.unpack_from("<I", content, body + 8)[0]
        if name == b"data":
            return _length(size, len(content) - body, rate)
        at = body + size + size % 2
    raise NotWhole("the file ends before its sound begins")


def _length(promised: int, present: int, bytes_per_second: int) -> float:
    if bytes_per_second <= 0:
        raise NotWhole("the file does not say how its sound is coded")
    if present < promised:
        raise NotWhole(f"the file ends {promised - present} bytes too soon")
    return promised / bytes_per_second
