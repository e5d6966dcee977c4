"""What people do to a ticket, on both engines: fields, timeline, audit, counters, and who wins a race."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import counters
from desk.audit import AuditLine, verify
from desk.calendar import warm_up
from desk.desk import Desk
from tests.builders import Colleague, a_colleague, a_ticket, closed_for_good, ticket_of
from tests.fakes import FixedClock
from tests.triage.acting import ACUTE, TODAY, act, closed, last_line, promised, rated, reopened
from triage import actions
from triage.actions import Categories, Description, Doing, Rating, Refused, TakenBy
from triage.case import find_ticket
from triage.models import Entry, Ticket
from triage.moves import Forbidden
from triage.search import find
from triage.tickets import Reporter
from triage.values import Area, Category, Channel, CloseReason, EntryKind, Status, Urgency


@pytest.fixture
def iris(desk: Desk) -> Colleague:
    return a_colleague(desk, "Iris Bedacht")


@pytest.fixture
def bas(desk: Desk) -> Colleague:
    return a_colleague(desk, "Bas Verzonnen")


def test_claiming_makes_it_mine_and_releasing_makes_it_free(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim)
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.claimed_by_id) == (Status.CLAIMED, iris.id)
    act(desk, number, iris, actions.claim)  # again changes nothing
    act(
        desk,
        number,
        iris,
        lambda session, held_, doing: actions.release(session, held_, doing, "Ouders bellen om 15.00"),
    )
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.claimed_by_id, ticket.claimed_at) == (Status.NEW, None, None)
    assert last_line(desk, number) == (EntryKind.RELEASED, "Iris Bedacht", None, "Ouders bellen om 15.00")


def test_who_comes_second_is_told_who_was_first(desk: Desk, iris: Colleague, bas: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim)
    with pytest.raises(TakenBy, match=r"Iris Bedacht pakte deze melding op: vandaag 10\.00 uur\."):
        act(desk, number, bas, actions.claim)


def test_of_two_who_claim_at_once_exactly_one_wins(desk: Desk, iris: Colleague, bas: Colleague) -> None:
    number = a_ticket(desk)
    start, lost = threading.Barrier(2), []

    def grab(who: Colleague) -> None:
        start.wait(10)
        try:
            act(desk, number, who, actions.claim)
        except TakenBy as error:
            lost.append(str(error))

    people = [threading.Thread(target=grab, args=(who,)) for who in (iris, bas)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)
    winner = iris if ticket_of(desk, number).claimed_by_id == iris.id else bas
    assert lost == [f"{winner.name} pakte deze melding op: vandaag 10.00 uur."]
    with desk.database.reading() as session:
        kinds = session.scalars(select(Entry.kind)).all()
    assert kinds.count(EntryKind.CLAIMED) == 1


def test_nobodys_ticket_cannot_be_put_back(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    with pytest.raises(Refused, match="van niemand"):
        act(desk, number, iris, actions.release)


def test_rating_sets_rank_and_due_time_and_keeps_the_reason(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    ticket = ticket_of(desk, number)
    assert (ticket.urgency, ticket.rank, ticket.due_at) == (Urgency.ACUTE, 0, clock.now() + timedelta(minutes=30))
    assert last_line(desk, number) == (
        EntryKind.RATED, None, "acute", "Het kind vertelde het zelf.\n112: melder, 9.19 uur",
    )  # fmt: skip
    act(desk, number, iris, rated(TODAY))
    ticket = ticket_of(desk, number)
    assert (ticket.urgency, ticket.rank) == (Urgency.TODAY, 2)
    assert ticket.due_at == datetime(2020, 4, 14, 15, 0, tzinfo=UTC)
    assert last_line(desk, number)[1:3] == ("acute", "today")


def test_acute_asks_who_called_112(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    with pytest.raises(Refused, match="112"):
        act(desk, number, iris, rated(Rating(Urgency.ACUTE, "Gevaar.")))
    assert ticket_of(desk, number).urgency is None


ALONE = "Oma is er nu bij.\nAlleen verlaagd: de coördinator kijkt dit na."


@pytest.mark.parametrize(
    ("minutes", "who", "together", "words"),
    [
        (11, "Iris Bedacht", None, ALONE),
        (11, "Iris Bedacht", "Lotte Denkbeeld", "Oma is er nu bij.\nSamen met Lotte Denkbeeld."),
        (2, "Bas Verzonnen", None, ALONE),
        (2, "Iris Bedacht", None, "Oma is er nu bij."),
    ],
)
def test_lowering_from_acute_needs_a_colleague_or_is_looked_at_again(
    desk: Desk, iris: Colleague, clock: FixedClock, minutes: int, who: str, together: str | None, words: str
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    clock.advance(timedelta(minutes=minutes))
    act(desk, number, a_colleague(desk, who), rated(Rating(Urgency.TODAY, "Oma is er nu bij.", None, together)))
    assert last_line(desk, number)[3] == words


def test_categories_and_area_are_kept_with_the_leading_one_first(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    wanted = Categories(Category.UNREACHABLE, (Category.UNSAFE_HOME,), Area.CHARLOIS)

    def choose(session: Session, ticket: Ticket, doing: Doing) -> None:
        actions.categorise(session, ticket, doing, wanted)

    act(desk, number, iris, choose, choose)
    ticket = ticket_of(desk, number)
    assert (ticket.categories, ticket.area) == ((Category.UNREACHABLE, Category.UNSAFE_HOME), Area.CHARLOIS)
    assert ticket.urgency is None  # category never sets urgency
    with desk.database.reading() as session:
        kinds = session.scalars(select(Entry.kind)).all()
    assert kinds.count(EntryKind.CATEGORISED) == 1


def test_describing_keeps_what_stood_there_and_makes_it_findable(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    new = Description(
        "Leerling zonder laptop", Reporter("Ans Nepnaam", "Basisschool De Verzonnen Vos", None, "0600000143")
    )
    act(desk, number, iris, lambda session, ticket, doing: actions.describe(session, ticket, doing, new))
    _kind, _before, _after, text = last_line(desk, number)
    assert text is not None
    assert "Titel: Leerling zonder laptop (was: Zorgen over Sem Fictief)" in text
    assert "E-mail: leeg (was: hanna@vos.example)" in text
    assert "Organisatie" not in text
    with desk.database.reading() as session:
        assert [found.number for found in find(session, "Nepnaam")[0]] == [number]


def test_a_note_is_possible_also_when_it_is_closed(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), closed())
    act(desk, number, iris, lambda session, ticket, doing: actions.note(session, ticket, doing, "De school belde na."))
    assert last_line(desk, number) == (EntryKind.NOTE, None, None, "De school belde na.")


def test_what_nobody_rated_cannot_be_closed(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    with pytest.raises(Refused, match="Beoordeel eerst"):
        act(desk, number, iris, closed())
    assert ticket_of(desk, number).is_open


def test_closing_leaves_the_queue_and_keeps_the_count(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim, rated(TODAY), closed(CloseReason.HELP_ARRANGED))
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.is_open, ticket.closed_at) == (Status.CLOSED, False, clock.now())
    assert (ticket.claimed_by_id, ticket.close_reason) == (None, CloseReason.HELP_ARRANGED)
    with desk.database.reading() as session:
        assert counters.count(session, "closed") == 1
    with pytest.raises(Forbidden):
        act(desk, number, iris, closed())
    with desk.database.reading() as session:
        assert counters.count(session, "closed") == 1


def test_reopening_brings_it_back_unread_and_free(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim, rated(TODAY), closed())
    clock.advance(timedelta(minutes=5))
    act(desk, number, iris, reopened)
    ticket = ticket_of(desk, number)
    assert (ticket.status, ticket.urgency, ticket.rank, ticket.claimed_by_id) == (Status.NEW, None, 1, None)
    assert ticket.due_at == clock.now() + timedelta(hours=1)
    with desk.database.reading() as session:
        assert counters.count(session, "closed") == 0


def test_a_reopened_ticket_is_due_no_later_than_what_was_promised(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number, soon = a_ticket(desk), clock.now() + timedelta(minutes=20)
    act(desk, number, iris, rated(TODAY), closed(), promised(soon))
    act(desk, number, iris, reopened)
    assert ticket_of(desk, number).due_at == soon


def test_a_caller_who_waits_for_a_call_keeps_the_ticket_open(desk: Desk, iris: Colleague, clock: FixedClock) -> None:
    number = a_ticket(desk, channel=Channel.PHONE)
    act(desk, number, iris, rated(TODAY), promised(clock.now()))
    with pytest.raises(Refused, match="Zet die eerst op teruggebeld"):
        act(desk, number, iris, closed())
    act(desk, number, iris, promised(None), closed())
    with pytest.raises(Forbidden):
        act(desk, number, iris, promised(clock.now()), closed())


def test_the_reaction_that_a_mail_was_promised_ends_with_its_closing(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, promised(clock.now()), rated(TODAY), closed())
    assert ticket_of(desk, number).promised_at is None


@pytest.mark.parametrize("rating", [TODAY, ACUTE], ids=["today", "acute"])
def test_a_closed_ticket_is_not_rated(desk: Desk, iris: Colleague, rating: Rating) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(TODAY), closed())
    with pytest.raises(Refused, match="Heropen"):
        act(desk, number, iris, rated(rating))


def test_every_act_stands_in_the_audit_log_and_holds_no_words(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim, rated(TODAY), closed(text="Sem Fictief heeft een laptop."))
    with desk.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.actor == f"user:{iris.id}")).all()
        assert [line.action for line in lines] == ["claimed", "rated", "closed"]
        assert {line.object for line in lines} == {f"ticket:{number}"}
        assert not any("Sem" in f"{line.action}{line.object}{line.result}{line.origin}" for line in lines)
        assert verify(session).broken_at is None


def test_what_was_refused_leaves_no_trace_in_the_timeline(desk: Desk, iris: Colleague, bas: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, actions.claim)
    before = last_line(desk, number)
    for deed in (actions.claim, closed()):
        with pytest.raises(Refused):
            act(desk, number, bas, deed)
    assert last_line(desk, number) == before


def test_who_calls_it_acute_once_more_may_not_lower_it_alone(
    desk: Desk, iris: Colleague, bas: Colleague, clock: FixedClock
) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    clock.advance(timedelta(hours=1))
    act(desk, number, bas, rated(ACUTE), rated(Rating(Urgency.TODAY, "Oma is er nu bij.")))
    assert last_line(desk, number)[3] == ALONE


@pytest.mark.parametrize("name", ["Iris Bedacht", " iris  BEDACHT.", "Iris", "Bedacht, Iris", "."])
def test_ones_own_name_is_no_second_person(desk: Desk, iris: Colleague, clock: FixedClock, name: str) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    clock.advance(timedelta(hours=1))
    with pytest.raises(Refused, match="een andere collega"):
        act(desk, number, iris, rated(Rating(Urgency.TODAY, "Oma is er nu bij.", None, name)))
    act(desk, number, iris, rated(Rating(Urgency.TODAY, "Oma is er nu bij.", None, "Iris Verzonnen")))
    assert last_line(desk, number)[3] == "Oma is er nu bij.\nSamen met Iris Verzonnen."


def words_on_112(desk: Desk, number: str) -> tuple[str | None, datetime | None]:
    with desk.database.reading() as session:
        ticket = find_ticket(session, number)
        return ticket.emergency_call, ticket.emergency_noted_at


def test_the_words_on_112_keep_the_time_at_which_they_were_written(
    desk: Desk, iris: Colleague, clock: FixedClock
) -> None:
    number, first = a_ticket(desk), clock.now()
    act(desk, number, iris, rated(ACUTE))
    clock.advance(timedelta(minutes=5))
    act(desk, number, iris, rated(ACUTE))
    assert words_on_112(desk, number) == ("melder, 9.19 uur", first)
    act(desk, number, iris, rated(Rating(Urgency.ACUTE, "Nu wij.", "wij, 10.04 uur")))
    assert words_on_112(desk, number) == ("wij, 10.04 uur", clock.now())


def test_an_emptied_field_takes_the_words_on_112_off(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE))
    with pytest.raises(Refused, match="112"):
        act(desk, number, iris, rated(Rating(Urgency.ACUTE, "Nog steeds.")))
    act(desk, number, iris, rated(TODAY))
    assert words_on_112(desk, number) == (None, None)


def test_a_call_to_112_before_a_reopening_vouches_for_nothing_now(desk: Desk, iris: Colleague) -> None:
    number = a_ticket(desk)
    act(desk, number, iris, rated(ACUTE), rated(Rating(Urgency.TODAY, "Vergissing.", "melder, 9.19 uur")), closed())
    act(desk, number, iris, reopened)
    assert words_on_112(desk, number) == (None, None)


@pytest.mark.parametrize("urgency", [Urgency.TODAY, Urgency.ONE_DAY, Urgency.THREE_DAYS])
def test_with_a_calendar_that_holds_no_opening_a_ticket_is_opened_and_rated_and_is_due_at_once(
    sqlite_desk: Desk, urgency: Urgency
) -> None:
    closed_for_good(sqlite_desk)
    with sqlite_desk.database.reading() as session:
        warm_up(session, sqlite_desk.clock.now())
    number, who = a_ticket(sqlite_desk), a_colleague(sqlite_desk)
    assert ticket_of(sqlite_desk, number).due_at == sqlite_desk.clock.now()
    act(sqlite_desk, number, who, rated(Rating(urgency, "Dat kan wachten.")))
    assert ticket_of(sqlite_desk, number).due_at == sqlite_desk.clock.now()
