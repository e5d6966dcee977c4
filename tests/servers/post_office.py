"""A mail server between people and the desk: takes mail over SMTP, puts that for the desk into a real IMAP mailbox."""

import email
import email.policy
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.ports import free_port
from tests.waiting import until

Deliver = Callable[[bytes], None]


@dataclass
class PostOffice:
    """`delivered` holds what the desk wrote to people, by address."""

    port: int
    desk_address: str
    deliver: Deliver
    delivered: dict[str, list[EmailMessage]] = field(default_factory=dict)

    def send(self, message: EmailMessage) -> None:
        """Hand a person's mail over, by SMTP."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as client:
            client.send_message(message)

    def mail_for(self, address: str, count: int = 1, seconds: float = 30) -> list[EmailMessage]:
        """What the desk wrote to `address`, once it is `count` mails. Raises `TimeoutError`."""

        def arrived() -> list[EmailMessage]:
            mails = self.delivered.get(address, [])
            return mails if len(mails) >= count else []

        return until(arrived, seconds, f"{count} mails for {address}")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Called by aiosmtpd for every mail."""
        raw = envelope.content or b""
        content = raw if isinstance(raw, bytes) else raw.encode()
        for recipient in envelope.rcpt_tos:
            if recipient == self.desk_address:
                self.deliver(content)
            else:
                message = email.message_from_bytes(content, policy=email.policy.default)
                self.delivered.setdefault(recipient, []).append(message)
        return "250 OK"


@contextmanager
def post_office(desk_address: str, deliver: Deliver) -> Iterator[PostOffice]:
    """An open post office; `deliver` puts one raw mail into the desk's mailbox."""
    office = PostOffice(free_port(), desk_address, deliver)
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
