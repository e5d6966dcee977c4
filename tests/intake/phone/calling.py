"""A desk that can place calls: the stand-in over real HTTP, a colleague's telephone and a reporter's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.carrier import Carrier, Telephone
from desk.worker import Worker
from intake import phone
from intake.phone.calling_back import attempts
from intake.phone.calling_back.attempts import Wish
from intake.phone.colleagues.roster import keep_number
from intake.phone.models import Attempt, Callback
from tests.builders import a_colleague
from tests.intake.phone.line import NUMBER, STAFF_NUMBER, TO, Line, with_settings
from tests.intake.phone.servers import served
from tests.intake.phone.test_journeys import a_carrier
from triage.models import Ticket
from triage.values import Outcome


@dataclass
class CallingBack:
    """The desk, the network around it, and how a colleague calls somebody back."""

    line: Line
    network: Carrier

    @property
    def staff(self) -> Telephone:
        return self.network.telephone(STAFF_NUMBER)

    @property
    def reporter(self) -> Telephone:
        return self.network.telephone(NUMBER)

    def reaching(self, url: str) -> Self:
        """The same desk, with its carrier at another address."""
        return replace(self, line=with_settings(self.line, twilio_api_url=url))

    def has_number(self, name: str = "Iris Bedacht", number: str = STAFF_NUMBER) -> UUID:
        """A colleague whose telephone is known."""
        colleague = a_colleague(self.line.desk, name)
        self.line.desk.database.run(lambda session: keep_number(session, colleague.id, number))
        return colleague.id

    def asks(self, user_id: UUID, attempt_id: UUID | None = None, number: str = NUMBER, reason: str = "") -> UUID:
        """Press the button of the only promise, if there is one. Gives the attempt."""
        made = attempt_id or uuid4()

        def work(session: Session) -> None:
            promise = session.scalars(select(Callback)).first()
            ticket = session.get(Ticket, promise.ticket_id) if promise else None
            wish = Wish(number, ticket, promise, reason=reason)
            attempts.request(session, made, user_id, wish, frozenset())

        self.line.desk.database.run(work)
        return made

    def work(self) -> None:
        """The worker does what is due, and the network what follows from it."""
        self.worker.drain()
        self.network.settle()

    @property
    def worker(self) -> Worker:
        return Worker(self.line.desk.database, phone.handlers(self.line.desk), schedule=lambda: None)

    def end(self, attempt_id: UUID) -> tuple[str, Outcome]:
        """The state of an attempt and the outcome of its contact."""
        with self.line.desk.database.reading() as session:
            attempt = session.get_one(Attempt, attempt_id)
            return attempt.state.value, attempt.contact.outcome


@contextmanager
def calling_back(line: Line) -> Iterator[CallingBack]:
    """While the block runs, the desk reaches the stand-in, and nothing of what it says may alarm it."""
    able = with_settings(line, phone_number=TO)
    network = a_carrier(able)
    with served(network.rest_app()) as url:
        yield CallingBack(with_settings(able, twilio_api_url=url), network)
    assert network.alerts == []
