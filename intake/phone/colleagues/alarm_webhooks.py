"""What a coordinator hears whom the desk alarms. Calls to them are no contacts, and are not recorded."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from desk.desk import Desk
from intake.phone import twiml
from intake.phone.answering import xml
from intake.phone.colleagues.alarm import TEXT
from intake.phone.events import BadEvent
from intake.phone.gate import Gate


def make_alarm(desk: Desk) -> Blueprint:
    """Two webhooks behind the gate of the telephone: what is said, and how the call went."""
    alarm = Blueprint("alarm", __name__, url_prefix="/phone/alarm")
    gate, voice = Gate(desk.settings, for_calls_out=True), desk.settings.voice
    alarm.register_error_handler(HTTPException, lambda error: xml(twiml.nothing(), error.code or 400))
    alarm.register_error_handler(BadEvent, lambda _error: xml(twiml.nothing(), 400))

    @alarm.post("")
    def said() -> Response:
        gate.admit(request)
        return xml(twiml.speak_and_end(f"{TEXT} {TEXT}", voice))  # who picks up often misses the first words

    @alarm.post("/verloop")
    def progress() -> Response:
        gate.admit(request)
        return xml(twiml.nothing())

    return alarm
