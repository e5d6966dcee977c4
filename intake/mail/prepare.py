"""Before any parser: limits on what one may be given, and the header repairs that RFC 7103 recommends."""

import re
from dataclasses import dataclass

MOST_HEAD = 256 * 1024
MOST_HEADER = 32 * 1024
MOST_PARTS = 1_000

_BLANK_LINE = re.compile(rb"(?:\A|\n)(?=\r?\n)")
_LEADING = re.compile(rb"\A(?:\xef\xbb\xbf|[ \t]*\r?\n|>?From [^\r\n]{0,500}\r?\n)+")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
# On lower-cased bytes: ignoring case costs two seconds on a mail of 50 MB.
_BOUNDARY = re.compile(rb"""boundary\*?\d{0,3}\*?\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""")
_PART_HEADER = re.compile(rb"\ncontent-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*")
_ENCLOSED = b"\ncontent-type: message/"


class TooComplex(Exception):
    """A structure that no person sends and that parsers need minutes for."""


@dataclass(frozen=True)
class Prepared:
    """A mail that a parser may see; `repaired` when its header block had to be mended or cut."""

    whole: bytes
    repaired: bool


def prepare(raw: bytes) -> Prepared:
    """Drop what stands before the header, mend and cap header lines. Raises `TooComplex` for a hostile structure."""
    start = _LEADING.match(raw)
    mail = raw[start.end() :] if start else raw
    blank = _BLANK_LINE.search(mail)
    head, body = (mail[: blank.end()], mail[blank.end() :]) if blank else (mail, b"")
    if not any(_HEADER.match(line) for line in head[:MOST_HEAD].splitlines()):
        return Prepared(b"\r\n" + mail, repaired=True)
    mended = _mended(head)
    if b"multipart/" in mended.lower() or b"message/" in mended.lower():
        _check_structure((mended + body).lower())
    if mended == head:
        return Prepared(mail, repaired=False)
    return Prepared(mended + body, repaired=True)


def _mended(head: bytes) -> bytes:
    """A line without a colon continues the one before it (RFC 7103, 7.2); otherwise parsers end the header there."""
    lines: list[bytes] = []
    length = total = 0
    for line in head.splitlines(keepends=True):
        begins = bool(_HEADER.match(line))
        kept = line if begins or line[:1] in b" \t" else b" " + line
        length = len(kept) if begins else length + len(kept)
        if length > MOST_HEADER:
            kept = kept[:MOST_HEADER] + b"\r\n" if begins else b""
        total += len(kept)
        if total > MOST_HEAD:
            break
        lines.append(kept)
    return b"".join(lines)


def _check_structure(lowered: bytes) -> None:
    if any(len(found[0]) > MOST_HEADER for found in _PART_HEADER.finditer(lowered)):
        raise TooComplex("a header of a part is too long")
    if lowered.count(_ENCLOSED) > MOST_PARTS:
        raise TooComplex("too many enclosed messages")
    if lowered.count(b"\n--") > MOST_PARTS:
        boundaries = {quoted or bare for quoted, bare in _BOUNDARY.findall(lowered)}
        lines = re.findall(rb"\n--([^\r\n]{1,200})", lowered)
        if sum(line.removesuffix(b"--").rstrip() in boundaries for line in lines) > MOST_PARTS:
            raise TooComplex("too many parts")
