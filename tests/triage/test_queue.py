"""The work list on both engines: its order, its pages, its counts, and how it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, event, select, text
from sqlalchemy.orm import Session

from desk.base import new_id
from desk.data_keys import new_data_key
from desk.desk import Desk
from desk.person import Person
from hours import Calendar
from tests.builders import a_colleague, a_ticket, ticket_of
from triage import queue
from triage.actions import Doing, claim
from triage.deadlines import rank
from triage.marks import held
from triage.models import Ticket
from triage.number import new_number
from triage.queue import BadPlace, Place, View, counts, page_of
from triage.rows import grouped, row_of
from triage.values import Channel, CloseReason, Status, Urgency

NOW = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
NOBODY = uuid4()


def a_row(
    session: Session,
    urgency: Urgency | None,
    minutes: int,
    *,
    status: Status = Status.NEW,
    claimed_by: UUID | None = None,
    closed: bool = False,
) -> str:
    """A ticket put straight into its table, due `minutes` from now."""
    number, due_at = new_number(), NOW + timedelta(minutes=minutes)
    ticket = Ticket(
        id=new_id(), number=number, data_key=new_data_key(session, "ticket"), status=status, is_open=not closed,
        rank=rank(urgency), urgency=urgency, channel=Channel.MAIL, opened_at=NOW, due_at=due_at,
        claimed_by_id=claimed_by, closed_at=due_at if closed else None,
        close_reason=CloseReason.ADVISED if closed else None, other_categories="",
    )  # fmt: skip
    ticket.subject = number
    session.add(ticket)
    return number


def walk(session: Session, view: View, rows: int = 2, person: UUID = NOBODY) -> list[list[str]]:
    """The numbers on every page, from the first to the last."""
    pages, place = [], None
    while True:
        page = page_of(session, view, person, place, rows)
        pages.append([ticket.number for ticket in page.tickets])
        if page.further is None:
            return pages
        place = Place.read(str(page.further))


def test_acute_comes_first_then_unread_then_what_is_due_first(desk: Desk) -> None:
    with desk.database.writing() as session:
        later = a_row(session, Urgency.TODAY, 90)
        sooner = a_row(session, Urgency.THREE_DAYS, 10)
        unread = a_row(session, None, 500)
        acute = a_row(session, Urgency.ACUTE, 900)
        late = a_row(session, Urgency.ONE_DAY, -30)
    with desk.database.reading() as session:
        assert walk(session, View.OPEN, 25) == [[acute, unread, late, sooner, later]]


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_paging_shows_every_row_once_also_when_all_are_due_at_the_same_moment(desk: Desk, rows: int) -> None:
    with desk.database.writing() as session:
        numbers = {a_row(session, Urgency.TODAY, 60) for _ in range(7)}
    with desk.database.reading() as session:
        shown = [number for page in walk(session, View.OPEN, rows) for number in page]
    assert len(shown) == 7
    assert set(shown) == numbers


def test_paging_back_shows_the_pages_that_were_there(desk: Desk) -> None:
    with desk.database.writing() as session:
        for minutes in range(5):
            a_row(session, Urgency.TODAY, minutes // 2)
    with desk.database.reading() as session:
        first = page_of(session, View.OPEN, NOBODY, None, 2)
        second = page_of(session, View.OPEN, NOBODY, first.further, 2)
        third = page_of(session, View.OPEN, NOBODY, second.further, 2)
        back = page_of(session, View.OPEN, NOBODY, third.back, 2)
        front = page_of(session, View.OPEN, NOBODY, back.back, 2)
    assert first.back is None
    assert third.further is None
    assert back.tickets == second.tickets
    assert front.tickets == first.tickets
    assert front.back is None


def test_a_row_that_comes_in_between_moves_no_page(desk: Desk) -> None:
    with desk.database.writing() as session:
        rows = [a_row(session, Urgency.TODAY, minutes) for minutes in (10, 20, 30, 40)]
    with desk.database.reading() as session:
        first = page_of(session, View.OPEN, NOBODY, None, 2)
    with desk.database.writing() as session:
        a_row(session, Urgency.ACUTE, 5)
    with desk.database.reading() as session:
        second = page_of(session, View.OPEN, NOBODY, first.further, 2)
    assert [ticket.number for ticket in second.tickets] == rows[2:]


def test_closed_tickets_are_read_newest_first(desk: Desk) -> None:
    with desk.database.writing() as session:
        rows = [a_row(session, Urgency.TODAY, minutes, status=Status.CLOSED, closed=True) for minutes in (1, 2, 3, 3)]
    with desk.database.reading() as session:
        pages = walk(session, View.CLOSED, 1)
        assert [page[0] for page in pages][2:] == [rows[1], rows[0]]
        assert walk(session, View.OPEN) == [[]]


def test_each_view_holds_what_it_says_and_its_count_is_exact(desk: Desk) -> None:
    iris, bas = a_colleague(desk, "Iris Bedacht").id, a_colleague(desk, "Bas Verzonnen").id
    with desk.database.writing() as session:
        free = a_row(session, None, 1)
        mine = a_row(session, Urgency.TODAY, 2, status=Status.CLAIMED, claimed_by=iris)
        his = a_row(session, Urgency.TODAY, 3, status=Status.CLAIMED, claimed_by=bas)
        given = a_row(session, Urgency.ACUTE, 4, status=Status.HANDED_OVER, claimed_by=iris)
    with desk.database.reading() as session:
        views = {view: walk(session, view, 25, iris)[0] for view in View}
        found = counts(session, iris).by_view
    assert views[View.OPEN] == [given, free, mine, his]
    assert views[View.MINE] == [given, mine]
    assert views[View.FREE] == [free]
    assert views[View.HANDED_OVER] == [given]
    assert {view: len(rows) for view, rows in views.items()} == found


def test_a_claimed_ticket_leaves_the_free_view(desk: Desk) -> None:
    number, iris = a_ticket(desk), a_colleague(desk).id
    desk.database.run(lambda session: claim(session, held(session, number), Doing(iris, desk.clock.now())))
    with desk.database.reading() as session:
        assert walk(session, View.FREE) == [[]]
        assert walk(session, View.MINE, 25, iris) == [[number]]
    assert ticket_of(desk, number).status is Status.CLAIMED


@pytest.mark.parametrize(
    "text_",
    [
        "", "v", "v9.1.00", "x2.5." + "0" * 32, "v2.5." + "g" * 32, "v2." + "9" * 18 + "." + "0" * 32,
        "v0.-" + "9" * 17 + "." + "0" * 32,
    ],
)  # fmt: skip
def test_a_place_that_nobody_handed_out_is_refused(text_: str) -> None:
    with pytest.raises(BadPlace):
        Place.read(text_)


def test_a_place_survives_the_way_through_an_address() -> None:
    place = Place(after=False, rank=2, at=NOW + timedelta(microseconds=17), id=uuid4())
    assert Place.read(str(place)) == place


def test_a_page_of_25_rows_takes_one_query(desk: Desk) -> None:
    person = Person(a_colleague(desk).id, "Iris Bedacht")
    with desk.database.writing() as session:
        for minutes in range(30):
            a_row(session, Urgency.TODAY, minutes, status=Status.CLAIMED, claimed_by=person.id)
    with desk.database.reading() as session, queries_of(session) as made:
        page = page_of(session, View.OPEN, person.id)
        rows = [row_of(ticket, Calendar(), person.id, NOW) for ticket in page.tickets]
    assert len(rows) == 25
    assert rows[0].claimed_by == "Iris Bedacht"
    assert rows[0].subject == rows[0].number
    assert len([statement for statement in made if statement.startswith("SELECT")]) == 1


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("paged", [False, True])
def test_no_view_sorts_or_scans_the_table(desk: Desk, view: View, *, paged: bool) -> None:
    iris = a_colleague(desk).id
    desk.database.run(lambda session: fill(session, iris))  # of 400 random numbers two may be the same
    place = Place(after=True, rank=2, at=NOW, id=uuid4()) if paged else None
    plan = plan_of(desk, view, iris, place)
    index = {View.MINE: "ix_ticket_claimed", View.FREE: "ix_ticket_claimed", View.HANDED_OVER: "ix_ticket_status"}
    assert index.get(view, "ix_ticket_closed_at" if view is View.CLOSED else "ix_ticket_queue") in plan
    assert not [word for word in BAD if word in plan], plan


def fill(session: Session, claimed_by: UUID) -> None:
    """Four hundred tickets, as many of each status."""
    for minutes in range(400):
        status = (Status.CLOSED, Status.NEW, Status.HANDED_OVER, Status.CLAIMED)[minutes % 4]
        taken = claimed_by if status is Status.CLAIMED else None
        a_row(session, Urgency.TODAY, minutes, status=status, claimed_by=taken, closed=status is Status.CLOSED)


BAD = ("SCAN ticket\n", "TEMP B-TREE", "Seq Scan on ticket", "Sort")


def plan_of(desk: Desk, view: View, person: UUID, place: Place | None) -> str:
    """How the engine would read this page."""
    query: Select[UUID] = queue.query_of(view, person, place).with_only_columns(Ticket.id).limit(26)
    sql = str(query.compile(desk.database.engine, compile_kwargs={"literal_binds": True}))
    with desk.database.reading() as session:
        if desk.database.on_sqlite:
            rows = session.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
            return "\n".join(row.detail for row in rows) + "\n"
        session.execute(text("ANALYZE ticket"))
        return "\n".join(row[0] for row in session.execute(text(f"EXPLAIN {sql}")))


@contextmanager
def queries_of(session: Session) -> Iterator[list[str]]:
    """The statements that a session sends meanwhile."""
    made: list[str] = []
    engine = session.get_bind()

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield made
    event.remove(engine, "before_cursor_execute", note)


def test_rows_stand_under_the_day_on_which_they_are_due(desk: Desk) -> None:
    with desk.database.writing() as session:
        for urgency, minutes in (
            (Urgency.ACUTE, 20), (None, 60), (Urgency.TODAY, -5), (Urgency.ONE_DAY, 300), (Urgency.TODAY, 420),
            (Urgency.ONE_DAY, 1440), (Urgency.THREE_DAYS, 2880), (Urgency.THREE_DAYS, 9000),
        ):  # fmt: skip
            a_row(session, urgency, minutes)
    with desk.database.reading() as session:
        tickets = session.scalars(select(Ticket).order_by(Ticket.rank, Ticket.due_at))
        groups = grouped([row_of(ticket, Calendar(), NOBODY, NOW) for ticket in tickets], NOW)
    assert [(group.title, len(group.rows)) for group in groups] == [
        ("Acuut", 1), ("Nog te beoordelen", 1), ("Over tijd", 1), ("Moet vandaag", 2), ("Moet morgen", 1),
        ("Moet later", 2),
    ]  # fmt: skip
