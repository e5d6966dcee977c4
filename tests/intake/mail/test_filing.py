"""From a raw mail to a ticket: what people find on it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.blobs import BlobChunk, content_of
from desk.desk import Desk
from desk.jobs import Job
from intake.mail.inbox import UNDATED
from intake.mail.lease import LENGTH
from intake.mail.models import RawState
from intake.mail.process import MOST_DEFEATS, SECONDS_OF_A_TRANSACTION, Processor
from intake.mail.reader import Reader
from routing.letters import JOB
from tests.fakes import FixedClock
from tests.intake.mail.inbox import (
    DefeatedReader,
    contacts,
    fetch,
    notes,
    process,
    raws,
    take_in,
    tickets,
)
from tests.intake.mail.mails import a_mail, sample
from triage.models import Attachment, Contact
from triage.number import in_subject
from triage.values import Direction, Outcome, Status


def letters(session: Session) -> list[Contact]:
    return contacts(session, Direction.OUT)


def attachments(session: Session) -> dict[str, Attachment]:
    return {item.position: item for item in session.scalars(select(Attachment)).unique()}


def test_a_mail_becomes_one_ticket_with_its_text_its_reporter_and_its_files(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, sample("attachments"))
    with desk.database.reading() as session:
        [ticket], [contact] = tickets(session), contacts(session)
        assert (ticket.subject, ticket.text) == ("Verslag en foto", "Zie het verslag.")
        assert (ticket.reporter_name, ticket.reporter_email) == ("Hanna Papier", "hanna@vos.example")
        assert (contact.outcome, contact.ticket_id) == (Outcome.TICKET, ticket.id)
        assert (contact.message_id, contact.from_address) == ("<attachments-1@vos.example>", "hanna@vos.example")
        files = attachments(session)
        assert [files[key].filename for key in "123456"] == [
            "foto@vos.example", "bijlage-2.pdf", "verslag – week 16.pdf",
            "bijlage-4.ics", "lijstxslx.zip", "bijlage-6.eml",
        ]  # fmt: skip
        assert content_of(session, files["2"].blob) == b"%PDF-1.4\n"
        [raw] = raws(session)
        assert (raw.state, raw.contact_id, raw.attempts) == (RawState.PROCESSED, contact.id, 1)
        assert content_of(session, raw.blob) == sample("attachments")


def test_the_sender_is_acknowledged_in_the_transaction_that_opened_the_ticket(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.reading() as session:
        [ticket], [letter], [contact] = tickets(session), letters(session), contacts(session)
        assert (letter.to_address, letter.told, letter.outcome) == ("hanna@vos.example", "M1", Outcome.QUEUED)
        assert in_subject(ticket.number) in (letter.subject or "")
        assert (letter.answers, letter.ticket_id) == ("<mail-1@vos.example>", ticket.id)
        assert "leerling" not in f"{letter.subject} {letter.text}"
        assert contact.told == "M1"
        assert session.scalar(select(func.count()).select_from(Job).where(Job.kind == JOB)) == 1


def test_a_copy_is_one_more_delivery_of_the_same_contact(desk: Desk, reader: Reader) -> None:
    again = b"Received: from mx2.vos.example by x; Tue, 14 Apr 2020 10:01:00 +0200\r\n" + a_mail()
    take_in(desk, reader, a_mail())
    take_in(desk, reader, again, a_mail(2), again)
    with desk.database.reading() as session:
        assert len(tickets(session)) == len(contacts(session)) == len(letters(session)) == 2
        deliveries = raws(session)
        assert len(deliveries) == 4
        assert len({raw.contact_id for raw in deliveries}) == 2
        assert {raw.state for raw in deliveries} == {RawState.PROCESSED}


def test_mails_that_share_a_message_id_but_not_their_text_are_two(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail(1, message_id="<scan@vos.example>"), a_mail(2, message_id="<scan@vos.example>"))
    with desk.database.reading() as session:
        assert len(tickets(session)) == 2


def test_processing_again_changes_nothing(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    assert process(desk, reader) == 0
    with desk.database.reading() as session:
        assert len(tickets(session)) == len(letters(session)) == 1


def test_a_mail_that_nobody_can_parse_is_a_ticket_with_the_raw_file(desk: Desk) -> None:
    fetch(desk, sample("html_only"))
    with DefeatedReader() as reader:
        assert process(desk, reader) == 3
        assert process(desk, reader) == 0
    with desk.database.reading() as session:
        [ticket], [contact], [raw] = tickets(session), contacts(session), raws(session)
        assert (ticket.subject, ticket.reporter_email) == ("Onleesbaar bericht", "hanna@vos.example")
        assert "Zorgen over een leerling" in (ticket.text or "")
        assert (contact.outcome, raw.state, raw.attempts) == (Outcome.UNREADABLE, RawState.QUARANTINED, MOST_DEFEATS)
        file = attachments(session)["raw"]
        assert (file.media_type, file.blob_id) == ("message/rfc822", raw.blob_id)
        assert letters(session) == []


def test_a_mail_that_kills_its_worker_each_time_it_is_parsed_is_given_up_in_the_end(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    fetch(desk, a_mail())
    for _ in range(1 + MOST_DEFEATS):  # the first time it might have been another of its group
        with pytest.raises(Killed):
            Processor(desk, reader, Event(), step=killed_at("before parse")).run_once()
        clock.advance(2 * LENGTH)
    process(desk, reader)
    with desk.database.reading() as session:
        assert [ticket.subject for ticket in tickets(session)] == ["Onleesbaar bericht"]


@pytest.mark.parametrize("step", ["after parse", "before process commit"])
def test_a_mail_that_could_not_be_filed_many_times_is_read_and_acknowledged_in_the_end(
    desk: Desk, reader: Reader, clock: FixedClock, step: str
) -> None:
    fetch(desk, a_mail())
    for _ in range(3 * MOST_DEFEATS):
        with pytest.raises(Killed):
            Processor(desk, reader, Event(), step=killed_at(step)).run_once()
        clock.advance(2 * LENGTH)
    process(desk, reader)
    with desk.database.reading() as session:
        [ticket], [raw] = tickets(session), raws(session)
        assert (ticket.subject, raw.state, raw.defeats) == ("Zorgen over leerling 1", RawState.PROCESSED, 0)
        assert len(letters(session)) == 1


@pytest.mark.parametrize("broken", ["chunk", "key"])
def test_a_mail_whose_stored_bytes_do_not_open_is_a_ticket_and_takes_no_other_down(
    desk: Desk, reader: Reader, broken: str
) -> None:
    fetch(desk, a_mail(1), a_mail(2))
    with desk.database.writing() as session:
        raw = raws(session)[0]
        chunk = session.get_one(BlobChunk, (raw.blob_id, 0))
        chunk.sealed = chunk.sealed[:-1] + bytes([chunk.sealed[-1] ^ 1])
        if broken == "key":
            raw.data_key.wrapped = b"broken"
    process(desk, reader)
    with desk.database.reading() as session:
        subjects = {ticket.subject: ticket for ticket in tickets(session)}
        assert subjects.keys() == {"Onleesbaar bericht", "Zorgen over leerling 2"}
        assert "in de postbus" in (subjects["Onleesbaar bericht"].text or "")
        assert {contact.outcome for contact in contacts(session)} == {Outcome.UNREADABLE, Outcome.TICKET}
        assert [raw.state for raw in raws(session)] == [RawState.QUARANTINED, RawState.PROCESSED]
        assert attachments(session) == {}
    assert process(desk, reader) == 0


def test_the_fallback_for_a_hostile_mail_is_read_before_the_transaction_and_quickly(sqlite_desk: Desk) -> None:
    mail = (b'From: \xe9"' + b'\\"' * 13_000 + b"\n") * 3 + b"Subject: x\n\nhallo"
    fetch(sqlite_desk, mail)
    with DefeatedReader() as reader:
        started = time.process_time()
        process(sqlite_desk, reader)
        assert time.process_time() - started < 1
    with sqlite_desk.database.reading() as session:
        assert [ticket.subject for ticket in tickets(session)] == ["Onleesbaar bericht"]


class Killed(BaseException):
    """As if the process had ended there."""


def killed_at(fatal: str) -> Callable[[str], None]:
    def step(name: str) -> None:
        if name == fatal:
            raise Killed

    return step


def test_one_that_cannot_be_filed_stops_no_other(desk: Desk, reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
    fetch(desk, *(a_mail(n) for n in range(1, 6)))
    commits = iter([True, False, False, True, False, False])

    def fails_sometimes(name: str) -> None:
        if name == "before process commit" and next(commits):
            raise RuntimeError("invented")

    with caplog.at_level(logging.CRITICAL):
        Processor(desk, reader, Event(), step=fails_sometimes).run_once()
    with desk.database.reading() as session:
        assert len(tickets(session)) == 4
        assert [raw.state for raw in raws(session)].count(RawState.FETCHED) == 1


@pytest.mark.parametrize("poison", ["Zorgen over leerling 1", "vos.example", ""])
def test_a_mail_that_can_never_be_filed_as_it_is_becomes_a_bare_ticket(
    desk: Desk, reader: Reader, clock: FixedClock, poison: str
) -> None:
    fetch(desk, a_mail(1), a_mail(2, **{"from": "leraar@school.example", "return_path": ""}))
    with poisoned(desk, poison):
        for _ in range(2 * MOST_DEFEATS + 1):
            process(desk, reader)
            clock.advance(2 * LENGTH)
    process(desk, reader)
    with desk.database.reading() as session:
        bare = [ticket for ticket in tickets(session) if ticket.subject == "Onleesbaar bericht"]
        assert len(tickets(session)) == 2
        assert len(bare) == (1 if poison else 0)
        assert all(contact.outcome is Outcome.UNREADABLE for contact in contacts(session) if contact.ticket in bare)
        assert {raw.state for raw in raws(session)} <= {RawState.PROCESSED, RawState.QUARANTINED}
        assert [item.position for item in attachments(session).values()] == ["raw"] * len(bare)


@contextmanager
def poisoned(desk: Desk, word: str) -> Iterator[None]:
    """A database that takes no row about somebody with this word in it; with no word it is away."""

    def refuse(_mapper: object, _connection: object, contact: Contact) -> None:
        if not word:
            raise OperationalError("INSERT", {}, OSError("invented: the database is away"))
        if contact.direction is Direction.IN and word in f"{contact.subject} {contact.text} {contact.from_address}":
            raise ValueError("invented: this cannot be filed")

    event.listen(Contact, "before_insert", refuse)
    try:
        yield
    finally:
        event.remove(Contact, "before_insert", refuse)


def test_a_group_that_takes_long_is_filed_in_short_transactions(desk: Desk, reader: Reader) -> None:
    fetch(desk, *(a_mail(n) for n in range(1, 8)))
    commits: list[int] = []

    def step(name: str) -> None:
        if name == "after process commit":
            with desk.database.reading() as session:
                commits.append(len(tickets(session)))

    slow = count(0, SECONDS_OF_A_TRANSACTION * 0.4)
    processor = Processor(desk, reader, Event(), step=step, seconds=lambda: next(slow))
    processor.run_once()
    assert commits == [3, 6, 7]


def test_the_start_of_a_mail_that_is_too_big_is_a_ticket_that_says_so(desk: Desk, reader: Reader) -> None:
    from dataclasses import replace

    small = replace(desk, settings=desk.settings.model_copy(update={"mail_max_bytes": 2_000_000}))
    mail = a_mail(text="Bel mij.") + b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 40_000
    take_in(small, reader, mail)
    with desk.database.reading() as session:
        [ticket], [raw] = tickets(session), raws(session)
        assert ticket.subject == "Te groot bericht: Zorgen over leerling 1"
        assert "3,1 MB" in (ticket.text or "")
        assert "Bel mij." in (ticket.text or "")
        assert not raw.whole
        assert attachments(session).keys() == {"raw"}
        assert len(letters(session)) == 1


@pytest.mark.parametrize(
    ("content", "subject", "text"),
    [
        (a_mail()[:700], "Bericht niet helemaal opgehaald: Zorgen over leerling 1", "alleen het begin"),
        (b"", "Bericht niet opgehaald", "Wij weten niet wie het stuurde"),
    ],
)
def test_a_mail_that_the_server_did_not_give_says_so_and_not_that_it_was_too_big(
    desk: Desk, reader: Reader, content: bytes, subject: str, text: str
) -> None:
    fetch(desk, content)
    with desk.database.writing() as session:
        raws(session)[0].whole = False
    process(desk, reader)
    with desk.database.reading() as session:
        [ticket] = tickets(session)
        assert ticket.subject == subject
        assert text in (ticket.text or "")
        assert attachments(session).keys() == ({"raw"} if content else set())


def test_an_empty_mail_and_one_without_a_subject_are_tickets(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, b"", a_mail(subject="", text=" "))
    with desk.database.reading() as session:
        assert {ticket.subject for ticket in tickets(session)} == {"Bericht zonder onderwerp"}
        assert {ticket.text for ticket in tickets(session)} == {"Dit bericht heeft geen tekst."}


def test_a_mail_whose_date_the_server_cannot_tell_is_not_answered_and_says_so(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail(), internaldate=UNDATED)
    with desk.database.reading() as session:
        assert letters(session) == []
        assert "zegt niet wanneer" in notes(session, tickets(session)[0])


def test_a_closed_ticket_comes_back_when_its_reporter_answers(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, a_mail())
    with desk.database.writing() as session:
        [ticket], [letter] = tickets(session), letters(session)
        ticket.status, ticket.is_open = Status.CLOSED, False
        reply = letter.provider_ref
    take_in(desk, reader, a_mail(2, in_reply_to=reply))
    with desk.database.reading() as session:
        [ticket] = tickets(session)
        assert (ticket.status, ticket.is_open) == (Status.NEW, True)


def test_no_personal_data_stand_in_the_log(sqlite_desk: Desk, reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        take_in(sqlite_desk, reader, a_mail(), sample("attachments"))
        fetch(sqlite_desk, sample("html_only"))
        with DefeatedReader() as defeated:
            process(sqlite_desk, defeated)
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records if "meldpunt" in record.name)
    assert said
    for word in ("hanna", "Papier", "Fictief", "leerling", "vos.example"):
        assert word not in said


def test_what_is_odd_about_a_mail_stands_on_its_ticket(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, sample("no_charset"))
    with desk.database.reading() as session:
        [ticket] = tickets(session)
        assert "Misschien kloppen enkele letters niet." in notes(session, ticket)


def test_a_text_that_was_cut_is_said_and_the_whole_mail_is_kept_beside_it(desk: Desk, reader: Reader) -> None:
    take_in(desk, reader, b"From: hanna@vos.example\r\nContent-Type: text/html\r\n\r\n" + b"<p>woord</p>" * 200_000)
    with desk.database.reading() as session:
        [ticket], [raw] = tickets(session), raws(session)
        assert "te lang om helemaal te tonen" in notes(session, ticket)
        assert attachments(session)["raw"].blob_id == raw.blob_id
