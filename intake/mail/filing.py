"""One raw mail becomes a contact on a ticket, with its note and its acknowledgement, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.settings import Settings
from desk.vault import SealBroken
from intake.mail import words
from intake.mail.acknowledge import Question, Ration, acknowledge
from intake.mail.concerns import Delivery, concern_of
from intake.mail.machine import Writer, undelivered, writer_of
from intake.mail.models import RawMail, RawState
from intake.mail.parsed import ParsedMail
from intake.mail.places import trails_of
from intake.mail.threading import Placement, placement, traces_of
from intake.receive import Received, receive_new
from routing.letters import is_ours, mark_undelivered
from triage.models import Contact
from triage.tickets import add_entry
from triage.values import Channel, EntryKind


def filed_among(session: Session, content_keys: Sequence[bytes]) -> dict[bytes, UUID]:
    """Which of the content keys stand on a ticket, with their contacts."""
    references = [key.hex() for key in content_keys]
    on_ticket = (Contact.channel == Channel.MAIL, Contact.provider_ref.in_(references), Contact.ticket_id.is_not(None))
    rows = session.execute(select(Contact.provider_ref, Contact.id).where(*on_ticket))
    return {bytes.fromhex(reference): contact_id for reference, contact_id in rows}


def file_copy(raw: RawMail, contact_id: UUID) -> None:
    """One more delivery of a mail that stands on a ticket: the same contact, no second one."""
    raw.contact_id, raw.state = contact_id, RawState.PROCESSED


@dataclass(frozen=True)
class Office:
    """The desk as a correspondent. `addresses` in lower case: mail from these is never answered."""

    mail_from: str
    addresses: frozenset[str]
    most_bytes: int
    """Of a mail that is fetched whole."""


def office_of(settings: Settings) -> Office:
    """Every address of the desk: what it writes from, what it is written to, and the names of its mailboxes."""
    found = {parseaddr(settings.mail_from)[1]}
    for box in settings.mailboxes:
        found.update(box.own_addresses)
        found.add(unquote(urlsplit(box.url.get_secret_value()).username or ""))
    addresses = frozenset(address.lower() for address in found if "@" in address)
    return Office(settings.mail_from, addresses, settings.mail_max_bytes)


def file_mail(session: Session, office: Office, ration: Ration, raw: RawMail, read: ParsedMail | None) -> Received:
    """Receive a mail that is no copy, say on its ticket what is odd about it, and acknowledge it if a person wrote it.

    `read` is None when what was stored does not open. A raw mail in quarantine stays so; any other is processed.
    Nothing is flushed: a group of mails is written at once.
    """
    delivery = _damaged(raw) if read is None else _delivery(raw, _lack(raw, office))
    mail = read or ParsedMail(readable=False)
    with session.no_autoflush:
        writer = writer_of(mail, office.addresses, own_message=_came_back(session, mail))
        trails = trails_of(session, traces_of(mail, writer), mail.sender_address) if mail.readable else []
        place = placement(trails, writer)
        received = receive_new(session, concern_of(delivery, mail, writer, place))
        received.contact.message_id = mail.message_id
        raw.contact = received.contact
        raw.state = RawState.QUARANTINED if raw.state is RawState.QUARANTINED else RawState.PROCESSED
        silence = acknowledge(session, Question(received, mail, writer, raw.internaldate), ration, office.mail_from)
        said = [words.about_writer(writer), silence.reason if silence else ""]
        _note(session, received, [*_about_form(mail, place), *said, *_about_letter(session, mail, writer)])
    return received


def _lack(raw: RawMail, office: Office) -> words.Lack | None:
    if raw.whole:
        return None
    if not raw.blob.size:
        return words.Lack.ALL
    return words.Lack.TOO_BIG if raw.size > office.most_bytes else words.Lack.REST


def _delivery(raw: RawMail, lack: words.Lack | None) -> Delivery:
    return Delivery(raw.content_key.hex(), raw.arrived_at, raw.size, lack, raw.data_key, raw.blob)


def _damaged(raw: RawMail) -> Delivery:
    delivery = _delivery(raw, words.Lack.DAMAGED)
    try:
        return replace(delivery, data_key=raw.data_key if raw.data_key.secret else None)
    except SealBroken:
        return replace(delivery, data_key=None)


def _came_back(session: Session, mail: ParsedMail) -> bool:
    return mail.message_id is not None and is_ours(session.info["vault"], mail.message_id)


def _about_form(mail: ParsedMail, place: Placement) -> list[str]:
    mention = [words.about_mention(place.mentions)] if place.mentions else []
    return mention + [words.about_defect(defect) for defect in mail.defects if mail.readable]


def _about_letter(session: Session, mail: ParsedMail, writer: Writer) -> list[str]:
    came_back = writer is Writer.BOUNCE and undelivered(mail) and mark_undelivered(session, mail.returned)
    return [words.LETTER_CAME_BACK] if came_back else []


def _note(session: Session, received: Received, sentences: list[str]) -> None:
    text = " ".join(sentence for sentence in sentences if sentence)
    if text and received.fresh:
        clock: Clock = session.info["clock"]
        fact = f"mail:{received.contact.id}"
        contact = received.contact
        add_entry(session, received.ticket, EntryKind.NOTE, at=clock.now(), contact=contact, fact=fact, text=text)
