"""What stands on the wire: a letter as a MIME message that no address, subject or reference can break. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from typing import Any

from desk.sender import GiveUp
from hours import local

NOWHERE = "meldpunt.invalid"  # RFC 2606: of a desk without an address of its own
DESK_NAME = "Meldpunt kwetsbare kinderen"
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3
ENCODED_WORD = "=?"  # RFC 2047: the library decodes these wherever it parses, the line ends inside them included
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,900}>")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Draft:
    """A letter read from its contact. `written_at` is desk time and never changes, so that a copy is an equal mail."""

    message_id: str
    to: str
    subject: str
    body: str
    written_at: datetime
    answers: str | None
    automatic: bool


def compose(draft: Draft, mail_from: str) -> EmailMessage:
    """The mail to send. Raises `GiveUp` when its recipient cannot be written to, or it would say what was not set."""
    message = EmailMessage(policy=SMTP.clone(header_factory=_headers()))
    message["From"] = sender(mail_from)
    message["To"] = str(recipient(draft.to))
    message["Subject"] = " ".join(CONTROL.sub(" ", draft.subject).replace(ENCODED_WORD, "= ?").split())
    message["Date"] = format_datetime(local(draft.written_at))
    message["Message-ID"] = draft.message_id
    if draft.answers and MESSAGE_ID.fullmatch(draft.answers):
        message["In-Reply-To"] = message["References"] = draft.answers
    if draft.automatic:
        # RFC 3834 5: an answer, or a mail that no other mail caused.
        message["Auto-Submitted"] = "auto-replied" if draft.answers else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"  # Exchange: no absence notes, no receipts
    message.set_content(CONTROL.sub("", draft.body) + "\n", cte="quoted-printable")
    if message_from_bytes(message.as_bytes()).keys() != message.keys():
        raise GiveUp("the mail would carry a header that was not set")
    return message


def recipient(address: str) -> Address:
    """An address that is safe in a header and in SMTP, its domain in ASCII. Raises `GiveUp` for any other."""
    user, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise GiveUp("the recipient's domain cannot be written") from error
    host = re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", ascii_domain)
    plain = LOCAL_PART.fullmatch(user) and ENCODED_WORD not in user
    if not at or not plain or not host or len(user) + len(ascii_domain) >= LONGEST_ADDRESS:
        raise GiveUp("the recipient's address cannot be written")
    return Address(username=user, domain=ascii_domain)


def domain_of(mail_from: str) -> str:
    """The domain that the desk's Message-IDs carry: that of the setting `mail_from`."""
    return sender(mail_from).domain


def sender(mail_from: str) -> Address:
    """The desk's own address, under its name when the setting `mail_from` gives none."""
    name, address = parseaddr(mail_from)
    user, _at, domain = address.rpartition("@")
    return Address(name or DESK_NAME, user or "meldpunt", domain or NOWHERE)


class Verbatim(UnstructuredHeader, BaseHeader):
    """A header that is neither read nor folded: what strangers write would be decoded, a long reference encoded."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is."""
        kwds["parse_tree"], kwds["decoded"] = None, value

    def fold(self, *, policy: Policy) -> str:
        """The header as one line."""
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("to", "message-id", "in-reply-to", "references"):
        registry.map_to_type(name, Verbatim)
    return registry
