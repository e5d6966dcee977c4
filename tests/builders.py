"""Makes what tests need, with differences where they matter; invented people only."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select

from desk.accounts import Role, User
from desk.base import new_id
from desk.desk import Desk
from desk.documents import write
from intake.concern import Concern, Reporter
from intake.receive import receive
from triage.models import Ticket
from triage.values import Channel, Outcome

PASSWORD = "een lang verzonnen wachtwoord"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Colleague:
    """Somebody who can sign in."""

    id: UUID
    email: str
    name: str


def a_concern(**differences: Any) -> Concern:
    """A mail from an invented teacher."""
    given: dict[str, Any] = {
        "channel": Channel.MAIL,
        "provider_ref": secrets.token_hex(16),
        "started_at": datetime(2020, 4, 14, 8, 0, tzinfo=UTC),
        "outcome": Outcome.TICKET,
        "subject": "Zorgen over Sem Fictief",
        "text": "Sem Fictief werkt op de telefoon van zijn moeder. Er is geen laptop.",
        "reporter": Reporter("Hanna Papier", "Basisschool De Verzonnen Vos", "hanna@vos.example", "+31600000142"),
        "from_address": "hanna@vos.example",
    }
    return Concern(**(given | differences))


def a_ticket(desk: Desk, **differences: Any) -> str:
    """Receive a concern for real and return the ticket's number."""
    concern = a_concern(**({"started_at": desk.clock.now()} | differences))
    number: str = desk.database.run(lambda session: receive(session, concern).ticket.number)
    return number


def a_colleague(desk: Desk, name: str = "Iris Bedacht", role: str = "medewerker") -> Colleague:
    """An active account with `PASSWORD`; the same name gives the same account."""
    email = re.sub(r"[^a-z]+", ".", name.casefold()) + "@meldpunt.example"
    with desk.database.writing() as session:
        known = session.scalars(select(User).where(User.email == email)).unique().one_or_none()
        if known is None:
            roles = list(session.scalars(select(Role).where(Role.name == role)))
            known = User(
                id=new_id(), email=email, name=name, password=HASHER.hash(PASSWORD), active=True,
                fs_uniquifier=secrets.token_hex(16), roles=roles,
            )  # fmt: skip
            session.add(known)
        return Colleague(known.id, email, name)


def sign_in(client: FlaskClient, colleague: Colleague) -> FlaskClient:
    """Sign in through the page, as a person does."""
    page = client.get("/aanmelden")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    form = {"email": colleague.email, "password": PASSWORD, "csrf_token": token.group(1) if token else ""}
    answer = client.post("/aanmelden", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 302, answer.text
    return client


def closed_for_good(desk: Desk) -> None:
    """Put a calendar in force that holds no opening at all."""
    with desk.database.writing() as session:
        write(session, "calendar", "[weekly]\n", "test")


def ticket_of(desk: Desk, number: str) -> Ticket:
    """The ticket as it stands now, detached: read its plain columns only."""
    with desk.database.reading() as session:
        return session.scalars(select(Ticket).where(Ticket.number == number)).one()
