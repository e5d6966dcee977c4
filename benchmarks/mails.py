"""Mail to ticket beside mail-parser's own rate on the same mails: raw first, sealed, searchable, to be acknowledged."""

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import mailparser
from sqlalchemy import func, select

from benchmarks.inbox import mails
from benchmarks.result import Result, above, at_least
from benchmarks.site import a_site
from desk.desk import Desk, open_desk
from desk.jobs import Job
from desk.sender import ConsoleSender
from desk.settings import PREFIX, load_settings
from intake.mail.inbox import Stated
from intake.mail.ingest import Fetcher
from intake.mail.mailbox import Connection
from intake.mail.process import Processor
from intake.mail.reader import Reader
from triage.models import Contact, Ticket

COUNT = 1_000
ROUNDS = 3
ADDRESS = "meldpunt@meldpunt.example"
WARM_UP = b"From: Proef <proef@vos.example>\r\nSubject: proef\r\nMessage-ID: <proef@vos.example>\r\n\r\nEen proef.\r\n"


class Shelf(Connection):
    """A mailbox without a network: what a server would give, at once."""

    def __init__(self, raws: Iterable[bytes]) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        self.name = self.identity = "shelf"
        self._mails = {Stated(uid, now, len(raw)): raw for uid, raw in enumerate(raws, 1)}

    def select(self) -> int:
        """The same folder, always."""
        return 1

    def stated(self) -> list[Stated]:
        """Every mail that was not moved."""
        return list(self._mails)

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """The bytes of mails."""
        wanted = set(uids)
        return {mail.uid: raw for mail, raw in self._mails.items() if mail.uid in wanted}

    @property
    def copies(self) -> bool:
        """Moving is one step here."""
        return False

    def move(self, uids: list[int]) -> None:
        """They are gone from here."""
        moved = set(uids)
        self._mails = {mail: raw for mail, raw in self._mails.items() if mail.uid not in moved}


def measure() -> Iterator[Result]:
    """Floor and desk in turn; the best round of either counts, so that noise hits both alike."""
    raws = mails(COUNT)
    floor, desk = [], []
    for _ in range(ROUNDS):
        floor.append(_rate(lambda: [mailparser.parse_from_bytes(raw) for raw in raws]))
        desk.append(_desk_rate(raws))
    yield at_least("mail to ticket", max(desk), "mails/s", max(floor), 0.25)
    yield above("mail to ticket, in itself", max(desk), "mails/s", 100)
    if shutil.which("dovecot"):
        yield above("mail to ticket, fetched over IMAP", _rate_over_imap(raws), "mails/s", 100)


def _desk_rate(raws: list[bytes]) -> float:
    with _a_desk() as desk, Reader() as reader:
        _take_in(desk, reader, Shelf([WARM_UP]))
        shelf = Shelf(raws)
        shelf.identity = "inbox"
        rate = _rate(lambda: _take_in(desk, reader, shelf))
        _check(desk, len(raws) + 1)
        return rate


def _rate_over_imap(raws: list[bytes]) -> float:
    from tests.servers.dovecot import running_dovecot

    with running_dovecot() as server, _a_desk(IMAP_URL=server.url("desk")) as desk, Reader() as reader:
        _take_in(desk, reader, Shelf([WARM_UP]))
        server.deliver("desk", *raws)
        with Connection(desk.settings.mailboxes[0]) as connection:
            rate = _rate(lambda: _take_in(desk, reader, connection))
        _check(desk, len(raws) + 1)
        return rate


def _take_in(desk: Desk, reader: Reader, connection: Connection) -> None:
    """The whole path of one worker: raw stored and committed, moved, then every mail a ticket."""
    Fetcher(desk, _no_step).scan(connection, lambda: None)
    processor = Processor(desk, reader, threading.Event(), step=_no_step)
    while processor.run_once():
        pass


def _no_step(_name: str) -> None:
    """Nothing falls over here."""


def _check(desk: Desk, count: int) -> None:
    """Each mail is one ticket with one acknowledgement on its way, or the figure means nothing."""
    with desk.database.reading() as session:
        tickets = session.scalar(select(func.count()).select_from(Ticket))
        letters = session.scalar(select(func.count()).select_from(Job).where(Job.kind == "send_letter"))
        contacts = session.scalar(select(func.count()).select_from(Contact))
    assert (tickets, letters, contacts) == (count, count, 2 * count), (tickets, letters, contacts)


@contextmanager
def _a_desk(**settings: str) -> Iterator[Desk]:
    with a_site(MAIL_FROM=ADDRESS, SMTP_URL="smtp://127.0.0.1:9", **settings) as site:
        ours = {name: value for name, value in site.environment.items() if name.startswith(PREFIX)}
        given = load_settings(**{name.removeprefix(PREFIX).lower(): value for name, value in ours.items()})
        desk = open_desk(given, ConsoleSender())
        try:
            yield desk
        finally:
            desk.database.close()


def _rate(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return COUNT / (time.perf_counter() - began)
