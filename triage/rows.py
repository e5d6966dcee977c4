"""A ticket as one row of a list, and rows in groups by what must be done first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID, uuid4

from desk.dates import written_moment
from hours import Calendar, local
from triage.due import Due, due_of, short_moment
from triage.models import Ticket
from triage.number import spaced
from triage.values import Category, Channel, Urgency
from triage.why import Standing, Why, why
from triage.words import CATEGORIES, CHANNELS, CLOSE_REASONS, STATES, Pace, category_digit, pace

GONE = "De inhoud is vernietigd"
UNTITLED = "Zonder onderwerp"
CHANNEL_ICONS = {Channel.PHONE: "phone", Channel.MAIL: "mail"}


@dataclass(frozen=True)
class Sign:
    """A category as it is drawn: its digit, its name, and whether it leads."""

    digit: str
    name: str
    leads: bool


@dataclass(frozen=True)
class Row:
    """All that a list shows of a ticket."""

    number: str
    spaced: str
    subject: str
    due: Due
    pace: Pace
    rank: int
    why: Why
    signs: tuple[Sign, ...]
    reporter: str
    channel: str
    channel_icon: str
    area: str
    came: str
    state: str
    claimed_by: str | None
    mine: bool
    open: bool
    claimable: bool
    version: int
    form_key: str


@dataclass(frozen=True)
class Group:
    """Rows that belong together; `look` names the colour of its head."""

    key: str
    title: str
    hint: str
    look: str
    bars: int | None
    rows: tuple[Row, ...]


def row_of(ticket: Ticket, calendar: Calendar, person_id: UUID, now: datetime) -> Row:
    """What a list shows of this ticket to this person at desk time `now`."""
    return Row(
        number=ticket.number,
        spaced=spaced(ticket.number),
        subject=title_of(ticket),
        due=_due(ticket, calendar, now),
        pace=pace(ticket.urgency),
        rank=ticket.rank,
        why=why(standing_of(ticket), now),
        signs=signs(ticket.categories),
        reporter=ticket.reporter_organisation or ticket.reporter_name or "Onbekende melder",
        channel=CHANNELS[ticket.channel],
        channel_icon=CHANNEL_ICONS[ticket.channel],
        area=ticket.area or "",
        came=came_in(ticket, now),
        state=CLOSE_REASONS[ticket.close_reason] if ticket.close_reason else STATES[ticket.status],
        claimed_by=ticket.claimed_by.name if ticket.claimed_by else None,
        mine=ticket.claimed_by_id == person_id,
        open=ticket.is_open,
        claimable=ticket.is_open and ticket.claimed_by_id is None,
        version=ticket.version,
        form_key=uuid4().hex,
    )


def title_of(ticket: Ticket) -> str:
    """The words on top of a ticket, or why there are none."""
    if ticket.data_key.wrapped is None:
        return GONE
    return (ticket.subject or "").strip() or UNTITLED


def standing_of(ticket: Ticket) -> Standing:
    """What the sentence "eerst, omdat" is made of."""
    claimed = ticket.claimed_by_id is not None
    closed = ticket.opened_while_closed and ticket.reopened_at is None
    # A mail was promised an answer, not a call.
    call_by = ticket.promised_at if ticket.channel is Channel.PHONE else None
    return Standing(
        ticket.urgency, ticket.status, ticket.due_at, claimed, closed, ticket.taken_by, has_news(ticket), call_by
    )


def has_news(ticket: Ticket) -> bool:
    """Whether something arrived after the last rating; rating anew puts the ticket back in its place."""
    return ticket.is_open and ticket.urgency is not None and ticket.news_since is not None


def signs(categories: Sequence[Category]) -> tuple[Sign, ...]:
    """Categories as they are drawn, the first one leading."""
    return tuple(Sign(category_digit(each), CATEGORIES[each], n == 0) for n, each in enumerate(categories))


def came_in(ticket: Ticket, now: datetime) -> str:
    """When it came: "vandaag 9.12", "gisteren 19.12, toen gesloten"."""
    closed = ", toen gesloten" if ticket.opened_while_closed else ""
    return f"{written_moment(ticket.opened_at, now)}{closed}"


def grouped(rows: Iterable[Row], now: datetime) -> tuple[Group, ...]:
    """Rows in the order of the queue under a head each: acute, unread, and then by the day on which they are due."""
    return tuple(_group(key, tuple(members)) for key, members in groupby(rows, lambda row: _key(row, now)))


HEADS = {
    "acuut": ("Acuut", "direct gevaar; ook na sluitingstijd", "acute", 4),
    "ongelezen": ("Nog te beoordelen", "binnen 1 werkuur gelezen door een mens", "new", 0),
    "te-laat": ("Over tijd", "de tijd voor een besluit is om", "late", None),
    "vandaag": ("Moet vandaag", "vandaag een besluit", "today", None),
    "morgen": ("Moet morgen", "", "later", None),
    "later": ("Moet later", "", "later", None),
    "afgesloten": ("Afgesloten", "laatst afgesloten eerst", "later", None),
}


def _group(key: str, rows: tuple[Row, ...]) -> Group:
    title, hint, look, bars = HEADS[key]
    return Group(key, title, hint, look, bars, rows)


def _key(row: Row, now: datetime) -> str:
    if not row.open:
        return "afgesloten"
    if row.rank < 2:  # noqa: PLR2004  0 acute, 1 unread, 2 rated
        return "ongelezen" if row.rank else "acuut"
    if row.due.late:
        return "te-laat"
    days = (local(row.due.at).date() - local(now).date()).days
    return {0: "vandaag", 1: "morgen"}.get(days, "later")


def _due(ticket: Ticket, calendar: Calendar, now: datetime) -> Due:
    if ticket.closed_at is not None:
        return Due(ticket.closed_at, short_moment(ticket.closed_at, now), "afgesloten", late=False, share=0)
    # Once a partner has it the half hour is over: what is left is the answer, which counts in working time.
    urgency = Urgency.ONE_DAY if ticket.urgency and ticket.taken_by else ticket.urgency
    return due_of(calendar, urgency, ticket.counts_from, ticket.due_at, now)
