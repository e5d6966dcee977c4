"""What makes two copies of a mail the same mail: raw header lines and raw body bytes; no parser takes part."""

import re

HEADERS = (b"message-id", b"from", b"date", b"subject")
MOST_OF_A_START = 512 * 1024  # where a start is cut depends on the length of its Received lines

_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")
_LINES = {
    name: re.compile(rb"^" + name + rb"[ \t]*:.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE) for name in HEADERS
}


def key_parts(raw: bytes, *, whole: bool = True) -> list[bytes]:
    """The bytes that the content key is made of, in order, for `Vault.content_key`.

    Message-ID, From, Date and Subject as they stand, continuation lines and repeats included, then every byte after
    the first blank line; the whole mail when there is no blank line. `whole` is false for the fetched start of a mail
    that was too big. Received lines are left out: each delivery of the same mail has its own.
    """
    blank = _BLANK_LINE.search(raw)
    head, body = (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, raw)
    return [*(_lines(head, name) for name in HEADERS), body if whole else body[:MOST_OF_A_START]]


def _lines(head: bytes, name: bytes) -> bytes:
    return b"\n".join(_LINES[name].findall(head))
