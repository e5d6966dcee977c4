"""Where a handover stands, as steps to tick: what was done, by whom and when, and what still has to happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.dates import written_moment
from routing.models import Handover, HandoverStatus
from routing.partners import Partner
from triage.words import MAIL_ENDS

STANDS = {
    HandoverStatus.PROPOSED: "voorgesteld",
    HandoverStatus.SENT: "wacht op bevestiging",
    HandoverStatus.DELIVERED: "wacht op bevestiging",
    HandoverStatus.QUESTION: "de partner heeft een vraag",
    HandoverStatus.CONFIRMED: "bevestigd",
    HandoverStatus.DECLINED: "niet overgenomen",
    HandoverStatus.WITHDRAWN: "ingetrokken",
}


@dataclass(frozen=True)
class Step:
    """One step; `more` says when and by whom, or what to do."""

    words: str
    more: str
    done: bool


@dataclass(frozen=True)
class Progress:
    """One handover as the page shows it. `phone` is as people read it, `tel` as a telephone dials it."""

    id: UUID
    name: str
    phone: str
    tel: str
    hours: str
    stands: str
    chosen: str
    why: str
    waits: bool
    earlier: bool
    """From before the ticket was reopened."""
    steps: tuple[Step, ...]


def progress_of(
    handover: Handover, partner: Partner | None, reader: UUID, now: datetime, *, earlier: bool = False
) -> Progress:
    """How this handover looks to `reader`. `partner` is today's entry of the directory, None when it left that."""
    return Progress(
        id=handover.id,
        name=handover.partner_name,
        phone=partner.phone if partner else "",
        tel=partner.tel if partner else "",
        hours=partner.hours if partner else "",
        stands=STANDS[handover.status],
        chosen=f"Voorgesteld door de regel ‘{handover.rule}’." if handover.rule else "Door een medewerker gekozen.",
        why=handover.why or "",
        waits=handover.status.waits,
        earlier=earlier,
        steps=tuple(_steps(handover, reader, now)),
    )


def _steps(handover: Handover, reader: UUID, now: datetime) -> Iterator[Step]:
    yield _chosen(handover, reader, now)
    yield from _called(handover, now)
    yield from _written(handover, now)
    yield _taken(handover, now)


def _chosen(handover: Handover, reader: UUID, now: datetime) -> Step:
    who = "u" if handover.by_id == reader else handover.by.name
    return Step("Gekozen", f"{written_moment(handover.at, now)}, door {who}", done=True)


def _called(handover: Handover, now: datetime) -> tuple[Step, ...]:
    """Whom was spoken to; nothing once it does not matter any more that nobody was."""
    if handover.person:
        when = written_moment(handover.spoken_at or handover.at, now)
        return (Step(f"Gesproken met {handover.person}", when, done=True),)
    return (Step("Bellen", "er is nog met niemand gesproken", done=False),) if handover.status.waits else ()


def _written(handover: Handover, now: datetime) -> tuple[Step, ...]:
    letter = handover.letter
    if letter is None:
        return ()
    end = MAIL_ENDS.get(letter.outcome, "")
    at = f", {written_moment(letter.ended_at, now)}" if letter.ended_at else ""
    return (Step("E-mail met alleen het nummer", f"{end}{at}", done=letter.outcome.value == "sent"),)


def _taken(handover: Handover, now: datetime) -> Step:
    if handover.confirmed_at is None:
        return Step("Bevestigd door een mens met een naam", "nog niet", done=False)
    return Step(f"Bevestigd door {handover.confirmed_by}", written_moment(handover.confirmed_at, now), done=True)
