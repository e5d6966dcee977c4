"""The carrier's REST face, as far as the desk uses it: fetching the media of a recording."""

from collections.abc import Iterator
from http import HTTPStatus

import requests

from desk.sender import GiveUp, TryAgain
from desk.settings import Settings

TIMEOUT = 8  # seconds; without one, a carrier that hangs would hold a worker for ever
LARGEST = 30_000_000  # bytes; three minutes of a call are some three million
PIECE = 65_536
# A recording is missing for a moment after the call; the rest says "not now".
MAY_WORK_LATER = frozenset({404, 408, 409, 425, 429})


class Carrier:
    """One account at the carrier. Several tokens are tried in turn, so that rotating them leaves no gap."""

    def __init__(self, settings: Settings, *, largest: int = LARGEST) -> None:
        self._largest = largest
        self._account = settings.twilio_account_sid
        self._tokens = tuple(token.get_secret_value() for token in settings.twilio_auth_tokens)
        self._base = f"{settings.twilio_api_url}/2010-04-01/Accounts/{self._account}"

    def recording(self, sid: str) -> bytes:
        """The WAV bytes of a recording. The address is built from its sid: one in a webhook could lead anywhere.

        Raises `TryAgain` when it is not there (yet) or the carrier is away, `GiveUp` when it is refused for good.
        """
        for token in self._tokens:
            content = self._fetch(f"{self._base}/Recordings/{sid}.wav", token)
            if content is not None:
                return content
        raise TryAgain("the carrier refused the credentials")

    def _fetch(self, url: str, token: str) -> bytes | None:
        try:
            with requests.get(url, auth=(self._account, token), timeout=TIMEOUT, stream=True) as answer:
                if answer.status_code in {401, 403}:
                    return None
                _check(answer.status_code)
                return b"".join(self._pieces(answer))
        except requests.RequestException as error:
            raise TryAgain(f"the carrier is away: {type(error).__name__}") from error

    def _pieces(self, answer: requests.Response) -> Iterator[bytes]:
        size = 0
        for piece in answer.iter_content(PIECE):
            size += len(piece)
            if size > self._largest:
                raise GiveUp("the recording is larger than a call can be")
            yield piece


def _check(status: int) -> None:
    if status in MAY_WORK_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryAgain(f"the carrier answered {status}")
    if status != HTTPStatus.OK:
        raise GiveUp(f"the carrier answered {status}")
