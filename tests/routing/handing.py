"""Handing over as tests do it: each act in a transaction of its own."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.desk import Desk
from routing.handover import Giving, confirm, hand_over
from routing.models import Handover
from routing.proposals import directory_of
from tests.builders import a_colleague, a_ticket
from triage.actions import Doing, Rating, rate
from triage.models import Ticket
from triage.values import Urgency

T = TypeVar("T")


def doing(desk: Desk, name: str = "Iris Bedacht", fact: str | None = None) -> Doing:
    """A colleague acts now."""
    return Doing(a_colleague(desk, name).id, desk.clock.now(), fact or f"form:{uuid4().hex}")


def on(desk: Desk, number: str, work: Callable[[Session, Ticket, Doing], T], by: Doing | None = None) -> T:
    """Do something to the ticket in a transaction of its own."""
    act = by or doing(desk)
    return desk.database.run(
        lambda session: work(session, session.scalars(select(Ticket).where(Ticket.number == number)).one(), act)
    )


def give(desk: Desk, number: str, code: str = "veilig-thuis", by: Doing | None = None, **more: str) -> UUID:
    """Hand over as the form does and give the handover's id."""
    given: dict[str, str] = {"person": "mevrouw Aanname, bureaudienst", "why": "Vader haalt haar om twaalf uur."} | more

    def work(session: Session, ticket: Ticket, act: Doing) -> UUID:
        giving = Giving(directory_of(session)[code], spoken_at=act.at, **given)
        return hand_over(session, ticket, act, giving, rule="Acuut", domain="desk.example").id

    return on(desk, number, work, by)


def rated(desk: Desk, urgency: Urgency) -> str:
    """A ticket of this urgency."""
    number = a_ticket(desk)
    rate_again(desk, number, urgency)
    return number


def rate_again(desk: Desk, number: str, urgency: Urgency) -> None:
    """Rate a ticket."""
    rating = Rating(urgency, "Zo gehoord.", "melder, 9.19 uur")
    on(desk, number, lambda session, ticket, act: rate(session, ticket, act, rating))


def take(desk: Desk, number: str, handover_id: UUID, who: str = "Anna Vertrouwd, bureaudienst") -> None:
    """Somebody at the partner says that they have it."""
    on(desk, number, lambda session, ticket, act: confirm(session, ticket, act, _one(session, handover_id), who))


def _one(session: Session, handover_id: UUID) -> Handover:
    return session.get_one(Handover, handover_id)
