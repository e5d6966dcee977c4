"""Why a ticket stands where it stands, as a sentence. Pure: the queue orders, this explains."""

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


@dataclass(frozen=True)
class Why:
    """A sentence in two parts: the words that stand out (may be empty), and the rest."""

    lead: str
    rest: str

    def __str__(self) -> str:
        return f"{self.lead} {self.rest}".strip()


def why(ticket: Standing, now: datetime) -> Why:
    """Why this ticket comes where it comes at desk time `now`."""
    if ticket.status in {Status.CLOSED, Status.MERGED}:
        return Why("", "Afgesloten.")
    if ticket.news:
        return Why(
            "Hierboven, omdat", f"er iets nieuws bij kwam{_and('de tijd om is' if ticket.due_at <= now else '')}."
        )
    if ticket.urgency is Urgency.ACUTE and not ticket.taken_by:
        return Why("Eerst, omdat", f"het acuut is{_and(_acute(ticket, now))}.")
    if ticket.urgency is None:
        return Why("Hierboven, omdat", f"{_unread(ticket, now)}.")
    return _rated(ticket, now)


def _acute(ticket: Standing, now: datetime) -> str:
    if not ticket.claimed and ticket.status is not Status.HANDED_OVER:
        return "nog niemand het oppakte"
    if ticket.due_at <= now:
        return "de tijd om is"
    return "de overdracht nog niet bevestigd is" if ticket.status is Status.HANDED_OVER else ""


def _unread(ticket: Standing, now: datetime) -> str:
    if ticket.due_at <= now:
        return "de tijd om is en nog niemand dit beoordeelde"
    if ticket.opened_while_closed:
        return "dit kwam toen wij dicht waren en nog niemand het beoordeelde"
    return "nog niemand dit beoordeelde"


def _rated(ticket: Standing, now: datetime) -> Why:
    if ticket.due_at <= now:
        nobody = not ticket.claimed and ticket.status is not Status.HANDED_OVER
        return Why("Bovenaan, omdat", f"de tijd om is{_and('niemand het oppakte' if nobody else '')}.")
    until = f"uiterlijk {written_moment(ticket.due_at, now)} uur"
    if ticket.status is Status.HANDED_OVER:
        return Why("", f"Overgedragen, wij volgen; {until}.")
    if ticket.urgency is Urgency.TODAY and local(ticket.due_at).date() == local(now).date():
        at = f"uiterlijk om {written_time(ticket.due_at)} uur"
        return Why("Vandaag, omdat", f"dit {at} een besluit vraagt{_and(_free(ticket))}.")
    return Why("", f"Gewone volgorde: {until}{', nog vrij' if not ticket.claimed else ''}.")


def _free(ticket: Standing) -> str:
    return "" if ticket.claimed else "nog niemand het oppakte"


def _and(clause: str) -> str:
    return f" en {clause}" if clause else ""
