"""Getting into a mailbox: TLS, timeouts, a password or a fresh OAuth2 token."""

import contextlib
import imaplib
import shlex
import subprocess
from typing import Any
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout

from desk.mailbox_settings import Mailbox
from intake.mail.faults import LoginRefused, Refused, faults

CONNECT_SECONDS, READ_SECONDS, TOKEN_SECONDS = 10, 90, 30


def identity(box: Mailbox) -> str:
    """Where UIDs mean something: `user@host:port/folder`."""
    return f"{box.account}/{box.folder}"[:200]


def logged_in(box: Mailbox) -> Any:
    """A client of IMAPClient, connected and logged in. Raises `TryAgain`, of which `LoginRefused` is one."""
    url = urlsplit(box.url.get_secret_value())
    timeout: Any = SocketTimeout(connect=CONNECT_SECONDS, read=READ_SECONDS)  # it has none of its own
    port: Any = url.port
    try:
        with faults():
            client: Any = IMAPClient(url.hostname or "", port, ssl=url.scheme == "imaps", timeout=timeout)
    except Refused as error:
        raise LoginRefused("the mail server turns the desk away") from error
    client.normalise_times = False  # otherwise INTERNALDATE comes as local time without a zone
    try:
        with faults():
            _log_in(client, unquote(url.username or ""), box)
    except Refused as error:
        let_go(client)
        raise LoginRefused("the mailbox refuses the login") from error
    return client


def let_go(client: Any) -> None:
    """Drop a connection without a word."""
    with contextlib.suppress(imaplib.IMAP4.error, OSError):
        client.shutdown()


def _log_in(client: Any, user: str, box: Mailbox) -> None:
    if box.oauth2_token_command:
        client.oauth2_login(user, _token(box.oauth2_token_command))
    else:
        client.login(user, unquote(urlsplit(box.url.get_secret_value()).password or ""))


def _token(command: str) -> str:
    """One for each connection: tokens last about an hour."""
    try:
        done = subprocess.run(shlex.split(command), capture_output=True, timeout=TOKEN_SECONDS, check=True, text=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise LoginRefused("no access token") from error
    return done.stdout.strip()
