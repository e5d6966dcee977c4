"""From raw bytes to a mail as people read it; what defeats the parsers still gives its header lines."""

import email
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from email.message import Message

from intake.mail.headers import MOST_IDS, decoded, message_ids, unfolded
from intake.mail.parsed import Defect, File, ParsedMail
from intake.mail.parts import body_of
from intake.mail.prepare import MOST_HEAD, MOST_HEADER, TooComplex, prepare
from intake.mail.sender import sender_of

MOST_SUBJECT = 500
MOST_TEXT = 100_000  # characters on a ticket; the whole text is then a file beside it
MOST_MARK = 500
MARKS = (
    "auto-submitted", "content-type", "delivered-to", "from", "list-id", "list-post", "list-unsubscribe", "precedence",
    "return-path", "sender", "x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-failed-recipients",
    "x-loop",
)  # fmt: skip

Headers = Mapping[str, list[str]]

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_GAPS = re.compile(r"\n{3,}")
_HEADER_LINE = re.compile(r"^([!-9;-~]{1,60})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)


def parse(raw: bytes) -> ParsedMail:
    """Parse a mail, or the start of one. Never raises on content; `readable` tells when only header lines were read."""
    try:
        prepared = prepare(raw)
        message = email.message_from_bytes(prepared.whole)
        return _read(message, repaired=prepared.repaired)
    except (TooComplex, RecursionError, AttributeError, LookupError, TypeError, ValueError, AssertionError):
        return header_lines_of(raw)


def _read(message: Message, *, repaired: bool) -> ParsedMail:
    body = body_of(message)
    text = tidy("\n\n".join(body.texts))
    files = tuple(body.files)
    defects = body.defects | ({Defect.REPAIRED_HEADER} if repaired else set())
    if len(text) > MOST_TEXT:
        files = (*files, File("tekst.txt", "text/plain", text.encode()))
        text = text[:MOST_TEXT]
        defects = defects if Defect.CUT_TEXT in defects else defects | {Defect.LONG_TEXT}  # that file is not whole then
    mail = _headed(_headers(message.raw_items()), defects)
    return replace(mail, text=text, files=files, returned=tuple(body.returned))


def header_lines_of(raw: bytes) -> ParsedMail:
    """Sender and subject as far as bare eyes can read them in the first lines."""
    head = raw[:MOST_HEAD].lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    pairs = _HEADER_LINE.findall(head.decode("ascii", "surrogateescape"))
    mail = _headed(_headers((name, value[:MOST_HEADER]) for name, value in pairs), {Defect.BROKEN_STRUCTURE})
    return replace(mail, readable=False)


def _headed(headers: Headers, defects: set[Defect]) -> ParsedMail:
    sender = sender_of(headers)
    ids = [found for value in headers.get("message-id", ()) for found in message_ids(unfolded(value))]
    return ParsedMail(
        sender_name=sender.name,
        sender_address=sender.address,
        subject=decoded(next(iter(headers.get("subject", ())), ""))[:MOST_SUBJECT],
        message_id=ids[0] if ids else None,
        answers=_answers(headers),
        marks={name: _short(headers[name]) for name in MARKS if name in headers},
        defects=tuple(sorted(defects | (set() if sender.address else {Defect.NO_SENDER}))),
    )


def _answers(headers: Headers) -> tuple[str, ...]:
    nearest = [found for value in headers.get("in-reply-to", ()) for found in message_ids(unfolded(value))]
    thread = [found for value in headers.get("references", ()) for found in message_ids(unfolded(value))]
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))[:MOST_IDS]


def _headers(pairs: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        headers.setdefault(name.lower(), []).append(str(value))
    return headers


def _short(values: list[str]) -> tuple[str, ...]:
    return tuple(decoded(value[:MOST_MARK]) for value in values[:5])


def tidy(text: str) -> str:
    """Plain text for a page: one kind of line end, no controls, no gaps of more than one empty line."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()
