"""A mail worker and a job worker that kill themselves at a given step; run by test_kill."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from desk.database import Database
from desk.desk import Desk
from desk.keyring import read_key_file
from desk.settings import load_settings
from desk.smtp import SmtpSender
from desk.vault import Vault
from desk.worker import Worker
from intake.mail.run import run_mail
from routing import handlers

BEFORE_SMTP, AFTER_SMTP = "before smtp", "after smtp accepted"


class LaterClock:
    """The machine's clock set ahead, so that what a killed process had leased is free again."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def real(self) -> datetime:
        return self.now()


class SteppingSender:
    """Tells before and after each mail it hands over."""

    def __init__(self, sender: SmtpSender, step: Callable[[str], None]) -> None:
        self._sender = sender
        self._step = step

    def send(self, message: EmailMessage, recipient: str) -> None:
        self._step(BEFORE_SMTP)
        self._sender.send(message, recipient)
        self._step(AFTER_SMTP)


class Killer:
    """Ends this process with SIGKILL the nth time that it is told a step."""

    def __init__(self, step: str, nth: int) -> None:
        self._fatal, self._left = step, nth

    def __call__(self, name: str) -> None:
        if name == self._fatal:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    given, minutes, step, nth = json.loads(sys.argv[1]), float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    killer, clock = Killer(step, nth), LaterClock(timedelta(minutes=minutes))
    settings = load_settings(**given)
    vault = Vault(read_key_file(settings.key_file))
    sender = SteppingSender(SmtpSender(settings), killer)
    desk = Desk(settings, clock, vault, Database(settings.database_url, vault, clock), sender)
    run_mail(desk, threading.Event(), once=True, step=killer)
    Worker(desk.database, handlers(desk), schedule=lambda: None).drain()
    desk.database.close()


if __name__ == "__main__":
    main()
