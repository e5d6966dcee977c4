"""Fetching the sound of a recording, which the carrier's library cannot."""

from collections.abc import Iterator
from http import HTTPStatus

import requests

from desk.sender import GiveUp, TryAgain
from intake.phone.carrier.http import TIMEOUT

LARGEST = 30_000_000  # bytes; three minutes of a call are some three million
PIECE = 65_536
# A recording is missing for a moment after the call; the rest says "not now".
MAY_WORK_LATER = frozenset({404, 408, 409, 425, 429})


def fetch_sound(url: str, account: str, tokens: tuple[str, ...], *, largest: int) -> bytes:
    """The bytes at an address of the carrier's, as many as it announced; each token is tried until one is taken.

    Raises `TryAgain` when it is not there (yet), ends too soon, or the carrier is away; `GiveUp` when it is refused for
    good or larger than `largest`.
    """
    for token in tokens:
        content = _fetch(url, account, token, largest)
        if content is not None:
            return content
    raise TryAgain("the carrier refused the credentials")


def _fetch(url: str, account: str, token: str, largest: int) -> bytes | None:
    try:
        with requests.get(url, auth=(account, token), timeout=TIMEOUT, stream=True) as answer:
            if answer.status_code in {401, 403}:
                return None
            _check(answer.status_code)
            return b"".join(_pieces(answer, largest))  # fewer than announced (Content-Length) is an error of requests
    except requests.RequestException as error:
        raise TryAgain(f"the carrier is away: {type(error).__name__}") from error


def _pieces(answer: requests.Response, largest: int) -> Iterator[bytes]:
    size = 0
    for piece in answer.iter_content(PIECE):
        size += len(piece)
        if size > largest:
            raise GiveUp("the recording is larger than a call can be")
        yield piece


def _check(status: int) -> None:
    if status in MAY_WORK_LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryAgain(f"the carrier answered {status}")
    if status != HTTPStatus.OK:
        raise GiveUp(f"the carrier answered {status}")
