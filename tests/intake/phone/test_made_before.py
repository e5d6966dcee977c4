"""A colleague makes a ticket of a call before it is known what its caller asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.register import open_for_contact
from tests.builders import a_colleague
from tests.fakes import FixedClock
from tests.intake.phone.line import Line, TestCall
from triage.actions import Doing, Rating, close, rate
from triage.deadlines import rank
from triage.missed import make_ticket
from triage.models import Entry, Ticket
from triage.values import CloseReason, EntryKind, Outcome, Urgency

ASKED = {"at the read-back": ("0", "9", "0600000142"), "at the tone": ("0",)}
ENDS = {"at the read-back": Outcome.CALLBACK, "at the tone": Outcome.VOICEMAIL}


def hung_up(line: Line, where: str) -> TestCall:
    """A call that seems to have ended without a request, of which a colleague made a ticket."""
    if "9" in ASKED[where]:
        line.busy()
    call = line.dial()
    for keys in ASKED[where]:
        call.press(keys)
    call.hang_up()
    doing = Doing(a_colleague(line.desk).id, line.desk.clock.now())
    contact = line.contact().id
    line.desk.database.run(lambda session: _made(make_ticket(session, [contact], doing, open_for_contact)))
    return call


def _made(ticket: Ticket | None) -> None:
    assert ticket is not None


def the_rest_comes(call: TestCall, where: str) -> None:
    if ENDS[where] is Outcome.CALLBACK:
        call.press("1")
    else:
        call.speak(hang_up=True)


def dealt_with(line: Line) -> None:
    """The ticket is rated and closed."""
    doing = Doing(a_colleague(line.desk).id, line.desk.clock.now())
    with line.desk.database.writing() as session:
        ticket = session.scalars(select(Ticket)).one()
        rate(session, ticket, doing, Rating(Urgency.THREE_DAYS, "Kan wachten."))
        close(session, ticket, doing, CloseReason.NO_CONCERN)


def kinds(line: Line) -> list[EntryKind]:
    with line.desk.database.reading() as session:
        return list(session.scalars(select(Entry.kind).order_by(Entry.n)))


@pytest.mark.parametrize("where", ASKED)
def test_a_promise_that_was_spoken_stands_on_the_ticket(line: Line, where: str) -> None:
    call = hung_up(line, where)
    the_rest_comes(call, where)
    (ticket,), (promise,), contact = line.tickets(), line.callbacks(), line.contact()
    assert (promise.ticket_id, ticket.promised_at) == (ticket.id, promise.promised_at)
    assert (contact.outcome, contact.to_tick_off) == (ENDS[where], False)
    assert kinds(line) == [EntryKind.OPENED, EntryKind.JOINED]


@pytest.mark.parametrize("where", ASKED)
def test_told_again_it_stands_once(line: Line, where: str) -> None:
    call = hung_up(line, where)
    the_rest_comes(call, where)
    call.again()
    call.hang_up()
    assert len(line.callbacks()) == 1
    assert kinds(line) == [EntryKind.OPENED, EntryKind.JOINED]


@pytest.mark.parametrize("where", ASKED)
def test_a_ticket_that_was_closed_by_then_waits_among_the_unread(line: Line, clock: FixedClock, where: str) -> None:
    call = hung_up(line, where)
    dealt_with(line)
    clock.advance(timedelta(minutes=1))
    the_rest_comes(call, where)
    (ticket,), (promise,) = line.tickets(), line.callbacks()
    assert (ticket.is_open, ticket.rank, ticket.promised_at) == (True, rank(None), promise.promised_at)


def test_the_number_that_was_confirmed_is_the_one_to_call(sqlite_line: Line) -> None:
    the_rest_comes(hung_up(sqlite_line, "at the read-back"), "at the read-back")
    with sqlite_line.desk.database.reading() as session:
        assert session.merge(sqlite_line.callbacks()[0]).number == "+31600000142"
