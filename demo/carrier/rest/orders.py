"""Calls.json for POST: the account calls somebody. https://www.twilio.com/docs/voice/api/call-resource."""

from flask import request

from demo.carrier.destinations import refused
from demo.carrier.document import Refused, read_inline
from demo.carrier.events import Target
from demo.carrier.interpreter import Addresses
from demo.carrier.network import Carrier
from demo.carrier.noun import E164
from demo.carrier.outgoing import Order
from demo.carrier.progress import EVENTS, Subscription
from demo.carrier.rest.answers import METHODS, RestError, web_address


def order(carrier: Carrier) -> Order:
    """What this request asks for. Raises `RestError` with the carrier's own codes."""
    form = request.form
    to, from_ = form.get("To", ""), form.get("From", "")
    _check_numbers(carrier, to, from_)
    return Order(
        to,
        from_,
        Addresses(_voice(), _address("FallbackUrl", "FallbackMethod")),
        _asked(),
        _seconds("Timeout", 60, 600, 21208),
        _seconds("TimeLimit", 14_400, 14_400, 21218),
    )


def _check_numbers(carrier: Carrier, to: str, from_: str) -> None:
    if not to:
        raise RestError(400, 21201, "No 'To' number is specified")
    if not from_:
        raise RestError(400, 21213, "'From' phone number is required")
    if from_ != carrier.number.number:
        raise RestError(400, 21210, f"'From' phone number not verified: {from_}")
    if (reason := refused(to)) is not None:
        raise RestError(400, 21216, f"Account not allowed to call {to}: {reason}")
    if not E164.fullmatch(to):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {to}")


def _voice() -> Target:
    """An address or a document of at most 4000 characters."""
    if "Twiml" in request.form:
        try:
            return Target("POST", "", document=read_inline(request.form["Twiml"]))
        except Refused as fault:
            raise RestError(400, fault.code, fault.text) from fault
    voice = _address("Url", "Method")
    if voice is None:
        raise RestError(400, 21205, "Url parameter is required.")
    return voice


def _address(name: str, method: str) -> Target | None:
    url, how = request.form.get(name), request.form.get(method, "POST")
    if not url:
        return None
    if not web_address(url) or how not in METHODS:
        raise RestError(400, 21205, f"{name} is not a valid URL, or {method} not valid: {url}")
    return Target(how, url)


def _asked() -> Subscription:
    """Events come as one parameter each; a list in one parameter is not understood."""
    events = frozenset(request.form.getlist("StatusCallbackEvent")) or frozenset({"completed"})
    if not events <= set(EVENTS):
        raise RestError(400, 21626, f"Invalid 'StatusCallbackEvent': {sorted(events - set(EVENTS))}")
    target = _address("StatusCallback", "StatusCallbackMethod")
    return Subscription(target.url, target.method, events) if target else Subscription()


def _seconds(name: str, default: int, most: int, code: int) -> int:
    text = request.form.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise RestError(400, code, f"Invalid {name}: {text}")
    return int(text)
