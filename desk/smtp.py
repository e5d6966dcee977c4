"""Handing mail to the outgoing server over SMTP, and what its faults mean for the next step."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from desk.sender import GiveUp, TryAgain, Uncertain
from desk.settings import Settings

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
DONE, READY_FOR_MAIL, REFUSED_FOR_GOOD = (250, 251, 252), (354,), 5
LOG_IN = (530, 534, 535, 538)  # RFC 4954 6: a setting is mended, not a mail given up
ON_THE_WIRE = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True)
class Waits:
    """How many seconds a server is waited for."""

    each_step: float = 30
    after_the_dot: float = 600
    """RFC 5321 4.5.3.2.6: it may be scanning the mail, and who does not wait sends it twice."""


class SmtpSender:
    """Sends over one connection per mail to the server that the setting `smtp_url` names."""

    def __init__(self, settings: Settings, waits: Waits = Waits()) -> None:
        """The `smtp_url` of the settings must be set; who greets is the host of `mail_from`."""
        self._waits = waits
        self._url = urlsplit(settings.smtp_url.get_secret_value() if settings.smtp_url else "")
        self._own_name = parseaddr(settings.mail_from)[1].rpartition("@")[2]

    def send(self, message: EmailMessage, recipient: str) -> None:
        """Send to one recipient with an empty return path (RFC 3834 3.3), so that nothing answers an answer.

        Raises `TryAgain`, `GiveUp` or `Uncertain`; the last when the connection broke while the server may have
        accepted: whoever sends again does so under the same Message-ID.
        """
        user, _at, domain = recipient.rpartition("@")
        if not user.isascii():
            raise GiveUp("the local part of the address is not ASCII")
        try:
            address = f"{user}@{domain.encode('idna').decode('ascii')}"
        except UnicodeError as error:
            raise GiveUp("the domain of the address is no domain") from error
        server = self._connected()
        try:
            _offer(server, address)
            _hand_over(server, message.as_bytes(policy=ON_THE_WIRE), self._waits)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, scheme = self._url.hostname or "", self._url.scheme
        port, seconds = self._url.port or PORTS[scheme], self._waits.each_step
        try:
            server = (
                smtplib.SMTP_SSL(host, port, self._own_name, timeout=seconds, context=ssl.create_default_context())
                if scheme == "smtps"
                else smtplib.SMTP(host, port, self._own_name, timeout=seconds)
            )
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(f"smtp: {type(error).__name__}") from error
        try:
            self._secured(server)
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            raise TryAgain(f"smtp: {type(error).__name__}") from error  # a password is mended, not a mail given up
        return server

    def _secured(self, server: smtplib.SMTP) -> None:
        if self._url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _offer(server: smtplib.SMTP, address: str) -> None:
    """Everything before the mail itself: a fault here means that nothing was accepted."""
    try:
        server.ehlo_or_helo_if_needed()
        _accept(server.mail(""), "the empty return path", final=False)
        _accept(server.rcpt(address), "the recipient")
        _accept(server.docmd("DATA"), "mail", ready=READY_FOR_MAIL)
    except (OSError, smtplib.SMTPException) as error:
        raise TryAgain(f"smtp: {type(error).__name__}") from error


def _hand_over(server: smtplib.SMTP, content: bytes, waits: Waits) -> None:
    dotted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.splitlines())
    try:
        server.send(dotted + b"\r\n.\r\n")
        _wait_up_to(server, waits.after_the_dot)
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(f"smtp: {type(error).__name__}") from error
    _accept(answer, "the mail")
    try:
        _wait_up_to(server, waits.each_step)
        server.quit()
    except (OSError, smtplib.SMTPException):
        return  # accepted is accepted


def _wait_up_to(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock:
        server.sock.settimeout(seconds)


def _accept(answer: tuple[int, bytes], what: str, ready: tuple[int, ...] = DONE, *, final: bool = True) -> None:
    """The server's word on one command (RFC 5321 4.2.1): 4xx is for now; 5xx for good, where it is about this mail."""
    code = answer[0]
    if code in ready:
        return
    if final and code // 100 == REFUSED_FOR_GOOD and code not in LOG_IN:
        raise GiveUp(f"smtp: {code} for {what}")
    raise TryAgain(f"smtp: {code} for {what}")
