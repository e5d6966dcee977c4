"""A Dovecot for all mail tests, with a mailbox of its own for each, and a desk that empties it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from pydantic import SecretStr

from desk.desk import Desk
from desk.mailbox_settings import Mailbox
from intake.mail.reader import Reader
from tests.servers.dovecot import Dovecot, running_dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@dataclass(frozen=True)
class Postbox:
    """One user's mailbox on the server."""

    server: Dovecot
    user: str

    @property
    def settings(self) -> Mailbox:
        return Mailbox(url=SecretStr(self.server.url(self.user)))

    def deliver(self, *mails: bytes) -> None:
        self.server.deliver(self.user, *mails)

    def count(self, folder: str = "INBOX") -> int:
        return self.server.count(self.user, folder)


@pytest.fixture
def postbox(dovecot: Dovecot) -> Postbox:
    return Postbox(dovecot, f"desk{uuid.uuid4().hex[:8]}")


def emptying(desk: Desk, postbox: Postbox, **settings: object) -> Desk:
    """The desk with this mailbox to empty."""
    given = {"imap_url": SecretStr(postbox.server.url(postbox.user))} | settings
    return replace(desk, settings=desk.settings.model_copy(update=given))
