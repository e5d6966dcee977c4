"""A telephone line into the desk for tests: signs webhooks as the carrier does, and follows the answers."""

import secrets
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from desk.desk import Desk
from desk.slots import fill_slots
from desk.web import create_web
from intake import phone
from intake.phone import duty
from intake.phone.models import Call, Callback
from tests.builders import a_colleague
from triage.models import Contact, Ticket

TO = "+31100000000"
NUMBER = "+31600000142"
STAFF_NUMBER = "+31600000201"


QUEUE_SID = "QU" + "0" * 32
TOKEN = "token-of-a-test"


def sign(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    """The signature of a webhook, as the carrier makes it."""
    signature: str = RequestValidator(token).compute_signature(url, form)
    return signature


def a_line(desk: Desk) -> "Line":
    """The telephone of a desk, without the other parts' pages."""
    app = create_web(desk)
    app.testing = True
    app.register_blueprint(phone.make_blueprint(desk))
    fill_slots(app, phone.slots(desk))
    return Line(desk, app)


def with_settings(line: "Line", **differences: object) -> "Line":
    """The same desk, as if started with other settings."""
    settings = line.desk.settings.model_copy(update=differences)
    return a_line(replace(line.desk, settings=settings))


def new_sid(kind: str = "CA") -> str:
    return kind + secrets.token_hex(16)


@dataclass
class Line:
    """One application and the account that may call it."""

    desk: Desk
    app: Flask

    def form(self, sid: str, **differences: str) -> dict[str, str]:
        """What the carrier sends in every webhook."""
        return {
            "CallSid": sid,
            "AccountSid": self.desk.settings.twilio_account_sid,
            "From": NUMBER,
            "To": TO,
            "CallStatus": "in-progress",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
        } | differences

    def post(self, target: str, form: dict[str, str], *, signature: str | None = None) -> TestResponse:
        """A signed webhook; `target` may be a whole address with a fragment, which is neither sent nor signed."""
        parts = urlsplit(target)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        signed = signature or sign(self.desk.settings.public_url + path, form)
        return self.app.test_client().post(path, data=form, headers={"X-Twilio-Signature": signed})

    def dial(self, **differences: str) -> "TestCall":
        """A new call, as far as its first answer."""
        call = TestCall(self, differences)
        call.ask("/phone/incoming", CallStatus="ringing")
        return call

    def tell(self, sid: str, target: str = "/phone/status", **differences: str) -> TestResponse:
        """A webhook that only tells something."""
        return self.post(target, self.form(sid, **differences))

    def on_duty(self, name: str = "Iris Bedacht", number: str = STAFF_NUMBER) -> UUID:
        """A colleague takes the telephone from now on."""
        colleague = a_colleague(self.desk, name)
        self.desk.database.run(lambda session: duty.sign_on(session, colleague.id, number))
        return colleague.id

    def busy(self) -> None:
        """Somebody takes the telephone, and not now: callers who want a person wait."""
        colleague = self.on_duty("Bas Verzonnen", "+31600000299")
        self.desk.database.run(lambda session: duty.pause(session, colleague))

    def contacts(self) -> list[Contact]:
        """Every contact, oldest first; read plain columns only."""
        with self.desk.database.reading() as session:
            return list(session.scalars(select(Contact).order_by(Contact.started_at)))

    def contact(self) -> Contact:
        """The only contact there is."""
        (only,) = self.contacts()
        return only

    def tickets(self) -> list[Ticket]:
        """Every ticket; read plain columns only."""
        with self.desk.database.reading() as session:
            return list(session.scalars(select(Ticket).order_by(Ticket.opened_at)))

    def calls(self) -> list[Call]:
        """Every call record; read plain columns only."""
        with self.desk.database.reading() as session:
            return list(session.scalars(select(Call)))

    def callbacks(self) -> list[Callback]:
        """Every promise to call back; read plain columns only."""
        with self.desk.database.reading() as session:
            return list(session.scalars(select(Callback)))


@dataclass
class TestCall:
    """One caller. `said` holds every line that was spoken, `verbs` the verbs of the last answer."""

    __test__ = False  # not a test, whatever its name says

    line: Line
    differences: dict[str, str] = field(default_factory=dict)
    sid: str = field(default_factory=new_sid)
    said: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    """What the last answer said."""
    verbs: list[str] = field(default_factory=list)
    action: str | None = None
    round: str = ""
    """Where the next round in the queue is asked for."""
    left: str = ""
    """Where the call goes on after the queue."""
    number: ET.Element | None = None
    """The colleague's number in the last answer."""
    last: tuple[str, dict[str, str]] = ("", {})

    def ask(self, target: str, **differences: str) -> TestResponse:
        """Send a webhook that asks what to do next, and read the answer."""
        form = self.line.form(self.sid, **(self.differences | differences))
        self.last = (target, form)
        return self.again()

    def again(self) -> TestResponse:
        """Send the last webhook once more, as a carrier does that did not get the answer."""
        answer = self.line.post(*self.last)
        root = ET.fromstring(answer.data)
        self.spoken = [say.text or "" for say in root.iter("Say")]
        self.said += self.spoken
        self.verbs = [verb.tag for verb in root]
        self.action = next((verb.get("action") for verb in root if verb.get("action")), None)
        if (queue := root.find("Enqueue")) is not None:
            self.round, self.left = queue.get("waitUrl", ""), queue.get("action", "")
        elif self.action and "/phone/wait/" in self.action:
            self.round = self.action
        self.number = next(iter(root.iter("Number")), None)
        return answer

    def press(self, keys: str) -> TestResponse:
        """Press keys at a Gather, or while waiting; "" is silence."""
        assert self.action, f"nothing is asked after {self.said[-1:]}"
        if self.verbs[-1] == "Enqueue":
            return self._press_while_waiting(keys)
        return self.ask(self.action, Digits=keys, msg="Gather End")

    def ask_for_a_call(self) -> TestResponse:
        """From the menu to "on which number": everybody is busy, and 9 is pressed in the queue."""
        self.line.busy()
        self.press("0")
        return self.press("9")

    def wait_round(self, keys: str = "") -> TestResponse:
        """The next round in the queue, with a key pressed in the last one."""
        target, self.round = self.round, ""
        return self.ask(target, QueueSid=QUEUE_SID, **({"Digits": keys} if keys else {}))

    def leave(self, result: str = "leave") -> TestResponse:
        """The queue lets the caller go."""
        return self.ask(self.left, QueueResult=result, QueueSid=QUEUE_SID, QueueTime="20")

    def _press_while_waiting(self, keys: str) -> TestResponse:
        self.wait_round()
        answer = self.wait_round(keys)
        return self.leave() if self.verbs == ["Leave"] else answer

    def speak(self, *, seconds: int = 7, sid: str | None = None, hang_up: bool = False) -> str:
        """Leave a message; returns the sid of its recording, which is not told to be there yet."""
        recording = sid or new_sid("RE")
        assert self.action
        assert self.verbs[-1] == "Record"
        ended = {"Digits": "hangup", "CallStatus": "completed"} if hang_up else {"Digits": "#"}
        facts = {
            "RecordingSid": recording,
            "RecordingDuration": str(seconds),
            "RecordingUrl": "https://elsewhere.example/x",
        }
        self.ask(self.action, **ended, **facts)
        return recording

    def hang_up(self, status: str = "completed") -> TestResponse:
        """The call is over."""
        return self.line.tell(self.sid, CallStatus=status, CallDuration="12", **self.differences)

    @property
    def told(self) -> str:
        """Everything that was spoken so far."""
        return " ".join(self.said)
