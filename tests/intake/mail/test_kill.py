"""The mail worker is killed once at each step, with a real Dovecot and a real SMTP server: nothing lost, none twice."""

import json
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from desk.audit import verify
from desk.desk import Desk
from intake.mail.models import RawState
from tests.intake.mail.conftest import Postbox
from tests.intake.mail.inbox import contacts, raws, tickets
from tests.intake.mail.killable import AFTER_SMTP, BEFORE_SMTP
from tests.intake.mail.mails import a_mail
from tests.servers.ports import free_port
from triage.values import Direction, Outcome

ROOT = Path(__file__).resolve().parents[3]
STEPS = [
    ("fetched", 1), ("before raw commit", 1), ("after raw commit", 1), ("before move", 1), ("after move", 1),
    ("before parse", 4), ("after parse", 3), ("before process commit", 1), ("after process commit", 1),
    (BEFORE_SMTP, 2), (AFTER_SMTP, 2),
]  # fmt: skip
DISTINCT, COPIES = 190, 10


class Sink:
    """Takes every mail and remembers its Message-ID and whom it was for."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.taken.append((message_from_bytes(envelope.content)["Message-ID"], envelope.rcpt_tos[0]))
        return "250 OK"


def deliveries() -> list[bytes]:
    """200 deliveries of 190 mails: some without a Message-ID, some delivered again by another way."""
    mails = [
        a_mail(n, **{"from": f"leraar{n}@vos.example", "message_id": "" if n % 31 == 0 else f"<{n}@vos.example>"})
        for n in range(DISTINCT)
    ]
    copies = [b"Received: from mx2.vos.example by x; now\r\n" + mails[n * 17] for n in range(COPIES)]
    spread = [*mails]
    for n, copy in enumerate(copies):
        spread.insert(n * 17 + 20, copy)
    return spread


@pytest.mark.kill
def test_a_worker_killed_once_at_every_step_loses_no_mail_and_doubles_none(
    sqlite_desk: Desk, sqlite_database: str, postbox: Postbox, tmp_path: Path
) -> None:
    sink, port = Sink(), free_port()
    settings = {
        "database_url": sqlite_database,
        "data_dir": str(tmp_path),
        "key_file": str(sqlite_desk.settings.key_file),
        "imap_url": postbox.server.url(postbox.user),
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "meldpunt@meldpunt.example",
    }
    mails = deliveries()
    portion = -(-len(mails) // (len(STEPS) + 1))
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        for run, (step, nth) in enumerate([*STEPS, ("never", 1)]):
            postbox.deliver(*mails[run * portion : (run + 1) * portion])
            ended = run_worker(settings, minutes=5 * run, step=step, nth=nth)
            assert ended == (0 if step == "never" else -signal.SIGKILL), step
    finally:
        controller.stop()
    assert (postbox.count(), postbox.count("Processed")) == (0, len(mails))
    check(sqlite_desk, sink)


def run_worker(settings: dict[str, str], *, minutes: int, step: str, nth: int) -> int:
    command = [sys.executable, "-m", "tests.intake.mail.killable", json.dumps(settings), str(minutes), step, str(nth)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode


def check(desk: Desk, sink: Sink) -> None:
    with desk.database.reading() as session:
        assert Counter(raw.state for raw in raws(session)) == {RawState.PROCESSED: DISTINCT + COPIES}
        assert len(tickets(session)) == len(contacts(session)) == DISTINCT
        assert {contact.outcome for contact in contacts(session)} == {Outcome.TICKET}
        assert {contact.from_address for contact in contacts(session)} == {
            f"leraar{n}@vos.example" for n in range(DISTINCT)
        }
        letters = contacts(session, Direction.OUT)
        assert len({letter.ticket_id for letter in letters}) == len(letters) == DISTINCT
        assert {letter.outcome for letter in letters} == {Outcome.SENT}
        assert verify(session).broken_at is None
        written = {(letter.provider_ref, letter.to_address) for letter in letters}
    assert set(sink.taken) == written
    # Killed after the server had accepted: one letter arrived twice, under one Message-ID.
    assert sorted(Counter(sink.taken).values()) == [1] * (DISTINCT - 1) + [2]
