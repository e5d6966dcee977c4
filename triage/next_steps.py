"""What to do now with a ticket, as a short list a colleague can act on. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.dates import spoken_day
from hours import Calendar
from triage.values import Status, Urgency

LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    """One thing to do, and why or how; `at` is when it must be done, None for at once."""

    what: str
    how: str
    at: datetime | None = None
    leads_to: str | None = None
    """The place on the page where it is done."""


def next_steps(
    urgency: Urgency | None, status: Status, due_at: datetime, *, claimed: bool, taken: bool = False, news: bool = False
) -> tuple[Step, ...]:
    """The steps in their order; empty for a closed ticket.

    `taken`: a partner's person confirmed the handover. `news`: something arrived after the last rating.
    """
    if status in {Status.CLOSED, Status.MERGED}:
        return ()
    steps = []
    if urgency is None:
        steps.append(Step("Lees en beoordeel", "Hoe snel moet dit? Een mens beslist.", due_at, "h-snel"))
    if news:
        steps.append(Step("Lees wat erbij kwam", "Beoordeel dan opnieuw hoe snel dit moet.", due_at, "h-snel"))
    if not claimed and status is not Status.HANDED_OVER:
        steps.append(Step("Pak de melding op", "Dan weet iedereen dat u ermee bezig bent."))
    if status is Status.HANDED_OVER and taken:
        steps.append(Step("Vertel de melder wat er gebeurt", "Wie nam het over, en hoe gaat het verder?", due_at))
    elif status is Status.HANDED_OVER:
        steps.append(Step("Laat de overdracht bevestigen", "Bel, wacht tot u iemand spreekt, noteer de naam.", due_at))
    elif urgency is Urgency.ACUTE:
        steps.append(Step("Draag over, per telefoon", "Blijf bellen tot iemand met een naam het overneemt.", due_at))
    elif urgency is not None:
        steps.append(Step("Besluit wat er gebeurt", "Overdragen, terugbellen, of afsluiten met een reden.", due_at))
    return tuple(steps)


def can_it_wait(calendar: Calendar, urgency: Urgency | None, status: Status, now: datetime) -> str | None:
    """The question of the last open hour for what is due today or unread: "Kan dit wachten tot morgen?"."""
    closes = calendar.closes_at(now)
    waits = urgency in {None, Urgency.TODAY} and status not in {Status.CLOSED, Status.MERGED, Status.HANDED_OVER}
    if not waits or closes is None or closes - now > LAST_HOUR:
        return None
    day = spoken_day(calendar.next_opening(now), now).removeprefix("op ")
    return f"Kan dit wachten tot {day}?"
