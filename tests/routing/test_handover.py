"""Handing over and confirming, on both engines: once, complete, and only as the table of moves allows."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.audit import AuditLine
from desk.desk import Desk
from desk.jobs import Job
from hours import local
from routing.handover import handovers_of
from routing.models import Handover, HandoverStatus
from routing.proposals import choices_for, proposal_for
from tests.builders import a_ticket, ticket_of
from tests.fakes import FixedClock
from tests.routing.handing import doing, give, on, rated, take
from triage.actions import Categories, Doing, Refused, categorise, close
from triage.models import Contact, Entry, Ticket
from triage.moves import Forbidden
from triage.values import Area, Category, CloseReason, EntryKind, Outcome, Status, Urgency


def one(desk: Desk, handover_id: UUID) -> tuple[HandoverStatus, str | None, str | None, str | None]:
    with desk.database.reading() as session:
        found = session.get_one(Handover, handover_id)
        return found.status, found.person, found.why, found.confirmed_by


def test_handing_over_records_partner_person_time_and_who_did_it(desk: Desk) -> None:
    number = a_ticket(desk)
    act = doing(desk)
    handover_id = give(desk, number, by=act)
    assert one(desk, handover_id) == (
        HandoverStatus.SENT, "mevrouw Aanname, bureaudienst", "Vader haalt haar om twaalf uur.", None,
    )  # fmt: skip
    with desk.database.reading() as session:
        found = session.get_one(Handover, handover_id)
        assert (found.partner, found.partner_name) == ("veilig-thuis", "Veilig Thuis Rotterdam Rijnmond")
        assert (found.by_id, found.at, found.spoken_at, found.rule) == (act.actor_id, act.at, act.at, "Acuut")
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.HANDED_OVER)).one()
        assert entry.text == (
            "Gesproken met mevrouw Aanname, bureaudienst, vandaag 10.00. Vader haalt haar om twaalf uur."
        )
        assert (entry.after, entry.actor_id) == ("Veilig Thuis Rotterdam Rijnmond", act.actor_id)
        line = session.scalars(select(AuditLine).where(AuditLine.action == "handed_over")).one()
        assert (line.actor, line.object, line.result) == (f"user:{act.actor_id}", f"ticket:{number}", "veilig-thuis")
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.claimed_by_id) == (Status.HANDED_OVER, act.actor_id)


def test_who_claimed_it_keeps_it_when_a_colleague_hands_it_over(desk: Desk) -> None:
    number = a_ticket(desk)
    first = doing(desk)
    give(desk, number, by=first)
    give(desk, number, "politie", by=doing(desk, "Bas Testman"))
    assert ticket_of(desk, number).claimed_by_id == first.actor_id
    with desk.database.reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        assert {each.partner for each in handovers_of(session, ticket)} == {"veilig-thuis", "politie"}


def test_the_same_form_twice_hands_over_once_and_mails_once(desk: Desk) -> None:
    number, act = a_ticket(desk), doing(desk)
    assert give(desk, number, "cjg", act) == give(desk, number, "cjg", act)
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 1
        assert session.scalar(select(func.count()).where(Contact.told == "M4")) == 1
        assert session.scalar(select(func.count()).where(Entry.kind == EntryKind.HANDED_OVER)) == 1


def test_the_same_form_from_two_threads_hands_over_once(desk: Desk) -> None:
    number, act = a_ticket(desk), doing(desk)
    found: list[UUID] = []
    both = threading.Barrier(2)

    def post() -> None:
        both.wait()
        found.append(give(desk, number, "cjg", act))

    threads = [threading.Thread(target=post) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 1
        assert session.scalar(select(func.count()).where(Job.kind == "send_letter")) == 1


def test_a_partner_with_an_address_gets_the_number_and_nothing_of_the_ticket(desk: Desk) -> None:
    number = a_ticket(desk)
    handover_id = give(desk, number, "wijkteam-noord")
    with desk.database.reading() as session:
        letter = session.get_one(Handover, handover_id).letter
        assert letter is not None
        assert (letter.told, letter.to_address, letter.outcome) == ("M4", "wijkteam.noord@example.nl", Outcome.QUEUED)
        words = f"{letter.subject} {letter.text}"
        assert f"nummer {number[:4]} {number[4:]}" in words
        assert not [word for word in ("Sem", "Fictief", "laptop", "Hanna", "Vos", "Vader") if word in words]


def test_a_partner_without_an_address_is_told_by_telephone_or_not_at_all(desk: Desk) -> None:
    number = a_ticket(desk)
    with pytest.raises(Refused, match="Schrijf op met wie u sprak"):
        give(desk, number, "veilig-thuis", person="")
    assert ticket_of(desk, number).status is Status.NEW
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Handover)) == 0


def test_with_a_letter_alone_it_says_that_nobody_was_spoken_to(desk: Desk) -> None:
    number = a_ticket(desk)
    give(desk, number, "cjg", person="", why="")
    with desk.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.HANDED_OVER)).one()
        assert entry.text == "Nog met niemand gesproken."


def test_an_acute_ticket_needs_a_word_on_112_before_it_goes(desk: Desk) -> None:
    number = rated(desk, Urgency.ACUTE)

    def forget(_session: Session, ticket: Ticket, _act: Doing) -> None:
        ticket.emergency_call = None

    on(desk, number, forget)
    with pytest.raises(Refused, match="112"):
        give(desk, number)
    give(desk, number, emergency_call="wij, 9.31 uur")
    with desk.database.reading() as session:
        assert session.scalars(select(Ticket).where(Ticket.number == number)).one().emergency_call == "wij, 9.31 uur"


def test_a_closed_ticket_is_not_handed_over(desk: Desk) -> None:
    number = rated(desk, Urgency.TODAY)
    on(desk, number, lambda session, ticket, act: close(session, ticket, act, CloseReason.ADVISED))
    with pytest.raises(Forbidden):
        give(desk, number)


def test_a_confirmation_keeps_the_name_and_starts_the_clock_of_the_answer(desk: Desk, clock: FixedClock) -> None:
    number = rated(desk, Urgency.ACUTE)
    handover_id = give(desk, number)
    before = ticket_of(desk, number)
    assert (before.rank, before.due_at) == (0, clock.now() + timedelta(minutes=30))
    clock.advance(timedelta(minutes=12))
    take(desk, number, handover_id)
    assert one(desk, handover_id)[::3] == (HandoverStatus.CONFIRMED, "Anna Vertrouwd, bureaudienst")
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.rank) == (Status.HANDED_OVER, 2)
    assert local(ticket.due_at).strftime("%a %H.%M") == "Wed 10.12"
    with desk.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.CONFIRMED)).one()
        assert (entry.text, entry.actor_id) == ("Anna Vertrouwd, bureaudienst", doing(desk).actor_id)
        assert entry.at == clock.now()
        assert session.scalar(select(func.count()).where(AuditLine.action == "confirmed")) == 1
    with pytest.raises(Refused, match="al bevestigd door Anna Vertrouwd"):
        take(desk, number, handover_id)


def test_after_its_confirmation_a_ticket_is_due_no_later_than_what_was_promised(desk: Desk, clock: FixedClock) -> None:
    number, promised_at = rated(desk, Urgency.TODAY), clock.now() + timedelta(hours=2)
    handover_id = give(desk, number)

    def promise(_session: Session, ticket: Ticket, _act: Doing) -> None:
        ticket.promised_at = promised_at

    on(desk, number, promise)
    take(desk, number, handover_id)
    assert ticket_of(desk, number).due_at == promised_at


def test_an_unread_ticket_stays_among_the_unread_after_its_confirmation(desk: Desk) -> None:
    number = a_ticket(desk)
    due = ticket_of(desk, number).due_at
    handover_id = give(desk, number)
    take(desk, number, handover_id)
    ticket = ticket_of(desk, number)
    assert (ticket.rank, ticket.due_at) == (1, due)


def test_the_proposal_follows_the_ticket_and_stands_first_in_the_choices(desk: Desk) -> None:
    number = a_ticket(desk)
    categories = Categories(Category.EXTRA_GUIDANCE, (), Area.HOEK_VAN_HOLLAND)
    on(desk, number, lambda session, ticket, act: categorise(session, ticket, act, categories))

    def look(session: Session, ticket: Ticket, _act: Doing) -> tuple[str | None, list[str]]:
        proposal = proposal_for(session, ticket)
        return proposal.partner, [partner.code for partner in choices_for(session, proposal)]

    proposed, choices = on(desk, number, look)
    assert proposed == "wijkteam-hoek-van-holland"
    assert choices[:4] == ["wijkteam-hoek-van-holland", "cjg", "schoolbestuur", "leerplicht"]
    assert len(choices) == len(set(choices)) == 25


def test_nothing_of_a_handover_stands_readable_in_its_row(desk: Desk) -> None:
    number = a_ticket(desk)
    handover_id = give(desk, number)
    with desk.database.reading() as session:
        columns = session.execute(select(Handover.__table__).where(Handover.id == handover_id)).one()
    readable = " ".join(str(value) for value in columns if not isinstance(value, bytes))
    assert not [word for word in ("Aanname", "bureaudienst", "Vader", "twaalf") if word in readable]
