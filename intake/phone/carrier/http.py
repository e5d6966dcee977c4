"""How the desk reaches its carrier: the library's HTTP client with a limit on waiting, our address and every token."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3.exceptions import MaxRetryError, NewConnectionError

from desk.sender import GiveUp, TryAgain, Uncertain

TIMEOUT = 8  # seconds; the library itself would wait for ever
# Too early, too busy, or credentials that somebody is replacing: the rest of 4xx is final.
MAY_WORK_LATER = frozenset({401, 408, 409, 425, 429})


class CarrierHttp(TwilioHttpClient):  # type: ignore[misc]  # the library is not typed
    """Sends what the library makes to `api_url`, signed with the first token that the carrier takes.

    Several are valid while they are rotated. Nothing is tried again here: a call could be placed twice.
    """

    def __init__(self, api_url: str, account: str, tokens: tuple[str, ...]) -> None:
        super().__init__(timeout=TIMEOUT)
        self._to = urlsplit(api_url)
        self._account = account
        self._tokens = tokens

    def request(self, method: str, url: str, **given: Any) -> Response:
        """As the library's. A request that was refused for its token (401) did nothing, and is sent with the next."""
        target = self._at_our_address(url)
        given["timeout"] = given.get("timeout") or TIMEOUT
        answer = Response(int(HTTPStatus.UNAUTHORIZED), "")
        for token in self._tokens:
            answer = super().request(method, target, **(given | {"auth": (self._account, token)}))
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                break
        return answer

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Nothing: the library's lines hold numbers and whole addresses."""

    def log_response(self, status_code: int, response: object) -> None:
        """Nothing either."""

    def _at_our_address(self, url: str) -> str:
        parts = urlsplit(url)
        if not f".{parts.hostname}".endswith(".twilio.com"):
            raise GiveUp("the carrier's library asks for another host than the carrier's")
        return urlunsplit(parts._replace(scheme=self._to.scheme, netloc=self._to.netloc))


@contextmanager
def asked() -> Iterator[None]:
    """What goes wrong while the carrier is asked something that may be asked twice: `TryAgain` or `GiveUp`."""
    try:
        yield
    except requests.RequestException as error:
        raise TryAgain(f"the carrier is away: {type(error).__name__}") from error
    except TwilioException as error:
        _refused(error)
    except ValueError as error:  # no JSON: something that stands between answered
        raise TryAgain("the carrier did not answer in its own words") from error


@contextmanager
def asked_once() -> Iterator[None]:
    """The same for what must not be done twice: also `Uncertain`, when nobody knows whether it was done."""
    try:
        yield
    except requests.RequestException as error:
        if not _never_sent(error):
            raise Uncertain(f"the carrier did not answer: {type(error).__name__}") from error
        raise TryAgain(f"the carrier is away: {type(error).__name__}") from error
    except TwilioException as error:
        status = status_of(error)
        if (
            not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
            or status == HTTPStatus.REQUEST_TIMEOUT
        ):
            raise Uncertain(f"the carrier answered {status}") from error
        _refused(error)
    except ValueError as error:
        raise Uncertain("the carrier did not answer in its own words") from error


def status_of(error: TwilioException) -> int:
    """The HTTP status of an answer that is an error; 0 when the library does not tell."""
    # Of a page of a list the library keeps the answer alone.
    for holder, name in ((error, "status"), *((given, "status_code") for given in error.args)):
        status = getattr(holder, name, None)
        if isinstance(status, int):
            return status
    return 0


def _refused(error: TwilioException) -> NoReturn:
    """Raise on with the status and the carrier's code alone: its words may repeat a number."""
    status, code = status_of(error), getattr(error, "code", None)
    told = f"the carrier answered {status}" + (f" ({code})" if code and code != status else "")
    if status in MAY_WORK_LATER or not _says_no(status):
        raise TryAgain(told) from error
    raise GiveUp(told) from error


def _says_no(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _never_sent(error: requests.RequestException) -> bool:
    """Whether no connection came about at all: nothing reached the carrier."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
