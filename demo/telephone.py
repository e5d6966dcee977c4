"""The demonstration's telephone line: the carrier stand-in in real time, its pages and its REST face."""

from dataclasses import dataclass

from flask import Blueprint

from demo.carrier import Carrier, HttpTransport, rest_blueprint
from demo.carrier.page import phone_blueprint
from demo.folder import ACCOUNT, Folder
from demo.handsets import handsets_blueprint
from demo.people import DESK_NUMBER, Person
from demo.web import FALLBACK

FASTER = 60.0  # how much faster than life a sample call is
IN_CALL, AFTERWARDS = "#rc=2&rp=all&rt=6000", "#rc=5&rp=all"


@dataclass(frozen=True)
class Telephone:
    """One line to the desk. `blueprints` are the pages to serve."""

    carrier: Carrier
    blueprints: tuple[Blueprint, ...]

    def leave_message(self, caller: Person, text: str) -> None:
        """Phone the desk as somebody, choose a person, and speak after the tone. Returns when the call is over."""
        call = self.carrier.dial(caller.phone, pace=FASTER)
        call.wait_until_silent()
        call.press("0")
        call.wait_until_somebody_listens()  # whoever takes the telephone is rung first
        call.say(text)
        call.wait_until_silent()
        call.press("#")
        call.wait_until_over()

    def close(self) -> None:
        """Do nothing more."""
        self.carrier.close()


def telephone(folder: Folder) -> Telephone:
    """Connect a line to the desk of this demonstration."""
    carrier = Carrier(
        ACCOUNT,
        folder.token,
        voice_url=f"{folder.desk_url}/phone/incoming{IN_CALL}",
        status_url=f"{folder.desk_url}/phone/status{AFTERWARDS}",
        fallback_url=f"{folder.demo_url}{FALLBACK}",
        clock=folder.clock,
        transport=HttpTransport(),
        number=DESK_NUMBER,
        api_url=folder.demo_url,
    )
    carrier.number.fallback_method = "GET"  # it is a file
    return Telephone(carrier, (phone_blueprint(carrier), handsets_blueprint(carrier), rest_blueprint(carrier)))
