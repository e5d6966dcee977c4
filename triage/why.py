"""Why a ticket asks for attention, as a sentence. Pure: the queue orders, this explains."""

from dataclasses import dataclass
from datetime import datetime

from desk.dates import written_moment, written_time
from hours import local
from triage.values import Status, Urgency


@dataclass(frozen=True)
class Standing:
    """What the sentence is made of. Times are aware; `claimed` says whether somebody has it."""

    urgency: Urgency | None
    status: Status
    due_at: datetime
    claimed: bool
    opened_while_closed: bool
    taken_by: str | None = None
    """The partner whose person took it over: it no longer comes first."""
    news: bool = False
    """Something arrived after the last rating."""
    call_by: datetime | None = None
    """By when a caller was promised to be called back."""


@dataclass(frozen=True)
class Why:
    """A sentence in two parts: the words that stand out (may be empty), and the rest."""

    lead: str
    rest: str

    def __str__(self) -> str:
        return f"{self.lead} {self.rest}".strip()


def why(ticket: Standing, now: datetime) -> Why:
    """What asks for attention at desk time `now`: true wherever the row stands, also among what was found."""
    if ticket.status in {Status.CLOSED, Status.MERGED}:
        return Why("", "Afgesloten.")
    first = _first(ticket, now)
    return Why(first.lead, first.rest + _promise(ticket, now))


def _first(ticket: Standing, now: datetime) -> Why:
    if ticket.urgency is Urgency.ACUTE and not ticket.taken_by:
        return Why("Acuut:", f"{_acute(ticket, now)}.")
    if ticket.news:
        late = " De tijd is om." if _late(ticket, now) else ""
        return Why("Er kwam iets bij:", f"lees het en beoordeel opnieuw.{late}")
    if ticket.urgency is None:
        return Why("Nog te beoordelen:", f"{_unread(ticket, now)}.")
    if ticket.taken_by:
        return _taken(ticket, ticket.taken_by, now)
    return _rated(ticket, now)


def _promise(ticket: Standing, now: datetime) -> str:
    """A call that is due today, or was: nobody else keeps it."""
    if ticket.call_by is None or local(ticket.call_by).date() > local(now).date():
        return ""
    if ticket.call_by <= now:
        return " Terugbellen is te laat: bel nu."
    return f" Bel terug, uiterlijk om {written_time(ticket.call_by)} uur."


def _acute(ticket: Standing, now: datetime) -> str:
    clauses = (
        ("er kwam iets bij", ticket.news),
        ("nog niemand pakte dit op", _free(ticket)),
        ("de tijd is om", _late(ticket, now)),
        ("de overdracht is nog niet bevestigd", ticket.status is Status.HANDED_OVER),
    )
    return " en ".join([clause for clause, true in clauses if true][:2]) or "draag dit over, per telefoon"


def _unread(ticket: Standing, now: datetime) -> str:
    if _late(ticket, now):
        return "de tijd is om"
    return "dit kwam toen wij dicht waren" if ticket.opened_while_closed else "zeg hoe snel dit moet"


def _taken(ticket: Standing, partner: str, now: datetime) -> Why:
    if _late(ticket, now):
        return Why("Over tijd:", f"{partner} nam dit over. Vertel de melder wat er gebeurt.")
    return Why("Overgenomen", f"door {partner}. Vertel de melder wat er gebeurt, {_until(ticket, now)}.")


def _rated(ticket: Standing, now: datetime) -> Why:
    handed_over = ticket.status is Status.HANDED_OVER
    if _late(ticket, now):
        left = "de overdracht is nog niet bevestigd" if handed_over else "dit vraagt nu een besluit"
        return Why("Over tijd:", f"{'nog niemand pakte dit op' if _free(ticket) else left}.")
    if handed_over:
        return Why("", f"Overgedragen, nog niet bevestigd: {_until(ticket, now)}.")
    if ticket.urgency is Urgency.TODAY and local(ticket.due_at).date() == local(now).date():
        free = ", en nog niemand pakte dit op" if _free(ticket) else ""
        return Why("Vandaag:", f"uiterlijk om {written_time(ticket.due_at)} uur een besluit{free}.")
    return Why("", f"Gewone volgorde: {_until(ticket, now)}{', nog vrij' if _free(ticket) else ''}.")


def _late(ticket: Standing, now: datetime) -> bool:
    return ticket.due_at <= now


def _free(ticket: Standing) -> bool:
    return not ticket.claimed and ticket.status is not Status.HANDED_OVER


def _until(ticket: Standing, now: datetime) -> str:
    return f"uiterlijk {written_moment(ticket.due_at, now)} uur"
