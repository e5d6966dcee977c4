"""The tree of a mail, walked by us: which parts are its text, which are files. Embedded mails are files, unopened."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import InvalidBase64CharactersDefect, InvalidBase64LengthDefect
from email.message import Message
from email.policy import compat32

from intake.mail.charsets import decode
from intake.mail.files import file_name, media_type
from intake.mail.headers import MESSAGE_ID, clean, message_ids
from intake.mail.html_text import text_of
from intake.mail.parsed import Defect, File
from intake.mail.versions import says_more

MOST_LEVELS = 50
_META = re.compile(rb"""<meta[^>]{1,200}charset\s*=\s*["']?([\w:.-]{1,40})""", re.IGNORECASE)
_BROKEN_BASE64 = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect)
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_AS_IT_CAME = compat32.clone(max_line_length=0, mangle_from_=False)
OTHER_VERSION = "andere-versie.txt"
RETURNED_HEADERS = "text/rfc822-headers"


@dataclass
class Body:
    """What a walk gathers: pieces of text in order, files, ids of returned letters, and what was wrong."""

    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    defects: set[Defect] = field(default_factory=set)
    spare: str = ""
    """Text of a file, for a mail that has no other text."""


def body_of(message: Message) -> Body:
    """Walk the whole tree. Raises whatever the `email` package raises on a tree that it cannot serve."""
    body = Body()
    _walk(message, body, report=message.get_content_type() == "multipart/report", level=0)
    if not any(text.strip() for text in body.texts):
        body.texts = [body.spare]
    return body


def _walk(part: Message, body: Body, *, report: bool, level: int) -> None:
    kind = part.get_content_type()
    if kind.startswith("message/") or (report and kind == RETURNED_HEADERS):
        body.returned += _ids_in(part) if report else []
        _keep(part, body)
    elif not part.is_multipart():
        _leaf(part, body)
    elif level >= MOST_LEVELS:
        body.defects.add(Defect.BROKEN_STRUCTURE)
        _keep(part, body)
    elif kind == "multipart/alternative":
        _alternative(part, body, level=level)
    else:
        for child in _children(part):
            _walk(child, body, report=report, level=level + 1)


def _alternative(part: Message, body: Body, *, level: int) -> None:
    """The last version with visible text is the text; whatever else the versions hold is kept as files.

    Versions should say the same. One with words that the text lacks is a file too: a gateway that signs the HTML alone
    must not hide the message, which then stands in the plain version only.
    """
    versions = []
    for child in _children(part):
        version = Body()
        _walk(child, version, report=False, level=level + 1)
        versions.append(version)
    chosen = next((v for v in reversed(versions) if any(text.strip() for text in v.texts)), None)
    for version in versions:
        body.files += version.files
        body.defects |= version.defects
        body.spare = body.spare or version.spare
    if chosen is None:
        return
    body.texts += chosen.texts
    for other in (version for version in versions if version is not chosen and says_more(version.texts, chosen.texts)):
        body.files.append(File(OTHER_VERSION, "text/plain", "\n\n".join(other.texts).encode("utf-8", "replace")))
        body.defects.add(Defect.OTHER_VERSION)


def _leaf(part: Message, body: Body) -> None:
    kind = part.get_content_type()
    broken_multipart = part.get_content_maintype() == "multipart"  # its boundary never came: everything is text
    if broken_multipart:
        body.defects.add(Defect.BROKEN_STRUCTURE)
    if kind not in {"text/plain", "text/html"} and not broken_multipart:
        _keep(part, body)
        return
    disposition, name = part.get_content_disposition(), _given_name(part)
    if disposition == "attachment" or (disposition and name):
        _keep(part, body)
        if disposition != "attachment":
            body.spare = body.spare or _text(part, body)
    elif name and body.texts:
        _keep(part, body)
    else:
        body.texts.append(_text(part, body))


def _text(part: Message, body: Body) -> str:
    content = _content(part, body)
    label = part.get_content_charset()
    if label is None and part.get_content_type() == "text/html" and (meta := _META.search(content[:4096])):
        label = meta[1].decode("ascii")
    text, guessed = decode(content, label)
    if guessed:
        body.defects.add(Defect.GUESSED_LETTERS)
    if part.get_content_type() != "text/html":
        return text
    shown, cut = text_of(text)
    if cut:
        body.defects.add(Defect.CUT_TEXT)
    return shown


def _keep(part: Message, body: Body) -> None:
    kind = media_type(part.get_content_type())
    content = _embedded(part, body) if part.is_multipart() else _content(part, body)
    name = file_name(_given_name(part), str(part.get("Content-ID", "")), kind, len(body.files) + 1)
    body.files.append(File(name, kind, content))


def _content(part: Message, body: Body) -> bytes:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return b""
    if any(isinstance(defect, _BROKEN_BASE64) for defect in part.defects):
        body.defects.add(Defect.BROKEN_FILE)
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):
        signs = _NO_BASE64.sub(b"", content)  # `email` gives it back undecoded
        return base64.b64decode(signs[: len(signs) // 4 * 4])
    return content


def _embedded(part: Message, body: Body) -> bytes:
    try:
        return b"\n".join(child.as_bytes(policy=_AS_IT_CAME) for child in _children(part))
    except (AttributeError, LookupError, TypeError, ValueError):  # what was read cannot always be written
        body.defects.add(Defect.BROKEN_FILE)
        return b""


def _given_name(part: Message) -> str | None:
    try:
        return part.get_filename() or None
    except (LookupError, ValueError, TypeError):  # parameters cut in pieces that do not fit (RFC 2231)
        return None


def _ids_in(part: Message) -> list[str]:
    if part.get_content_type() == RETURNED_HEADERS:
        content = part.get_payload(decode=True)
        text = content.decode("latin-1") if isinstance(content, bytes) else ""
        lines = [line for line in text.splitlines() if line.lower().startswith("message-id:")]
        return [found for line in lines for found in message_ids(line)]
    return [found[0] for child in _children(part) if (found := MESSAGE_ID.search(clean(str(child["Message-ID"]))))]


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))
