"""The carrier's REST face: the part of api v2010 that a desk uses, errors in the carrier's own shape.

https://www.twilio.com/docs/usage/api. Basic authentication with account sid and token, on media too.
"""

import hmac
from threading import Event
from typing import NoReturn

from flask import Blueprint, Response, jsonify, request

from demo.carrier.network import Carrier
from demo.carrier.rest.answers import RestError, add_route, not_found
from demo.carrier.rest.calls import add_calls
from demo.carrier.rest.numbers import add_numbers
from demo.carrier.rest.queues import add_queues
from demo.carrier.rest.recordings import add_recordings

__all__ = ["rest_blueprint"]


INJECTED = {
    401: (20003, "Authenticate"),
    403: (20003, "Permission denied"),
    404: (20404, "The requested resource was not found"),
    429: (20429, "Too Many Requests"),
}


def rest_blueprint(carrier: Carrier) -> Blueprint:
    """Everything under /2010-04-01, for an application of its own or the demonstration's."""
    rest = Blueprint("carrier_rest", __name__, url_prefix="/2010-04-01")
    rest.before_request(lambda: _admit(carrier))
    rest.after_request(lambda answer: _in_its_own_time(carrier, answer))
    rest.register_error_handler(RestError, _as_json)
    add_route(rest, "", lambda: account(carrier))
    add_calls(rest, carrier)
    add_queues(rest, carrier)
    add_recordings(rest, carrier)
    add_numbers(rest, carrier)
    rest.add_url_rule("/<path:anything>", "unknown", _unknown, methods=["GET", "POST", "DELETE"])
    return rest


def account(carrier: Carrier) -> dict[str, object]:
    """The account itself; asking for it shows that the credentials are good."""
    return {
        "sid": carrier.account_sid,
        "owner_account_sid": carrier.account_sid,
        "friendly_name": "Verzonnen netwerk",
        "status": "active",
        "type": "Full",
        "uri": f"/2010-04-01/Accounts/{carrier.account_sid}.json",
    }


def _unknown(anything: str) -> NoReturn:  # noqa: ARG001
    not_found()


def _admit(carrier: Carrier) -> None:
    if status := carrier.faults.rest_status():
        raise RestError(status, *INJECTED.get(status, (20500, "An internal server error has occurred")))
    given, path = request.authorization, request.path.split("/")
    user, word = (given.username or "", given.password or "") if given and given.type == "basic" else ("", "")
    right = _same(user, carrier.account_sid) and _same(word, carrier.auth_token)
    if not right or len(path) < 4 or path[3].removesuffix(".json") != carrier.account_sid:  # noqa: PLR2004
        raise RestError(401, 20003, "Authenticate")


def _in_its_own_time(carrier: Carrier, answer: Response) -> Response:
    """Slow when asked to be, after doing what was asked: whoever gave up does not know what happened."""
    if seconds := carrier.faults.rest_seconds():
        Event().wait(seconds)
    return answer


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _as_json(error: RestError) -> tuple[Response, int]:
    more = f"https://www.twilio.com/docs/errors/{error.code}"
    return jsonify(code=error.code, message=error.message, more_info=more, status=error.status), error.status
