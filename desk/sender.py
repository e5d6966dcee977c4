"""Ports through which the desk speaks to the outside, with a console implementation for a site without accounts."""

import logging
from email.message import EmailMessage
from typing import Protocol

log = logging.getLogger("meldpunt.sender")


class TryAgain(Exception):
    """The other side is away or busy: the same thing may work later."""


class GiveUp(Exception):
    """The other side refused for good: trying again would change nothing."""


class Uncertain(Exception):
    """The connection broke after the other side may have accepted."""


class MailSender(Protocol):
    """Hands one mail to the outgoing server."""

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Send to one recipient, with an empty return path.

        Raises `TryAgain` (not accepted, may work later), `GiveUp` (refused) or `Uncertain` (may have been accepted).
        """


class ConsoleSender:
    """Says in the log that a mail would leave, without address or content: the mail itself waits for a server."""

    def send(self, message: EmailMessage, recipient: str) -> None:  # noqa: ARG002  the port's signature
        """Log it and raise `TryAgain`."""
        log.info("mail not sent: no smtp_url is set", extra={"message_id": message["Message-ID"]})
        raise TryAgain("no smtp_url is set")
