"""Who is writing: a person, or a machine that must not be answered. Every rule errs to silence, never to a loop."""

import enum
import re
from collections.abc import Mapping

from intake.mail.parsed import ParsedMail

Marks = Mapping[str, tuple[str, ...]]


class Writer(enum.Enum):
    """Who wrote. Only a person is answered; whoever wrote, the mail stands on a ticket."""

    PERSON = "person"
    BOUNCE = "bounce"
    """A report on a letter: not delivered, delayed, read."""
    AUTO_REPLY = "auto_reply"
    """An answer that a machine gave: an absence note, an acknowledgement."""
    SILENT = "silent"
    """A list, a system, an address that is not read, or the desk itself."""


NOT_READ = re.compile(
    r"(?:.*[._+-])?(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|niet-?_?beantwoorden|geen-?_?antwoord|noreply\d*)(?:[._+-].*)?"
    r"|mailer-daemon|postmaster|owner-.*|.*-request|.*-owner|.*-bounces?|bounces?(?:[+-].*)?|listserv|majordomo"
)
REPORTS = re.compile(r"report-type\s*=\s*\"?(?:delivery-status|disposition-notification)", re.IGNORECASE)
ABSENCE = re.compile(
    r"\s*(?:(?:automatisch antwoord|automatic reply|auto(?:matic)?[ -]?reply|autoreply|out of (?:the )?office"
    r"|afwezigheids(?:bericht|melding)|ik ben (?:tijdelijk |momenteel |nu )?afwezig"
    r"|automatische antwort|abwesenheitsnotiz|r[ée]ponse automatique)\b"
    r"|afwezig\s*(?:$|:\s*(?:re|aw|antw)\s*:))",  # people write "Afwezig: Sem" about a pupil
    re.IGNORECASE,
)
UNDELIVERED = re.compile(
    r"\s*(?:undeliver(?:able|ed)|onbestelbaar|delivery status notification|mail delivery (?:failed|subsystem)"
    r"|returned mail|failure notice)\b",
    re.IGNORECASE,
)


FAILED = re.compile(rb"^action[ \t]*:[ \t]*failed\b", re.IGNORECASE | re.MULTILINE)  # RFC 3464 2.3.3


def writer_of(mail: ParsedMail, own_addresses: frozenset[str], *, own_message: bool = False) -> Writer:
    """Classify by RFC 3834 and by what Exchange, lists and mail systems send in its place.

    `own_addresses` in lower case; `own_message`: the mail bears a Message-ID that the desk made, so it came back.
    """
    marks = mail.marks or {}
    address = (mail.sender_address or "").lower()
    if own_message or address in own_addresses or not address:
        return Writer.BOUNCE if _bounced(mail, marks, address) else Writer.SILENT
    if _bounced(mail, marks, address):
        return Writer.BOUNCE
    if _answered_itself(mail, marks):
        return Writer.AUTO_REPLY
    return Writer.SILENT if _wants_no_answer(marks, address) else Writer.PERSON


def undelivered(mail: ParsedMail) -> bool:
    """Whether a report says that a letter was not delivered, for good; not that it is delayed, or was read."""
    return any(file.media_type == "message/delivery-status" and FAILED.search(file.content) for file in mail.files)


def absent(mail: ParsedMail) -> bool:
    """Whether an answer says no more than that somebody is away.

    Other help desks mark what a person wrote as an answer of theirs.
    """
    marks = mail.marks or {}
    return ABSENCE.match(mail.subject) is not None or "x-autoreply" in marks or "x-autorespond" in marks


def _bounced(mail: ParsedMail, marks: Marks, address: str) -> bool:
    content = _first(marks, "content-type")
    reported = content.lower().startswith("multipart/report") and REPORTS.search(content)
    no_way_back = _first(marks, "return-path").replace(" ", "") == "<>"
    return bool(
        reported
        or "x-failed-recipients" in marks
        or address.startswith("mailer-daemon@")
        or (no_way_back and UNDELIVERED.match(mail.subject))
    )


def _answered_itself(mail: ParsedMail, marks: Marks) -> bool:
    submitted = _keyword(_first(marks, "auto-submitted"))
    if submitted.startswith("auto-replied") or "x-autoreply" in marks or "x-autorespond" in marks:
        return True
    if _keyword(_first(marks, "precedence")) in {"auto_reply", "auto-reply"}:
        return True
    absent = ABSENCE.match(mail.subject) is not None
    # Exchange marks its absence notes as generated, which RFC 3834 reserves for mail that answers nothing.
    if submitted.startswith("auto-generated"):
        return absent or bool(mail.answers)
    return absent and (bool(mail.answers) or _first(marks, "return-path").strip() == "<>")


def _wants_no_answer(marks: Marks, address: str) -> bool:
    submitted = _keyword(_first(marks, "auto-submitted"))
    suppressed = {word.strip().lower() for word in _first(marks, "x-auto-response-suppress").split(",")}
    return bool(
        (submitted and submitted != "no")
        or _keyword(_first(marks, "precedence")) in {"bulk", "list", "junk"}
        or marks.keys() & {"list-id", "list-post", "list-unsubscribe", "x-loop"}
        or suppressed & {"all", "oof", "autoreply"}
        or _first(marks, "return-path").replace(" ", "") == "<>"
        or NOT_READ.fullmatch(address.rpartition("@")[0])
    )


def _first(marks: Marks, name: str) -> str:
    return next(iter(marks.get(name, ())), "")


def _keyword(value: str) -> str:
    return value.partition(";")[0].strip().lower()
