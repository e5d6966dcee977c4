"""Connecting the number at the carrier with this desk: the addresses it needs, and whether a signed request gets in."""

import requests
from twilio.request_validator import RequestValidator

from desk.settings import Settings
from desk.urls import on_loopback
from intake.phone.carrier.http import TIMEOUT
from intake.phone.carrier.rows import NumberUrls
from intake.phone.gate import SIGNATURE
from intake.phone.twiml import RETRIED_AFTERWARDS, RETRIED_IN_CALL

TEST_CALL = "CA" + "0" * 32  # of a call that nobody made

SAID = {
    401: "the web server in front asks for a password; the carrier has none",
    403: "the desk refuses its signature: does `meldpunt serve` run with this account and these tokens, is public_url "
    "exactly the name that the world uses, and does the proxy leave the path as it is?",
    404: "what answers there is not this desk, or an older version of it",
    405: "what answers there is not this desk",
    502: "the web server answers, the desk behind it does not: does `meldpunt serve` run?",
    503: "the web server answers, the desk behind it does not: does `meldpunt serve` run?",
    504: "the web server waits in vain for the desk behind it: does `meldpunt serve` run?",
}


class NotReached(Exception):
    """Why the carrier's webhooks would not get in, in a line that an operator can act on."""


def number_urls(settings: Settings) -> NumberUrls:
    """What the desk's number is to be told, with how often the carrier tries."""
    return NumberUrls(
        voice=f"{settings.public_url}/phone/incoming{RETRIED_IN_CALL}",
        status=f"{settings.public_url}/phone/status{RETRIED_AFTERWARDS}",
        fallback=settings.phone_fallback_url or None,
    )


def check_door(settings: Settings) -> None:
    """Send a request that is signed with each token in turn to the desk's public address. Raises `NotReached`.

    It records nothing: `/phone/check` only says whether it was let in.
    """
    if on_loopback(settings.public_url) and not on_loopback(settings.twilio_api_url):
        raise NotReached("public_url is on this machine, where the carrier cannot come")
    for n, token in enumerate(settings.twilio_auth_tokens, 1):
        try:
            _knock(settings, token.get_secret_value())
        except NotReached as fault:
            of_token = f" (token {n} of {len(settings.twilio_auth_tokens)})" if n > 1 else ""
            raise NotReached(f"{fault}{of_token}") from fault


def _knock(settings: Settings, token: str) -> None:
    url = f"{settings.public_url}/phone/check"
    form = {"CallSid": TEST_CALL, "AccountSid": settings.twilio_account_sid}
    headers = {SIGNATURE: RequestValidator(token).compute_signature(url, form)}
    try:
        answer = requests.post(url, data=form, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise NotReached("its certificate is not trusted, or is of another name; the carrier refuses it") from error
    except requests.ConnectionError as error:
        raise NotReached("nothing answers there: is the name known, the web server up and its port open?") from error
    except requests.Timeout as error:
        raise NotReached(f"no answer within {TIMEOUT} s; a caller's line waits 15 s at most") from error
    _read(answer)


def _read(answer: requests.Response) -> None:
    status = answer.status_code
    if answer.is_redirect:
        raise NotReached("it sends on to another address: public_url must be the last one, which the signature covers")
    if status != requests.codes.ok:
        raise NotReached(SAID.get(status, "something is wrong there") + f" (HTTP {status})")
    if "<Response" not in answer.text:
        raise NotReached("what answers there is not this desk")
