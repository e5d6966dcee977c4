"""What `doctor` looks at outside: mailboxes, the outgoing mail server, the carrier. Nothing is changed or sent."""

import shlex
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import SplitResult, unquote, urlsplit

import requests
from imapclient import IMAPClient

from desk.check import Check, Fault
from desk.mailbox_settings import Mailbox
from desk.settings import Settings

PATIENCE = 8  # seconds


def checks_outside(settings: Settings) -> list[Check]:
    """One check a mailbox, one for outgoing mail, one for the carrier."""
    boxes = [Check(f"mailbox {box.name}", partial(mailbox, box)) for box in settings.mailboxes]
    return [
        *(boxes or [Check("mailbox", _no_mailbox)]),
        Check("outgoing mail", partial(outgoing_mail, settings)),
        Check("telephone", partial(carrier, settings)),
    ]


def mailbox(box: Mailbox) -> str:
    """The desk can log in and look into the folder, which it opens read-only here."""
    url = urlsplit(box.url.get_secret_value())
    encrypted = url.scheme == "imaps"
    port = url.port or (993 if encrypted else 143)
    with _reached(), IMAPClient(url.hostname or "", port, ssl=encrypted, timeout=PATIENCE) as client:
        if box.oauth2_token_command:
            client.oauth2_login(_user(url), _token(box.oauth2_token_command))
        else:
            client.login(_user(url), unquote(url.password or ""))
        waiting = client.select_folder(box.folder, readonly=True)[b"EXISTS"]
        leaves = leaves_the_folder(client.has_capability)
    return f"logged in; {waiting} in {box.folder}; {leaves}"


def leaves_the_folder(can: Callable[[str], bool]) -> str:
    """How mail leaves a folder on a server that can do this and that."""
    if can("MOVE"):
        return "mail is moved"
    if can("UIDPLUS"):
        return "mail is copied and removed"
    return "mail STAYS there once it is taken in, because the server has neither MOVE nor UIDPLUS; move it by hand"


def outgoing_mail(settings: Settings) -> str:
    """The server greets, encrypts and accepts the log-in."""
    if settings.smtp_url is None:
        raise Fault("none: set MELDPUNT_SMTP_URL, or every letter waits until it is")
    url = urlsplit(settings.smtp_url.get_secret_value())
    with _reached(), _smtp(url) as server:
        if url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo()
        if url.username:
            server.login(_user(url), unquote(url.password or ""))
    return f"{url.hostname} greets{' and lets us in' if url.username else ''}"


def carrier(settings: Settings) -> str:
    """The account is active and at least one of the tokens is its own."""
    account = settings.twilio_account_sid
    if not account:
        raise Fault("none: set MELDPUNT_TWILIO_ACCOUNT_SID and MELDPUNT_TWILIO_AUTH_TOKENS")
    url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{account}.json"
    tokens = [token.get_secret_value() for token in settings.twilio_auth_tokens]
    with _reached():
        answers = [requests.get(url, auth=(account, token), timeout=PATIENCE) for token in tokens]
        good = [answer for answer in answers if answer.ok]
        if not good:
            raise Fault(f"the carrier refuses the account or its tokens (HTTP {answers[0].status_code})")
        status = good[0].json().get("status")
    if status != "active":
        raise Fault(f"the account is {status}")
    return f"account active; {len(good)} of {len(tokens)} tokens valid"


def _no_mailbox() -> str:
    raise Fault("none: set MELDPUNT_IMAP_URL")


def _smtp(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or ""
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, url.port or (587 if url.scheme == "smtp+starttls" else 25), timeout=PATIENCE)


def _user(url: SplitResult) -> str:
    return unquote(url.username or "")


def _token(command: str) -> str:
    said = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True, timeout=PATIENCE)
    return said.stdout.strip()


@contextmanager
def _reached() -> Iterator[None]:
    """Name the kind of every fault of the other side, without addresses and passwords that its text may repeat."""
    try:
        yield
    except (smtplib.SMTPAuthenticationError, IMAPClient.Error) as error:
        raise Fault(f"refused: {type(error).__name__}") from error
    except (smtplib.SMTPException, requests.RequestException, ssl.SSLError, subprocess.SubprocessError) as error:
        raise Fault(f"no sensible answer: {type(error).__name__}") from error
    except (OSError, ValueError) as error:
        raise Fault(f"cannot be reached: {getattr(error, 'strerror', None) or type(error).__name__}") from error
