"""The one gate of the telephone: only a webhook that the carrier signed for this account comes in.

A request that is refused leaves no record, and no line with what it held.
"""

import hmac
from typing import Any

from flask import Request
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge

from desk.settings import Settings
from intake.phone.events import BadEvent, Event, read_event

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 250  # the carrier sends some twenty; a SIP caller may add headers of their own
SIGNATURE = "X-Twilio-Signature"


class Gate:
    """Checks signature, account and size, in that order of cost: size first."""

    def __init__(self, settings: Settings, *, for_calls_out: bool = False) -> None:
        """`for_calls_out`: admits also what is told of calls that the desk placed itself."""
        self._for_calls_out = for_calls_out
        self._public_url = settings.public_url
        self._account = settings.twilio_account_sid
        # More than one while tokens are rotated; none at all on a desk without a telephone, which lets nobody in.
        self._validators = tuple(RequestValidator(token.get_secret_value()) for token in settings.twilio_auth_tokens)

    def admit(self, request: Request) -> Event:
        """The event of a genuine webhook.

        Raises `RequestEntityTooLarge` (413), `Forbidden` (403), or `BadEvent` for one that names no call, or one that
        does not belong here.
        """
        request.max_content_length = LARGEST_BODY  # Flask caps no url-encoded body by itself
        fields = list(request.form.items(multi=True))
        if len(fields) > MOST_FIELDS:
            raise RequestEntityTooLarge
        if not self._signed(request) or not self._ours(request.form.get("AccountSid", "")):
            raise Forbidden
        event = read_event(fields)
        if event.outgoing and not self._for_calls_out:  # nobody called in
            raise BadEvent("the desk placed this call")
        return event

    def _signed(self, request: Request) -> bool:
        signature = request.headers.get(SIGNATURE)
        if not signature:  # the validator raises on None
            return False
        url = self._public_url + raw_target(request.environ)
        try:
            return any(validator.validate(url, request.form, signature) for validator in self._validators)
        except Exception:  # noqa: BLE001  it meets hostile bytes with errors of every class: none of them is a yes
            return False

    def _ours(self, account: str) -> bool:
        return hmac.compare_digest(account.encode("utf-8", "replace"), self._account.encode())


def raw_target(environ: dict[str, Any]) -> str:
    """Path and query exactly as they were requested: the carrier signs the encoded form, which `request.url` undoes."""
    target: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not target:
        query: str = environ.get("QUERY_STRING", "")
        path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        return path + (f"?{query}" if query else "")
    if target.startswith("/"):
        return target
    _scheme, _, rest = target.partition("://")  # a proxy may ask by whole address
    return "/" + rest.partition("/")[2]
