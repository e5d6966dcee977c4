"""A mailbox in memory that fails as told, and short ways to what the desk made of its mails."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.blobs import content_of
from desk.desk import Desk
from desk.sender import TryAgain
from intake.mail.faults import Refused
from intake.mail.inbox import Stated
from intake.mail.ingest import Fetcher
from intake.mail.models import RawMail
from intake.mail.parsed import ParsedMail
from intake.mail.process import Processor
from intake.mail.reader import Defeated, Reader
from triage.models import Contact, Entry, Ticket
from triage.values import Direction

ARRIVED = datetime(2020, 4, 14, 7, 59, tzinfo=UTC)


@dataclass
class MemoryInbox:
    """Mails by UID. `broken` ones end the connection when fetched; `refused` and `unmovable` ones are answered NO.

    `withheld` ones are listed and do not come; `irremovable` ones can be copied only. While `away`, nothing answers.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    identity: str = "desk@memory:143/INBOX"
    validity: int = 1
    internaldate: datetime = ARRIVED
    broken: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    unmovable: set[int] = field(default_factory=set)
    irremovable: set[int] = field(default_factory=set)
    copies: bool = False
    away: bool = False
    fetched: Counter[int] = field(default_factory=Counter)
    moved: list[int] = field(default_factory=list)
    copied: list[int] = field(default_factory=list)
    commands: int = 0
    name: str = "meldpunt"

    def select(self) -> int:
        if self.away:
            raise TryAgain("imap: ConnectionRefusedError")
        return self.validity

    def reopen(self) -> None:
        self.select()

    def stated(self) -> list[Stated]:
        return [Stated(uid, self.internaldate, len(mail)) for uid, mail in self.mails.items()]

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        self.fetched.update(uids)
        self._fails(uids)
        return {uid: self.mails[uid] for uid in uids if uid in self.mails.keys() - self.withheld}

    def start(self, uid: int, most: int) -> bytes | None:
        self._fails([uid])
        return self.mails[uid][:most] if uid in self.mails.keys() - self.withheld else None

    def move(self, uids: list[int]) -> None:
        self._leaves(uids, self.unmovable)

    def copy(self, uids: list[int]) -> None:
        if self.unmovable & set(uids):
            raise Refused("OVERQUOTA")
        self.copied += uids

    def remove(self, uids: list[int]) -> None:
        self._leaves(uids, self.irremovable)

    def _fails(self, uids: list[int]) -> None:
        if self.broken & set(uids):
            raise TryAgain("imap: abort")
        if self.refused & set(uids):
            raise Refused

    def _leaves(self, uids: list[int], staying: set[int]) -> None:
        self.commands += 1
        if staying & set(uids):
            raise Refused("OVERQUOTA")
        for uid in uids:
            self.moved.append(uid)
            self.mails.pop(uid, None)


class DefeatedReader(Reader):
    """A reader whose child dies of every mail."""

    def read(self, raw: bytes) -> ParsedMail:
        raise Defeated("EOFError")


def no_step(_name: str) -> None:
    pass


def alive() -> None:
    pass


def stored(desk: Desk) -> list[bytes]:
    """The bytes in the raw store, in the order in which they came."""
    with desk.database.reading() as session:
        return [content_of(session, raw.blob) for raw in raws(session)]


def fetch(desk: Desk, *mails: bytes, internaldate: datetime = ARRIVED, mailbox: str = "desk@memory:143/INBOX") -> None:
    """Put mails into the raw store, through a mailbox of their own."""
    inbox = MemoryInbox(dict(enumerate(mails, 1)), mailbox, internaldate=internaldate)
    inbox.validity = abs(hash((mails, mailbox))) % 2**31
    Fetcher(desk, no_step).scan(inbox, lambda: None)


def process(desk: Desk, reader: Reader) -> int:
    """Make tickets of everything in the raw store."""
    return Processor(desk, reader, Event(), step=no_step).run_once()


def take_in(desk: Desk, reader: Reader, *mails: bytes, internaldate: datetime = ARRIVED) -> None:
    """Fetch and process."""
    fetch(desk, *mails, internaldate=internaldate)
    process(desk, reader)


def tickets(session: Session) -> list[Ticket]:
    return list(session.scalars(select(Ticket).order_by(Ticket.opened_at, Ticket.id)).unique())


def contacts(session: Session, direction: Direction = Direction.IN) -> list[Contact]:
    rows = session.scalars(select(Contact).where(Contact.direction == direction).order_by(Contact.started_at)).unique()
    return list(rows)


def raws(session: Session) -> list[RawMail]:
    return list(session.scalars(select(RawMail).order_by(RawMail.n)).unique())


def notes(session: Session, ticket: Ticket) -> str:
    """Everything the timeline says in words."""
    entries = session.scalars(select(Entry).where(Entry.ticket_id == ticket.id).order_by(Entry.n)).unique()
    return " ".join(entry.text for entry in entries if entry.text)
