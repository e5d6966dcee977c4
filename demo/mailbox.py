"""The demonstration's mail: a real SMTP and IMAP server on loopback, and what people do with it."""

import email
import email.policy
import smtplib
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from imapclient import IMAPClient

from demo.folder import MAIL_PASSWORD, Folder
from demo.people import DESK_ADDRESS, Person
from desk.clock import SystemClock

# On Python 3.13 asyncio collects tasks that still run, and about one connection in thirty dies; without the
# collector none did. The server lives as long as a demonstration, so its memory does not matter.
_START = "import gc; gc.disable(); from mail_devel.__main__ import main; main()"


@dataclass(frozen=True)
class ReceivedMail:
    """A mail in somebody's inbox."""

    message_id: str
    answers: str
    sender: str
    subject: str
    text: str


def server_words(folder: Folder) -> list[str]:
    """The command line of the mail server: a mailbox for every address, all in memory."""
    return [
        sys.executable, "-c", _START, "--host", "127.0.0.1", "--no-http", "--multi-user",
        "--user", DESK_ADDRESS, "--password", MAIL_PASSWORD,
        "--imap-port", str(folder.imap_port), "--smtp-port", str(folder.smtp_port), "--smtps-port", "0",
    ]  # fmt: skip


def write(person: Person, subject: str, text: str, *, answers: str = "") -> EmailMessage:
    """A mail from a sample person to the desk; `answers` is the Message-ID of the desk's mail that it answers."""
    message = EmailMessage()
    message["From"] = f"{person.name} <{person.email}>"
    message["To"] = DESK_ADDRESS
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(SystemClock().real())
    message["Message-ID"] = make_msgid(domain=person.email.partition("@")[2])
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content(f"{text.strip()}\n\n{person.signature}\n")
    return message


def send(folder: Folder, message: EmailMessage) -> None:
    """Hand a mail to the SMTP server. Raises `OSError` or `SMTPException` when it does not take it."""
    with smtplib.SMTP("127.0.0.1", folder.smtp_port, timeout=10) as server:
        server.send_message(message)


def inbox(folder: Folder, address: str) -> list[ReceivedMail]:
    """What an address received in this demonstration, newest first."""
    with IMAPClient("127.0.0.1", folder.imap_port, ssl=False, timeout=10) as client:
        client.login(address, MAIL_PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = sorted(client.search("ALL"), reverse=True)
        found = client.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
    return [_read(found[uid][b"BODY[]"]) for uid in uids]


def wait_for_server(folder: Folder, seconds: float = 20) -> None:
    """Wait until the mailbox answers. Raises `TimeoutError`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            inbox(folder, DESK_ADDRESS)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the demonstration's mail server does not answer")


def _read(raw: bytes) -> ReceivedMail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return ReceivedMail(
        str(message["Message-ID"] or ""),
        str(message["In-Reply-To"] or ""),
        str(message["From"] or ""),
        str(message["Subject"] or ""),
        body.get_content() if body else "",
    )
