"""The export: everything, opened, line by line, in the documented form."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app import exporters, metadata
from desk.base import new_id
from desk.blobs import store
from desk.data_keys import DataKey, new_data_key
from desk.desk import Desk
from desk.export import snapshot
from intake.concern import Enclosure
from intake.mail.models import RawMail, RawState
from intake.phone.models import Callback
from routing.models import Handover, HandoverStatus
from tests.builders import a_colleague, a_ticket
from tests.desk.conftest import Command
from tests.fakes import FixedClock
from triage.export import EXPORTERS
from triage.models import Contact, Ticket
from triage.values import Category, Channel, Direction, Outcome, Urgency

DOCUMENTED = Path(__file__).parents[2] / "docs" / "export.md"
RAW = b"From: hanna@vos.example\r\n\r\nSem Fictief werkt op een telefoon."
RECORDING = b"RIFF" + bytes(range(256)) * 8
REQUIRED = {
    "ticket": "number status opened_at channel subject text reporter categories urgency claimed_by",
    "contact": "id channel provider_ref direction started_at ended_at outcome ticket",
    "entry": "id ticket at what text",
    "attachment": "ticket contact filename size sha256",
    "handover": "ticket partner status by at",
    "callback": "id ticket contact number promised_at tries next_at escalated_at done_at done_by",
    "raw_mail": "id ticket contact arrived_at state size sha256 whole",
    "audit": "n at actor action object result origin",
}
MAIL = "from_address from_name subject text raw_sha256"

Lines = dict[str, list[dict[str, object]]]


@pytest.fixture
def numbers(desk: Desk, clock: FixedClock) -> tuple[str, str]:
    """A mail that was rated and handed over, and a voicemail."""
    mail = a_ticket(desk, from_name="Hanna Papier", raw_sha256="ab" * 32)
    clock.advance(timedelta(minutes=5))
    call = a_ticket(
        desk,
        channel=Channel.PHONE,
        provider_ref="CA" + "1" * 32,
        outcome=Outcome.VOICEMAIL,
        from_address="+31600000142",
        subject="Voicemail",
        enclosures=(Enclosure("RE1", "voicemail.wav", "audio/x-wav", RECORDING),),
    )
    _hand_over(desk, mail)
    _keep(desk, mail, RAW)
    _promise(desk, call)
    return mail, call


def _keep(desk: Desk, number: str | None, content: bytes) -> None:
    """Store a raw mail; without a number it waits to be read."""
    with desk.database.writing() as session:
        found = select(Contact.id).join(Ticket, Contact.ticket_id == Ticket.id).where(Ticket.number == number)
        key = new_data_key(session, "mail")
        raw = RawMail(
            mailbox="desk@memory:143/INBOX", uidvalidity=1, uid=len(content), internaldate=desk.clock.real(),
            size=len(content), whole=True, content_key=b"k" * 32, data_key=key, blob=store(session, key, content),
            arrived_at=desk.clock.now(), state=RawState.PROCESSED if number else RawState.FETCHED,
            contact_id=session.scalar(found),
        )  # fmt: skip
        session.add(raw)


def _promise(desk: Desk, number: str) -> None:
    colleague = a_colleague(desk)
    with desk.database.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        contact = session.scalars(select(Contact.id).where(Contact.ticket_id == ticket.id)).one()
        promised = Callback(
            id=new_id(), ticket_id=ticket.id, contact_id=contact, data_key=ticket.data_key,
            promised_at=desk.clock.now(), done_by_id=colleague.id,
        )  # fmt: skip
        promised.number = "+31600000142"
        session.add(promised)


def _hand_over(desk: Desk, number: str) -> None:
    colleague = a_colleague(desk)
    with desk.database.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        ticket.urgency, ticket.leading_category, ticket.other_categories = Urgency.TODAY, Category.UNSAFE_HOME, "cat1"
        ticket.claimed_by_id = colleague.id
        handover = Handover(
            id=new_id(), ticket_id=ticket.id, data_key=ticket.data_key, form_key="form", partner="veilig-thuis",
            partner_name="Veilig Thuis", status=HandoverStatus.SENT, rule="", by_id=colleague.id, at=desk.clock.now(),
        )  # fmt: skip
        handover.person = "Bas Voorbeeld"
        session.add(handover)


def _lines(text: str) -> Lines:
    found: Lines = {}
    for line in text.splitlines():
        row = json.loads(line)
        found.setdefault(row.pop("kind"), []).append(row)
    return found


@pytest.fixture
def exported(command: Command, numbers: tuple[str, str]) -> Lines:
    said = command("export")
    assert said.exit_code == 0, said.output
    return _lines(said.stdout)


def test_every_kind_has_its_fields(exported: Lines) -> None:
    assert set(exported) == set(REQUIRED)
    for kind, fields in REQUIRED.items():
        for row in exported[kind]:
            assert set(fields.split()) <= set(row), kind
    for row in exported["contact"]:
        assert (set(MAIL.split()) <= set(row)) == (row["channel"] == "mail")


def test_every_field_is_documented(exported: Lines) -> None:
    documented = DOCUMENTED.read_text("utf-8")
    for kind, rows in exported.items():
        chapter = documented.partition(f"### `{kind}`")[2].partition("###")[0]
        named = {
            name.strip() for line in chapter.splitlines() for name in line.split("|")[1:2] for name in name.split(",")
        }
        assert set().union(*rows) == named - {"field", "---", ""}, kind


def test_a_ticket_is_told_whole(exported: Lines, numbers: tuple[str, str]) -> None:
    (ticket,) = [row for row in exported["ticket"] if row["number"] == numbers[0]]
    assert ticket["reporter"] == {
        "name": "Hanna Papier",
        "organisation": "Basisschool De Verzonnen Vos",
        "email": "hanna@vos.example",
        "phone": "+31600000142",
    }
    assert (ticket["subject"], ticket["channel"], ticket["status"]) == ("Zorgen over Sem Fictief", "mail", "new")
    assert (ticket["categories"], ticket["urgency"]) == (["cat2", "cat1"], "today")
    assert (ticket["opened_at"], ticket["claimed_by"]) == (
        "2020-04-14T08:00:00.000000Z",
        "iris.bedacht@meldpunt.example",
    )


def test_what_belongs_together_can_be_put_together(exported: Lines, numbers: tuple[str, str]) -> None:
    contacts = {row["id"]: row for row in exported["contact"]}
    assert {row["ticket"] for row in contacts.values()} == set(numbers)
    (file,) = exported["attachment"]
    assert contacts[str(file["contact"])]["provider_ref"] == "CA" + "1" * 32
    assert (file["size"], file["sha256"]) == (len(RECORDING), hashlib.sha256(RECORDING).hexdigest())
    assert {row["contact"] for row in exported["entry"]} <= {*contacts, None}
    (handover,) = exported["handover"]
    assert (handover["ticket"], handover["person"]) == (numbers[0], "Bas Voorbeeld")
    (raw,) = exported["raw_mail"]
    assert (raw["ticket"], contacts[str(raw["contact"])]["channel"]) == (numbers[0], "mail")
    assert (raw["size"], raw["sha256"], raw["whole"]) == (len(RAW), hashlib.sha256(RAW).hexdigest(), True)
    (callback,) = exported["callback"]
    assert (callback["ticket"], callback["number"], callback["done_at"]) == (numbers[1], "+31600000142", None)
    assert (callback["promised_at"], callback["done_by"]) == (
        "2020-04-14T08:05:00.000000Z",
        "iris.bedacht@meldpunt.example",
    )


def test_a_mail_that_nobody_read_yet_is_told_too(desk: Desk, command: Command) -> None:
    _keep(desk, None, RAW)
    (row,) = _lines(command("export").stdout)["raw_mail"]
    assert (row["ticket"], row["contact"], row["state"]) == (None, None, "fetched")


def test_every_table_is_told_or_said_to_be_left_out() -> None:
    documented = DOCUMENTED.read_text("utf-8").partition("## What is left out")[2].partition("\n## ")[0]
    reasons = {
        name.strip(): line.split("|")[2].strip()
        for line in documented.splitlines()
        if line.startswith("|") and "---" not in line
        for name in line.split("|")[1].split(",")
    }
    del reasons["table"]
    assert all(reasons.values())
    assert set(reasons) | set(REQUIRED) == {table.name for table in metadata().sorted_tables}
    assert not set(reasons) & set(REQUIRED)


def test_a_contact_without_a_ticket_is_told_too(desk: Desk, command: Command) -> None:
    with desk.database.writing() as session:
        session.add(_told_closed(desk, UUID(int=1)))
    (row,) = _lines(command("export").stdout)["contact"]
    assert (row["ticket"], row["outcome"], row["told"]) == (None, "told_closed", ["T8"])


def _told_closed(desk: Desk, contact_id: UUID) -> Contact:
    key = DataKey(id=contact_id, purpose="call", ring_key="gone")
    return Contact(
        id=contact_id, channel=Channel.PHONE, direction=Direction.IN, provider_ref="CA2", data_key=key,
        outcome=Outcome.TOLD_CLOSED, started_at=desk.clock.now(), told="T8",
    )  # fmt: skip


def test_words_whose_key_was_destroyed_are_null_and_the_rest_stands(desk: Desk, command: Command) -> None:
    number = a_ticket(desk)
    with desk.database.writing() as session:
        session.scalars(select(Ticket).where(Ticket.number == number)).one().data_key.destroy(desk.clock.real())
    (row,) = _lines(command("export").stdout)["ticket"]
    assert (row["number"], row["subject"], row["text"]) == (number, None, None)


def test_broken_text_of_broken_mail_does_not_break_the_file(desk: Desk, command: Command, tmp_path: Path) -> None:
    broken = "\udcff \u2028 \x00 Zoë\nnieuwe regel"
    a_ticket(desk, text=broken)
    assert command("export", tmp_path / "all.jsonl").exit_code == 0
    (row,) = _lines((tmp_path / "all.jsonl").read_text("ascii"))["ticket"]
    assert row["text"] == broken


def test_a_file_is_for_its_owner_only_and_never_overwritten(
    command: Command, numbers: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "all.jsonl"
    assert command("export", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    said = command("export", file)
    assert said.exit_code == 1
    assert "exists" in said.output
    assert file.read_bytes() == before


def test_files_come_along_when_asked(command: Command, numbers: tuple[str, str], tmp_path: Path) -> None:
    lines = _lines(command("export", "--files", tmp_path / "files").stdout)
    (attachment,), (raw,) = lines["attachment"], lines["raw_mail"]
    assert (tmp_path / "files" / str(attachment["id"])).read_bytes() == RECORDING
    assert (tmp_path / "files" / str(raw["id"])).read_bytes() == RAW

    again = command("export", tmp_path / "e.jsonl", "--files", tmp_path / "files")
    assert (again.exit_code, (tmp_path / "e.jsonl").exists()) == (1, False)
    assert "is not empty" in again.stderr


def test_who_exports_stands_in_the_audit_log_before_the_first_line(command: Command, numbers: tuple[str, str]) -> None:
    first = _lines(command("export").stdout)["audit"]
    assert (first[-1]["action"], first[-1]["result"]) == ("export", "started")
    second = _lines(command("export").stdout)["audit"]
    told = [str(row["result"]) for row in second if row["action"] == "export"]
    assert [words.split()[-1] for words in told] == ["started", "lines", "started"]


def test_it_shows_one_moment_while_others_write(desk: Desk, numbers: tuple[str, str]) -> None:
    tickets, contacts = EXPORTERS[:2]
    with snapshot(desk.database) as session:
        assert tickets.count(session) == 2
        a_ticket(desk)
        assert len(list(tickets.lines(session))) == len(list(contacts.lines(session))) == 2


def test_lines_are_read_as_they_are_written(desk: Desk, numbers: tuple[str, str]) -> None:
    with snapshot(desk.database) as session:
        for exporter in exporters():
            assert isinstance(exporter.lines(session), Iterator)
