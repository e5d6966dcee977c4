"""The settings of the mailboxes that the desk empties; `desk.settings` reads them with the others."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel

from desk.urls import ImapUrl


class Mailbox(BaseModel, extra="forbid", frozen=True, str_strip_whitespace=True):
    """One IMAP mailbox that the desk empties."""

    name: str = "meldpunt"
    url: ImapUrl
    """`imaps://user:password@host:port/INBOX`; plain `imap://` on loopback only."""
    processed: str = "Processed"
    """The folder that a mail moves to once it is stored; made when absent."""
    oauth2_token_command: str | None = None
    """A command that prints an access token (XOAUTH2) for the user in `url`; one is asked for at each connection."""
    own_addresses: tuple[str, ...] = ()
    """Addresses of the desk itself: mail from these is never answered."""

    @property
    def account(self) -> str:
        """`user@host:port`, the port also when the URL leaves it out."""
        url = urlsplit(self.url.get_secret_value())
        return f"{unquote(url.username or '')}@{url.hostname}:{url.port or (993 if url.scheme == 'imaps' else 143)}"

    @property
    def folder(self) -> str:
        """The folder that the URL names, INBOX when it names none."""
        return unquote(urlsplit(self.url.get_secret_value()).path.strip("/")) or "INBOX"


def read_mailboxes(text: str) -> object:
    """The blocks as one setting holds them. Raises `ValueError` without repeating what may hold a password."""
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError('expected JSON, like [{"url": "imaps://user:password@host/INBOX"}]') from None


def every_mailbox(valid: Mapping[str, Any]) -> tuple[Mailbox, ...]:
    """The mailboxes of settings that need not be whole: the one of `imap_url`, and those of the blocks."""
    alone = valid.get("imap_url")
    return ((Mailbox(url=alone),) if alone else ()) + tuple(valid.get("mailbox", ()))


def check_mailboxes(boxes: Sequence[Mailbox]) -> None:
    """Each folder is emptied once, and none is filled from another. Raises `ValueError`."""
    emptied = [(box.account, _one_inbox(box.folder)) for box in boxes]
    if len(set(emptied)) < len(emptied):
        raise ValueError("two, or one and imap_url, name the same folder of the same user; leave one out")
    # What is moved into a folder that is emptied comes as new mail at every scan.
    circles = [box.name for box in boxes if (box.account, _one_inbox(box.processed)) in emptied]
    if circles:
        named = ", ".join(circles)
        raise ValueError(f"{named}: processed must be another folder than those that the desk empties")


def _one_inbox(folder: str) -> str:
    """INBOX is the one name of a folder in which case means nothing (RFC 3501, 5.1)."""
    return "INBOX" if folder.upper() == "INBOX" else folder
