"""The one door, on both engines: no contact lost, none counted twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session

from desk import counters
from desk.audit import AuditLine, verify
from desk.blobs import Blob
from desk.desk import Desk
from intake.concern import Concern, Enclosure
from intake.contacts import new_contact
from intake.receive import Received, enclose, receive
from tests.builders import a_colleague, a_concern, a_ticket, ticket_of
from tests.fakes import FixedClock
from triage.actions import Doing, Rating, close, rate
from triage.models import Attachment, Contact, Entry, Term, Ticket
from triage.rows import has_news
from triage.tickets import free_number
from triage.values import Channel, CloseReason, EntryKind, Outcome, Status, Urgency

RECORDING = Enclosure("RE1", "bericht.wav", "audio/x-wav", b"RIFF" + b"\0" * 40)


def count(desk: Desk, *models: type[DeclarativeBase]) -> tuple[int, ...]:
    with desk.database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(model)) or 0 for model in models)


def told(desk: Desk, concern: Concern) -> tuple[str, bool, bool]:
    """Receive it, and give the ticket's number, whether the contact was new, and whether it joined."""

    def work(session: Session) -> tuple[str, bool, bool]:
        received = receive(session, concern)
        return received.ticket.number, received.fresh, received.joined

    return desk.database.run(work)


def kinds(desk: Desk) -> list[EntryKind]:
    with desk.database.reading() as session:
        return list(session.scalars(select(Entry.kind).order_by(Entry.n)))


def received_lines(desk: Desk) -> list[AuditLine]:
    with desk.database.reading() as session:
        return list(session.scalars(select(AuditLine).where(AuditLine.action == "receive")))


def rate_as(desk: Desk, number: str, urgency: Urgency) -> None:
    doing = Doing(a_colleague(desk).id, desk.clock.now())
    with desk.database.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        rate(session, ticket, doing, Rating(urgency, "Geen haast."))


def closed(desk: Desk) -> str:
    """A ticket that a person rated and closed."""
    number, doing = a_ticket(desk), Doing(a_colleague(desk).id, desk.clock.now())
    with desk.database.writing() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        rate(session, ticket, doing, Rating(Urgency.THREE_DAYS, "Geen haast."))
        close(session, ticket, doing, CloseReason.ADVISED)
    return number


def test_the_first_time_a_contact_becomes_one_unread_ticket_with_its_words(desk: Desk) -> None:
    concern = a_concern()
    number, fresh, joined = told(desk, concern)
    assert (fresh, joined) == (True, False)
    assert count(desk, Contact, Ticket) == (1, 1)
    assert kinds(desk) == [EntryKind.OPENED]
    with desk.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert (ticket.status, ticket.urgency, ticket.rank) == (Status.NEW, None, 1)
        assert (ticket.subject, ticket.text) == (concern.subject, concern.text)
        assert ticket.reporter_organisation == "Basisschool De Verzonnen Vos"
        contact = session.scalars(select(Contact)).one()
        assert (contact.outcome, contact.ticket_id) == (Outcome.TICKET, ticket.id)
        assert (contact.from_address, contact.subject) == ("hanna@vos.example", concern.subject)
        assert contact.data_key_id != ticket.data_key_id
        assert counters.count(session, "tickets") == 1


def test_the_same_contact_again_changes_nothing(desk: Desk) -> None:
    concern = a_concern(enclosures=(RECORDING,))
    number, _fresh, _joined = told(desk, concern)
    before = count(desk, Contact, Ticket, Entry, Attachment, Term, AuditLine)
    for _ in range(3):
        assert told(desk, concern) == (number, False, False)
    assert count(desk, Contact, Ticket, Entry, Attachment, Term, AuditLine) == before


def test_a_later_fact_about_a_known_contact_is_added_once(desk: Desk) -> None:
    concern = a_concern(channel=Channel.PHONE, outcome=Outcome.VOICEMAIL, provider_ref="CA1")
    number, _fresh, _joined = told(desk, concern)
    later = a_concern(channel=Channel.PHONE, provider_ref="CA1", enclosures=(RECORDING,))
    assert told(desk, later)[:2] == (number, False)
    assert told(desk, later)[:2] == (number, False)
    assert count(desk, Contact, Ticket, Attachment, Blob) == (1, 1, 1, 1)
    with desk.database.reading() as session:
        kept = session.scalars(select(Attachment)).one()
        assert (kept.position, kept.filename, kept.ticket_id) == ("RE1", "bericht.wav", ticket_of(desk, number).id)


def test_files_of_a_contact_are_told_apart_by_their_place(desk: Desk) -> None:
    second = Enclosure("2", "bericht.wav", "audio/x-wav", b"RIFF")

    def twice(session: Session) -> list[int]:
        received = receive(session, a_concern(enclosures=(RECORDING,)))
        return [len(enclose(session, received.contact, (RECORDING, second))) for _ in range(2)]

    assert desk.database.run(twice) == [1, 0]
    assert count(desk, Attachment) == (2,)


def test_the_same_reference_on_another_channel_is_another_contact(desk: Desk) -> None:
    mail = told(desk, a_concern(provider_ref="een"))
    call = told(desk, a_concern(provider_ref="een", channel=Channel.PHONE, outcome=Outcome.CALLBACK))
    assert mail[0] != call[0]
    assert count(desk, Contact, Ticket) == (2, 2)


def test_what_the_adapter_knows_to_belong_joins_its_ticket(desk: Desk) -> None:
    number = a_ticket(desk)
    ticket = ticket_of(desk, number)
    reply = a_concern(joins=ticket.id, text="Er is nu wel een laptop geleend.")
    assert told(desk, reply) == (number, True, True)
    assert told(desk, reply) == (number, False, True)
    assert count(desk, Contact, Ticket) == (2, 1)
    assert kinds(desk) == [EntryKind.OPENED, EntryKind.JOINED]
    with desk.database.reading() as session:
        outcomes = set(session.scalars(select(Contact.outcome)))
        assert outcomes == {Outcome.TICKET, Outcome.JOINED}


def test_a_call_that_joins_keeps_how_it_ended(desk: Desk) -> None:
    ticket = ticket_of(desk, a_ticket(desk))
    told(desk, a_concern(channel=Channel.PHONE, outcome=Outcome.CALLBACK, joins=ticket.id))
    with desk.database.reading() as session:
        assert (
            session.scalars(select(Contact.outcome).where(Contact.channel == Channel.PHONE)).one() is Outcome.CALLBACK
        )


def test_something_new_reopens_a_closed_ticket_unread_and_due_from_now(desk: Desk, clock: FixedClock) -> None:
    number = closed(desk)
    clock.set(datetime(2020, 4, 16, 8, 0, tzinfo=UTC))
    assert told(desk, a_concern(joins=ticket_of(desk, number).id)) == (number, True, True)
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.is_open, ticket.urgency, ticket.rank) == (Status.NEW, True, None, 1)
    assert ticket.due_at == datetime(2020, 4, 16, 9, 0, tzinfo=UTC)
    assert ticket.close_reason is None
    assert kinds(desk)[-2:] == [EntryKind.REOPENED, EntryKind.JOINED]
    with desk.database.reading() as session:
        assert counters.count(session, "closed") == 0


def test_something_new_on_a_rated_ticket_waits_among_the_unread_until_it_is_rated_again(desk: Desk) -> None:
    number = a_ticket(desk)
    rate_as(desk, number, Urgency.THREE_DAYS)
    before = ticket_of(desk, number)
    assert told(desk, a_concern(text="Sem is nu in gevaar.", joins=before.id)) == (number, True, True)
    with_news = ticket_of(desk, number)
    assert (with_news.urgency, with_news.rank, has_news(with_news)) == (Urgency.THREE_DAYS, 1, True)
    assert with_news.due_at < before.due_at
    assert with_news.version > before.version
    rate_as(desk, number, Urgency.THREE_DAYS)
    after = ticket_of(desk, number)
    assert (after.rank, after.due_at, has_news(after)) == (2, before.due_at, False)


def test_a_ticket_that_is_gone_is_no_reason_to_lose_the_contact(desk: Desk) -> None:
    number, fresh, joined = told(desk, a_concern(joins=uuid4()))
    assert (fresh, joined) == (True, False)
    assert ticket_of(desk, number).status is Status.NEW


def test_a_contact_that_was_only_recorded_becomes_a_ticket_later(desk: Desk) -> None:
    """A caller after hours who only listened, and is called back the next morning."""
    concern = a_concern(
        channel=Channel.PHONE, provider_ref="CA9", outcome=Outcome.TOLD_CLOSED, from_address="+31600000142"
    )

    def only_listened(session: Session) -> None:
        contact = new_contact(
            session, Channel.PHONE, "CA9", started_at=concern.started_at, outcome=Outcome.TOLD_CLOSED,
            from_address="+31600000142",
        )  # fmt: skip
        contact.told, contact.to_tick_off = "T8", True

    desk.database.run(only_listened)
    assert count(desk, Contact, Ticket) == (1, 0)
    _number, fresh, joined = told(desk, concern)
    assert (fresh, joined) == (True, False)
    assert count(desk, Contact, Ticket) == (1, 1)
    with desk.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.told, contact.outcome, contact.from_address) == ("T8", Outcome.TOLD_CLOSED, "+31600000142")


@pytest.mark.parametrize("refs", [("gelijk", "gelijk"), ("een", "twee")])
def test_a_race_of_two_threads_opens_one_ticket_for_each_contact(desk: Desk, refs: tuple[str, str]) -> None:
    both, wanted = threading.Barrier(2), len(set(refs))

    def deliver(ref: str) -> str:
        both.wait()
        return told(desk, a_concern(provider_ref=ref, enclosures=(RECORDING,)))[0]

    with ThreadPoolExecutor(2) as threads:
        numbers = list(threads.map(deliver, refs))
    assert len(set(numbers)) == wanted
    assert count(desk, Contact, Ticket, Entry, Attachment) == (wanted,) * 4
    with desk.database.reading() as session:
        assert counters.count(session, "tickets") == wanted
        assert verify(session).broken_at is None
    assert len(received_lines(desk)) == wanted


def test_many_replies_at_once_all_join_the_same_ticket(desk: Desk) -> None:
    ticket = ticket_of(desk, a_ticket(desk))
    replies = [a_concern(joins=ticket.id, text=f"Aanvulling {n}") for n in range(6)]
    with ThreadPoolExecutor(6) as threads:
        assert {joined for _n, _f, joined in threads.map(lambda reply: told(desk, reply), replies)} == {True}
    assert count(desk, Contact, Ticket, Entry) == (7, 1, 7)


def test_when_the_transaction_fails_nothing_of_the_contact_is_left(desk: Desk) -> None:
    def fails(session: Session) -> Received:
        receive(session, a_concern(enclosures=(RECORDING,)))
        raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        desk.database.run(fails)
    assert count(desk, Contact, Ticket, Entry, Attachment, Blob) == (0,) * 5
    assert received_lines(desk) == []


def test_the_audit_line_names_the_ticket_and_nobody(desk: Desk) -> None:
    number, _fresh, _joined = told(desk, a_concern())
    [line] = received_lines(desk)
    assert (line.actor, line.object, line.result) == ("mail", f"ticket:{number}", "opened")


def test_a_number_that_a_ticket_has_is_drawn_again(desk: Desk) -> None:
    taken = a_ticket(desk)
    draws = iter([taken, taken, "48217735"])
    with desk.database.reading() as session:
        assert free_number(session, lambda: next(draws)) == "48217735"
