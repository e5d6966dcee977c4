"""Handing mail to the outgoing server over SMTP, and what its faults mean for the next step."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from desk.sender import GiveUp, TryAgain, Uncertain
from desk.settings import Settings

SECONDS = 30
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
DONE, READY_FOR_MAIL, REFUSED_FOR_GOOD = (250, 251, 252), (354,), 5
ON_THE_WIRE = SMTP.clone(cte_type="7bit")


class SmtpSender:
    """Sends over one connection per mail to the server that the setting `smtp_url` names."""

    def __init__(self, settings: Settings) -> None:
        """The `smtp_url` of the settings must be set; who greets is the host of `mail_from`."""
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
            _hand_over(server, message.as_bytes(policy=ON_THE_WIRE))
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, scheme = self._url.hostname or "", self._url.scheme
        port = self._url.port or PORTS[scheme]
        try:
            server = (
                smtplib.SMTP_SSL(host, port, self._own_name, timeout=SECONDS, context=ssl.create_default_context())
                if scheme == "smtps"
                else smtplib.SMTP(host, port, self._own_name, timeout=SECONDS)
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
        _accept(server.mail(""), "the empty return path")
        _accept(server.rcpt(address), "the recipient")
        _accept(server.docmd("DATA"), "mail", ready=READY_FOR_MAIL)
    except (OSError, smtplib.SMTPException) as error:
        raise TryAgain(f"smtp: {type(error).__name__}") from error


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    dotted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.splitlines())
    try:
        server.send(dotted + b"\r\n.\r\n")
        answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(f"smtp: {type(error).__name__}") from error
    _accept(answer, "the mail")
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        return  # accepted is accepted


def _accept(answer: tuple[int, bytes], what: str, ready: tuple[int, ...] = DONE) -> None:
    """The server's word on one command (RFC 5321 4.2.1): 4xx is for now, 5xx for good."""
    code = answer[0]
    if code in ready:
        return
    if code // 100 == REFUSED_FOR_GOOD:
        raise GiveUp(f"smtp: {code} for {what}")
    raise TryAgain(f"smtp: {code} for {what}")
