"""Header values as people read them: raw bytes and encoded words decoded, every control character out."""

import binascii
import re

from intake.mail.charsets import decode

ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?]*)\?=")
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,250}@[^<>\s@]{1,250}>")
MOST_IDS = 100

_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
# C0 and C1 controls, then all that turns or hides text: a file name must not end otherwise than it looks.
_UNSEEN = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F))
) | dict.fromkeys((*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC)))
_UNSEEN |= {0x09: " ", 0x0A: " ", 0x0D: " "}
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_NO_BYTE = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")  # other surrogates stand for a raw byte
_LONE = re.compile(r"[\ud800-\udfff]")


def clean(value: str) -> str:
    """Without control characters, bidirectional marks, line ends and lone surrogates; outer blanks stripped."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return _LONE.sub("\ufffd", value.translate(_UNSEEN)).strip()


def decoded(value: str) -> str:
    """A header value as `email` gives it (bytes above 127 as surrogates) in clean, readable form."""
    text = unfolded(value)
    return clean(_words_decoded(text) if "=?" in text else text)


def unfolded(value: str) -> str:
    """One line, with raw 8-bit bytes decoded as UTF-8 or else Windows-1252, encoded words left as they are."""
    if not value.isascii():
        value, _guessed = decode(_NO_BYTE.sub("\ufffd", value).encode("utf-8", "surrogateescape"), None)
    return _FOLD.sub("", value)


def message_ids(value: str) -> list[str]:
    """The Message-IDs of a header, in order, with their angle brackets; the first hundred."""
    return MESSAGE_ID.findall(value)[:MOST_IDS]


def _words_decoded(text: str) -> str:
    """Decode encoded words (RFC 2047); neighbours are joined as bytes, because mailers cut through a letter."""
    out: list[str] = []
    run, label, last = b"", "", 0
    for word in ENCODED_WORD.finditer(text):
        gap = text[last : word.start()]
        content = _bytes_of(word[2].upper(), word[3])
        joins = bool(run) and not gap.strip()
        if not joins or word[1].lower() != label:
            out.append(decode(run, label)[0])
            run = b""
        if not joins:
            out.append(gap)
        run, label, last = run + content, word[1].lower(), word.end()
    out.append(decode(run, label)[0])
    return "".join(out) + text[last:]


def _bytes_of(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding == "Q":
        return _QUOTED_BYTE.sub(lambda match: bytes([int(match[1], 16)]), raw.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(raw.rstrip(b"=") + b"==")
    except binascii.Error:
        return raw
