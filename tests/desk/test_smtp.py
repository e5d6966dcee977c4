"""The SMTP sender against real servers that answer as told."""

import asyncio
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.sender import ConsoleSender, GiveUp, TryAgain, Uncertain
from desk.settings import Settings, load_settings
from desk.smtp import SmtpSender, Waits
from tests.servers.ports import free_port


class Inbox:
    """Answers RCPT and DATA as told and keeps what it accepted."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt, data
        self.accepted: list[tuple[str | None, list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.accepted.append((envelope.mail_from, envelope.rcpt_tos, content))
        return self.data


@contextmanager
def serving(inbox: Inbox) -> Iterator[Settings]:
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield settings(port)
    finally:
        controller.stop()


@contextmanager
def speaking(*answers: bytes | None) -> Iterator[Settings]:
    """A server that gives one answer after the other to whatever it hears, and hangs up at None."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        peer, _address = listener.accept()
        with peer:
            for answer in answers:
                if answer is None:
                    return
                peer.sendall(answer)
                peer.recv(65536)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield settings(listener.getsockname()[1])
    finally:
        thread.join(10)
        listener.close()


def settings(port: int) -> Settings:
    return load_settings(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Meldpunt <meldpunt@meldpunt.example>")


def a_mail() -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"], message["To"] = "meldpunt@meldpunt.example", "hanna@vos.example"
    message["Subject"] = "Wij hebben uw bericht ontvangen – [melding 4821 7735]"
    message["Message-ID"] = "<m.1.2@meldpunt.example>"
    message.set_content("Goedendag, één ogenblik.\n.\n..punt aan het begin\n")
    return message


def send(to: Settings, recipient: str = "hanna@vos.example") -> None:
    SmtpSender(to).send(a_mail(), recipient)


def test_a_mail_leaves_with_an_empty_return_path_and_arrives_whole() -> None:
    inbox = Inbox()
    with serving(inbox) as to:
        send(to)
    [(mail_from, recipients, content)] = inbox.accepted
    assert (mail_from, recipients) == ("<>", ["hanna@vos.example"])
    assert content.isascii()
    assert _text(content).splitlines() == ["Goedendag, één ogenblik.", ".", "..punt aan het begin"]


def test_a_domain_with_letters_of_its_own_is_written_in_ascii() -> None:
    inbox = Inbox()
    with serving(inbox) as to:
        send(to, "zoe@bücher.example")
    assert inbox.accepted[0][1] == ["zoe@xn--bcher-kva.example"]


@pytest.mark.parametrize("recipient", ["zoë@vos.example", "a@" + "x" * 70 + ".example", "a@.."])
def test_an_address_that_cannot_be_written_is_given_up_before_anything_is_said(recipient: str) -> None:
    with pytest.raises(GiveUp):
        send(settings(1), recipient)


@pytest.mark.parametrize(
    ("command", "answer", "fault"),
    [
        ("rcpt", "451 later", TryAgain),
        ("rcpt", "550 no such person", GiveUp),
        ("data", "452 disk full", TryAgain),
        ("data", "554 refused", GiveUp),
    ],
)
def test_the_servers_word_is_taken_for_now_or_for_good(command: str, answer: str, fault: type[Exception]) -> None:
    with serving(Inbox(**{command: answer})) as to, pytest.raises(fault):
        send(to)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ((b"530 log in first\r\n",), "530 at MAIL"),
        ((b"550 not from here\r\n",), "550 at MAIL"),
        ((b"250 ok\r\n", b"530 log in first\r\n"), "530 at RCPT"),
        ((b"250 ok\r\n", b"535 wrong password\r\n"), "535 at RCPT"),
        ((b"250 ok\r\n", b"250 ok\r\n", b"530 log in first\r\n"), "530 at DATA"),
        ((b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"530 log in first\r\n"), "530 after the mail"),
    ],
    ids=str,
)
def test_what_a_better_password_would_mend_ends_no_letter(said: tuple[bytes, ...], heard: str) -> None:
    with speaking(b"220 hi\r\n", b"250 hi\r\n", *said, None) as to, pytest.raises(TryAgain):
        send(to)


def test_a_server_that_scans_a_mail_before_it_accepts_is_waited_for() -> None:
    class Scanning(Inbox):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            await asyncio.sleep(1.5)
            return await super().handle_DATA(server, session, envelope)

    inbox = Scanning()
    with serving(inbox) as to:
        SmtpSender(to, Waits(each_step=1)).send(a_mail(), "hanna@vos.example")
    assert len(inbox.accepted) == 1
    assert Waits().after_the_dot >= 600


def test_without_a_server_a_letter_waits_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), pytest.raises(TryAgain):
        ConsoleSender().send(a_mail(), "hanna@vos.example")
    assert "no smtp_url is set" in caplog.text
    assert "hanna" not in caplog.text


def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(TryAgain):
        send(settings(free_port()))


def test_a_server_that_hangs_up_before_the_mail_is_tried_again() -> None:
    with speaking(b"220 hi\r\n", b"250 hi\r\n", None) as to, pytest.raises(TryAgain):
        send(to)


def test_a_server_that_hangs_up_after_the_mail_leaves_it_uncertain() -> None:
    said = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", None)
    with speaking(*said) as to, pytest.raises(Uncertain):
        send(to)


def test_a_server_that_hangs_up_instead_of_saying_goodbye_has_accepted() -> None:
    said = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"250 taken\r\n", None)
    with speaking(*said) as to:
        send(to)


def test_no_address_and_no_password_stands_in_a_fault() -> None:
    with serving(Inbox(rcpt="550 hanna@vos.example is unknown")) as to, pytest.raises(GiveUp) as fault:
        send(to)
    assert "hanna" not in str(fault.value)


def _text(content: bytes) -> str:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return str(message.get_content())
