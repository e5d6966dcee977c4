"""Colleagues and callers of one desk, for the pages of the telephone."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from desk.desk import Desk
from intake.phone import duty
from intake.phone.models import Ring
from tests.builders import a_colleague, sign_in
from tests.intake.phone.line import Line, TestCall

NUMBERS = ("0600000201", "0600000202", "0600000203")


@dataclass
class DeskSide:
    """A whole application, with a line into it."""

    desk: Desk
    app: Flask
    line: Line

    def colleague(
        self, name: str = "Iris Bedacht", number: str | None = NUMBERS[0], role: str = "medewerker"
    ) -> FlaskClient:
        """A browser of a colleague who takes the telephone on `number`; None for one who does not."""
        who = a_colleague(self.desk, name, role)
        if number:
            e164 = f"+31{number[1:]}"
            self.desk.database.run(lambda session: duty.sign_on(session, who.id, e164))
        return sign_in(self.app.test_client(), who)

    def id_of(self, name: str) -> UUID:
        """The account of a colleague."""
        return a_colleague(self.desk, name).id

    def pause(self, name: str) -> None:
        """This colleague's telephone does not ring."""
        who = self.id_of(name)
        self.desk.database.run(lambda session: duty.pause(session, who))

    def waiting(self, **differences: str) -> tuple[TestCall, UUID]:
        """A caller in the queue, because everybody who takes the telephone has a pause."""
        known = {each.id for each in self.line.calls()}
        call = self.line.dial(**differences)
        call.press("0")
        call.wait_round()
        (new,) = {each.id for each in self.line.calls()} - known
        return call, new

    def ring(self) -> Ring:
        """The newest try to reach somebody."""
        with self.desk.database.reading() as session:
            return session.scalars(select(Ring).order_by(Ring.started_at.desc()).limit(1)).one()

    def talks(self, call: TestCall) -> None:
        """The colleague who is rung presses the key."""
        ring = self.ring().id
        self.line.tell(call.sid, f"/phone/ring/{ring}/key", Digits="1", ParentCallSid=call.sid, CallSid="CA" + "9" * 32)

    def taken(self, client: FlaskClient, **differences: str) -> tuple[TestCall, UUID]:
        """A waiting caller whom this colleague took by a click and talks with."""
        call, id_ = self.waiting(**differences)
        client.post(f"/telefoon/neem/{id_}", headers={"Sec-Fetch-Site": "same-origin"})
        call.wait_round()
        call.leave()
        self.talks(call)
        return call, id_


def a_side(desk: Desk) -> DeskSide:
    """The whole application over a desk."""
    app = create_app(desk.settings, desk)
    app.testing = True
    return DeskSide(desk, app, Line(desk, app))
