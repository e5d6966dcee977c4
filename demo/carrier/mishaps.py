"""What can go wrong between the network and the desk with one try to deliver a webhook."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Mishap:
    """One fault on the way. `fault` is the carrier's word for it, by which an address asks for another try."""

    note: str
    """For the journal."""
    fault: str
    text: str
    """For an alarm."""
    code: int = 11200
    reaches: bool = True
    """The desk gets the request, and does what it does."""
    status: int | None = None
    """What somebody in between answers."""
    seconds: float = 0.0
    """The answer comes so much later; if the carrier waits that long, nothing is wrong with it."""


REFUSED = Mishap("geweigerd", "ct", "no connection", 11205, reaches=False)
# Which fault a connection is that breaks after the request was sent, the carrier's pages do not say.
CUT = Mishap("antwoord verloren", "rt", "the connection was lost before the answer", 11205)


def stalled(seconds: float) -> Mishap:
    """The desk did its work, but so many seconds later than anybody can see."""
    return Mishap("traag", "rt", "the answer came too late", 11205, seconds=seconds)


def proxied(status: int) -> Mishap:
    """Something before the desk answers in its place."""
    return Mishap("antwoord van onderweg", _fault(status), _text(status), reaches=False, status=status)


def behind_proxy(status: int) -> Mishap:
    """Something before the desk hands the request on, but not the answer."""
    return Mishap(f"onderweg werd het {status}", _fault(status), _text(status), status=status)


def _fault(status: int) -> str:
    return f"{status // 100}xx" if status >= HTTPStatus.BAD_REQUEST else ""


def _text(status: int) -> str:
    return f"something in between answered {status}"
