"""The work list: what is open, in the order in which it must be done, page by page and never by counting rows."""

import enum
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, lazyload

from desk import counters
from desk.accounts import User
from triage.models import Ticket
from triage.values import Status

ROWS = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLACE = re.compile(r"(?P<way>[vt])(?P<rank>[0-2])\.(?P<micros>-?[0-9]{1,17})\.(?P<id>[0-9a-f]{32})")


class View(enum.StrEnum):
    """Which tickets a list shows; the value stands in the address."""

    OPEN = "open"
    MINE = "mijn"
    FREE = "vrij"
    HANDED_OVER = "overgedragen"
    CLOSED = "afgesloten"


class BadPlace(ValueError):
    """A place in the list that no page of ours hands out."""


@dataclass(frozen=True)
class Place:
    """Where a page begins: directly after (or before) the row with this rank, time and id. Holds nothing personal."""

    after: bool
    rank: int
    at: datetime
    id: UUID

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str()` wrote. Raises `BadPlace`."""
        found = PLACE.fullmatch(text)
        if found is None:
            raise BadPlace(text)
        try:
            at = EPOCH + timedelta(microseconds=int(found["micros"]))
        except OverflowError as error:  # before the year 1
            raise BadPlace(text) from error
        return cls(found["way"] == "v", int(found["rank"]), at, UUID(found["id"]))

    def __str__(self) -> str:
        micros = (self.at - EPOCH) // timedelta(microseconds=1)
        return f"{'v' if self.after else 't'}{self.rank}.{micros}.{self.id.hex}"


@dataclass(frozen=True)
class Page:
    """Rows in the order of the list; `further` and `back` are where the neighbouring pages begin, None without one."""

    tickets: tuple[Ticket, ...]
    further: Place | None
    back: Place | None


@dataclass(frozen=True)
class Counts:
    """How many tickets each view holds, exactly."""

    by_view: dict[View, int]


def page_of(session: Session, view: View, person_id: UUID, place: Place | None = None, rows: int = ROWS) -> Page:
    """One page of a view. One query, one row more than shown; the cost does not grow with what lies before it."""
    backwards = place is not None and not place.after
    found = list(session.scalars(query_of(view, person_id, place).limit(rows + 1)))
    more = len(found) > rows
    shown = found[:rows]
    if backwards:
        shown.reverse()
    return Page(
        tuple(shown),
        further=_place(view, shown[-1], after=True) if shown and (more or backwards) else None,
        back=_place(view, shown[0], after=False) if shown and (place is not None and (more or not backwards)) else None,
    )


def query_of(view: View, person_id: UUID, place: Place | None = None) -> Select[Ticket]:
    """What a page of this view reads, in the order in which it reads it: backwards for a place before a row."""
    query = _within(view, person_id).options(lazyload(Ticket.claimed_by, User.roles))
    if place is not None:
        query = query.where(_beyond(view, place))
    return query.order_by(*_directed(view, backwards=place is not None and not place.after))


def counts(session: Session, person_id: UUID) -> Counts:
    """Exact counts: open views over their index, closed from its counter."""
    queries = [
        select(func.count()).where(Ticket.is_open.is_(True)),
        select(func.count()).where(Ticket.claimed_by_id == person_id, Ticket.is_open.is_(True)),
        select(func.count()).where(Ticket.claimed_by_id.is_(None), Ticket.is_open.is_(True)),
        select(func.count()).where(Ticket.status == Status.HANDED_OVER),
    ]
    row = session.execute(select(*(query.scalar_subquery() for query in queries))).one()
    views = (View.OPEN, View.MINE, View.FREE, View.HANDED_OVER)
    return Counts({**dict(zip(views, row, strict=True)), View.CLOSED: counters.count(session, "closed")})


def _within(view: View, person_id: UUID) -> Select[Ticket]:
    query = select(Ticket)
    match view:
        case View.OPEN:
            return query.where(Ticket.is_open.is_(True))
        case View.MINE:
            return query.where(Ticket.claimed_by_id == person_id, Ticket.is_open.is_(True))
        case View.FREE:
            return query.where(Ticket.claimed_by_id.is_(None), Ticket.is_open.is_(True))
        case View.HANDED_OVER:
            return query.where(Ticket.status == Status.HANDED_OVER)
        case View.CLOSED:
            return query.where(Ticket.closed_at.is_not(None))


def _order(view: View) -> tuple[InstrumentedAttribute[Any], ...]:
    if view is View.CLOSED:
        return Ticket.closed_at, Ticket.id
    return Ticket.rank, Ticket.due_at, Ticket.id


def _directed(view: View, *, backwards: bool) -> list[ColumnElement[Any]]:
    """The order as the index has it: PostgreSQL walks the index over "IS NULL" only when its columns stand here too."""
    constant = (Ticket.claimed_by_id, Ticket.is_open) if view is View.FREE else ()
    newest_first = view is View.CLOSED
    return [column.desc() if backwards is not newest_first else column.asc() for column in (*constant, *_order(view))]


def _beyond(view: View, place: Place) -> ColumnElement[bool]:
    if view is View.CLOSED:
        closed, here = tuple_(Ticket.closed_at, Ticket.id), tuple_(*_bound(_order(view), (place.at, place.id)))
        return closed < here if place.after else closed > here
    row = tuple_(Ticket.rank, Ticket.due_at, Ticket.id)
    here = tuple_(*_bound(_order(view), (place.rank, place.at, place.id)))
    return row > here if place.after else row < here


def _bound(columns: tuple[InstrumentedAttribute[Any], ...], values: tuple[Any, ...]) -> list[ColumnElement[Any]]:
    """Values with the type of their column, so that both engines compare like with like."""
    return [literal(value, column.type) for column, value in zip(columns, values, strict=True)]


def _place(view: View, ticket: Ticket, *, after: bool) -> Place:
    at = ticket.closed_at if view is View.CLOSED else ticket.due_at
    return Place(after, ticket.rank, at or ticket.opened_at, ticket.id)
