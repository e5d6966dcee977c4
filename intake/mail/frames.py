"""Length-prefixed frames between the mail process and its parsing child: plain bytes, nothing that is executed."""

from collections.abc import Callable

Take = Callable[[int], bytes]
"""Gives exactly so many bytes; raises `EOFError` when the other side is gone."""

_LENGTH = 8


def framed(content: bytes) -> bytes:
    """The prefix that goes before `content`."""
    return len(content).to_bytes(_LENGTH, "big")


def next_frame(take: Take) -> bytes:
    """Read one frame."""
    return take(int.from_bytes(take(_LENGTH), "big"))
