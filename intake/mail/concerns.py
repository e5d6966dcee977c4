"""From a parsed mail to the concern that `receive` takes."""

from dataclasses import dataclass
from datetime import datetime

from desk.blobs import Blob
from desk.data_keys import DataKey
from intake.concern import Concern, Enclosure, Reporter
from intake.mail import words
from intake.mail.machine import Writer, absent
from intake.mail.parsed import Defect, ParsedMail
from intake.mail.threading import Placement
from triage.values import Channel, Outcome

RAW_NEEDED = {Defect.BROKEN_STRUCTURE, Defect.BROKEN_FILE, Defect.CUT_TEXT}


@dataclass(frozen=True)
class Delivery:
    """What is known of a mail without parsing it. `arrived_at` is desk time; `size` in bytes, as the server counts.

    `data_key` is None when it does not open; the contact is then sealed under a new one.
    """

    provider_ref: str
    arrived_at: datetime
    size: int
    lack: words.Lack | None
    data_key: DataKey | None
    blob: Blob


def concern_of(delivery: Delivery, mail: ParsedMail, writer: Writer, placement: Placement) -> Concern:
    """The normal form of a mail, whatever state it is in."""
    return Concern(
        channel=Channel.MAIL,
        provider_ref=delivery.provider_ref,
        started_at=delivery.arrived_at,
        outcome=_outcome(mail, writer, placement),
        subject=_subject(delivery, mail),
        text=_text(delivery, mail),
        reporter=Reporter(name=mail.sender_name, email=mail.sender_address),
        from_address=mail.sender_address,
        from_name=mail.sender_name,
        raw_sha256=None if delivery.lack is words.Lack.DAMAGED else delivery.blob.sha256,
        data_key=delivery.data_key,
        joins=placement.joins,
        quiet=writer is Writer.AUTO_REPLY and absent(mail),
        enclosures=_enclosures(delivery, mail),
    )


def _outcome(mail: ParsedMail, writer: Writer, placement: Placement) -> Outcome:
    if not mail.readable:
        return Outcome.UNREADABLE
    if writer in {Writer.BOUNCE, Writer.AUTO_REPLY}:
        return Outcome.MACHINE
    return Outcome.PROPOSED if placement.mentions else Outcome.TICKET


def _subject(delivery: Delivery, mail: ParsedMail) -> str:
    if not mail.readable:
        return words.UNREADABLE
    if delivery.lack:
        return words.lacking_title(delivery.lack, mail.subject)
    return mail.subject or words.NO_SUBJECT


def _text(delivery: Delivery, mail: ParsedMail) -> str:
    if delivery.lack:
        return words.lacking_text(delivery.lack, delivery.size, mail.text)
    if not mail.readable:
        subject = f"\n\nOnderwerp: {mail.subject}" if mail.subject else ""
        return words.UNREADABLE_TEXT + subject
    return mail.text or words.NO_TEXT


def _enclosures(delivery: Delivery, mail: ParsedMail) -> tuple[Enclosure, ...]:
    """Every file; of a start only the start itself, because its last file is cut somewhere."""
    if delivery.lack in {words.Lack.ALL, words.Lack.DAMAGED}:
        return ()
    files = () if delivery.lack else mail.files
    kept = [Enclosure(str(n), file.name, file.media_type, file.content) for n, file in enumerate(files, 1)]
    if delivery.lack or not mail.readable or RAW_NEEDED & set(mail.defects):
        kept.append(Enclosure("raw", "bericht.eml", "message/rfc822", delivery.blob))
    return tuple(kept)
