"""What was said, written and typed is nowhere to be read: not in the database file, its log, a dump, or a backup."""

import base64
import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app import create_app, handlers, metadata
from desk.backup import write_backup
from desk.base import new_id
from desk.calendar import calendar_of
from desk.clock import Clock
from desk.desk import Desk
from desk.sign_in_limit import count_attempt
from desk.worker import Worker
from intake.concern import Enclosure
from intake.mail.reader import Reader
from intake.phone.calling_back.callbacks import callbacks_of, mark_done
from intake.receive import enclose
from routing.models import Handover, HandoverStatus
from tests.builders import a_colleague
from tests.desk.conftest import Command
from tests.intake.mail.inbox import take_in
from tests.intake.phone.line import Line
from triage import actions
from triage.models import Contact, Ticket
from triage.place import taken_over
from triage.tickets import Reporter
from triage.values import CloseReason, Urgency

# Every word here occurs nowhere else in the product, so that one that is found has leaked. Six letters would be found
# once in twenty runs by chance: a backup is seventeen million signs of base64, read without regard to capitals.
CHILD, REPORTER, SCHOOL = "Eglantientje Oeverzwaluw", "Zwaantje Kwikstaart", "De Verzonnen Nachtzwaluw"
ADDRESS, CALLER, KEYED, NOTED = "z.kwikstaart@nachtzwaluw.example", "+31600000987", "0600000876", "+31600000765"
SUBJECT = f"Zorgen over {CHILD}"
SENTENCE = "Achter de ijskast woont een eenzame rietzanger."
FILE, FILE_NAME = b"Getekend: de klapekster, met vlekken. " * 40_000, "tekening-klapekster.txt"
PERSON, WHY, SPOKEN = "Diederikus Tapuitvink", "Omdat de grasmus niet meer zingt.", "Roerdomp is om vier uur gebeld."
NOTE, CLOSING, EMERGENCY = "Gesproken met de wielewaal.", "De kwartelkoning is weer thuis.", "112 gebeld door Tureluur"

WORDS = (
    *CHILD.split(), *REPORTER.split(), "Nachtzwaluw", ADDRESS, "kwikstaart", CALLER, CALLER[3:], KEYED, KEYED[1:],
    NOTED[3:], "rietzanger", "eenzame", "ijskast", "klapekster", "vlekken", *PERSON.split(), "grasmus", "Roerdomp",
    "wielewaal", "kwartelkoning", "Tureluur",
)  # fmt: skip


@pytest.fixture
def lived(desk: Desk) -> Desk:
    """A desk to which a person mailed and another phoned, and what colleagues did then."""
    with Reader() as reader:
        take_in(desk, reader, _mail(), b"Subject: " + b"\xff" * 20 + SENTENCE.encode())
    _phone(desk)
    colleague = a_colleague(desk).id
    desk.database.run(lambda session: _work_on_it(session, colleague))
    desk.database.run(lambda session: count_attempt(session, ADDRESS, "192.0.2.77"))
    Worker(desk.database, handlers(desk), schedule=lambda: None).drain()
    return desk


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{REPORTER} <{ADDRESS}>", "meldpunt@meldpunt.example", SUBJECT
    mail["Date"], mail["Message-ID"] = "Tue, 14 Apr 2020 09:58:00 +0200", f"<rietzanger@{ADDRESS.partition('@')[2]}>"
    mail.set_content(f"{SENTENCE}\n\nGroet, {REPORTER}, {SCHOOL}\n")
    mail.add_attachment(FILE, maintype="text", subtype="plain", filename=FILE_NAME)
    return mail.as_bytes()


def _phone(desk: Desk) -> None:
    line = Line(desk, create_app(desk.settings, desk))
    line.busy()
    call = line.dial(From=CALLER, CallerName=REPORTER, FromCity="Rietzanger")
    for keys in ("0", "9", KEYED, "1"):
        call.press(keys)
    call.hang_up()
    other = line.dial(From=NOTED)
    other.press("2")
    other.press("0")
    other.press("9")
    other.press("")
    other.press("")
    other.press("")
    other.speak()
    other.hang_up()


def _work_on_it(session: Session, colleague: UUID) -> None:
    clock: Clock = session.info["clock"]
    doing = actions.Doing(colleague, clock.now())
    tickets = list(session.scalars(select(Ticket).order_by(Ticket.opened_at)).unique())
    assert len(tickets) == 4
    for ticket in tickets:
        described = actions.Description(SUBJECT, Reporter(REPORTER, SCHOOL, ADDRESS, CALLER))
        actions.describe(session, ticket, doing, described)
        actions.rate(session, ticket, doing, actions.Rating(Urgency.ACUTE, SENTENCE, EMERGENCY))
        actions.note(session, ticket, doing, NOTE)
        session.add(_handover(ticket, doing))
        if asked := [each.id for each in callbacks_of(session, ticket)]:
            mark_done(session, ticket.number, asked, colleague, NOTE)
        taken_over(ticket, calendar_of(session), doing.at, by="veilig-thuis")
        actions.close(session, ticket, doing, CloseReason.HELP_ARRANGED, CLOSING)
    contact = session.scalars(select(Contact).where(Contact.from_hash.is_not(None))).unique().first()
    assert contact is not None
    contact.tick_off_reason = CLOSING
    enclose(session, contact, (Enclosure("9", FILE_NAME, "text/plain", FILE),))


def _handover(ticket: Ticket, doing: actions.Doing) -> Handover:
    handover = Handover(
        id=new_id(), ticket_id=ticket.id, data_key=ticket.data_key, form_key=str(new_id()), partner="veilig-thuis",
        partner_name="Veilig Thuis", status=HandoverStatus.CONFIRMED, rule="", by_id=doing.actor_id, at=doing.at,
    )  # fmt: skip
    handover.person, handover.why, handover.confirmed_by = PERSON, WHY, f"{PERSON}, {SPOKEN}"
    return handover


def _found(content: bytes) -> list[str]:
    folded = content.lower()
    return [word for word in WORDS if word.lower().encode() in folded]


def _database_files(desk: Desk) -> Iterator[bytes]:
    """The file, its write-ahead log and its index; on PostgreSQL the files of the server."""
    if desk.database.on_sqlite:
        path = Path(make_url(desk.database.url).database or "")
        files = sorted(path.parent.glob(f"{path.name}*"))
        assert [item.name.removeprefix(path.name) for item in files] == ["", "-shm", "-wal"]
        yield from (item.read_bytes() for item in files)
        return
    with desk.database.engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory")) or "")
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    if not os.access(folder, os.R_OK | os.X_OK):
        pytest.skip("the server's files are not ours to read")
    for item in (*(folder / "base" / str(oid)).iterdir(), *(folder / "pg_wal").glob("0*")):
        yield item.read_bytes()


def _dump(desk: Desk) -> Iterator[bytes]:
    """Every row as a dump holds it, and every binary cell opened from its notation."""
    if not desk.database.on_sqlite:
        yield from _copied(desk.database.url.replace("+psycopg", "", 1))
        return
    with closing(sqlite3.connect(make_url(desk.database.url).database or "")) as connection:
        yield from (line.encode("utf-8", "surrogatepass") for line in connection.iterdump())


def _copied(url: str) -> Iterator[bytes]:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for table in metadata().sorted_tables:
            statement = SQL("COPY {} TO STDOUT").format(Identifier(table.name))
            with cursor.copy(statement) as rows:
                for row in map(bytes, rows):
                    yield row
                    cells = re.findall(rb"\\\\x([0-9a-f]+)", row)
                    yield from (bytes.fromhex(cell.decode()) for cell in cells)


def _backup(desk: Desk, folder: Path) -> Iterator[bytes]:
    """A backup's bytes, what its tables say, and every binary cell."""
    write_backup(desk.database, metadata(), folder / "desk.backup")
    yield (folder / "desk.backup").read_bytes()
    with zipfile.ZipFile(folder / "desk.backup") as archive:
        for name in archive.namelist():
            yield archive.read(name)
            cells = re.findall(rb'"([A-Za-z0-9+/]{16,}={0,2})"', archive.read(name))
            yield from (base64.b64decode(cell) for cell in cells if len(cell) % 4 == 0)


def test_what_went_in_comes_out_for_staff(lived: Desk, command: Command, tmp_path: Path) -> None:
    """Without this the tests below could pass because nothing ever went in."""
    shown = command("export", "--files", tmp_path / "files").stdout
    opened = [json.dumps(json.loads(line), ensure_ascii=False).encode() for line in shown.splitlines()]
    opened += [item.read_bytes() for item in (tmp_path / "files").iterdir()]
    assert {word for content in opened for word in _found(content)} == set(WORDS) - {KEYED}  # which became +316…


def test_no_word_is_in_the_files_of_the_database(lived: Desk) -> None:
    assert [found for content in _database_files(lived) if (found := _found(content))] == []


def test_no_word_is_in_a_dump(lived: Desk) -> None:
    assert [found for content in _dump(lived) if (found := _found(content))] == []


def test_no_word_is_in_a_backup(lived: Desk, tmp_path: Path) -> None:
    assert [found for content in _backup(lived, tmp_path) if (found := _found(content))] == []


def test_the_same_file_twice_does_not_show(lived: Desk) -> None:
    with lived.database.reading() as session:
        hashes = session.scalars(text("SELECT sha256_sealed FROM blob")).all()
        chunks = session.scalars(text("SELECT sealed FROM blob_chunk")).all()
    assert len(set(hashes)) == len(hashes)
    assert len(set(chunks)) == len(chunks)
