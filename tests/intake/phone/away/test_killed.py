"""Processes that end at the wrong moment, with a database that is away: each call is one contact all the same."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from desk.clock import SystemClock
from desk.database import Database
from desk.desk import Desk
from desk.keyring import read_key_file
from desk.vault import Vault
from intake.phone.away.offline import FILE
from intake.phone.away.spool import FOLDER, spool_of
from tests.conftest import TUESDAY
from tests.intake.phone.away.test_replay import NUMBER, SUNDAY, waits
from tests.intake.phone.killable import BEFORE, COMMITTED, REMOVED
from tests.intake.phone.line import Line, a_line, new_sid, sign
from tests.servers.site import ACCOUNT, TOKEN, Site, make_site
from tests.servers.wire import wired
from tests.waiting import until
from triage.models import Contact
from triage.values import Outcome

ROOT = Path(__file__).resolve().parents[4]
STEPS = [(BEFORE, 2), (COMMITTED, 1), (REMOVED, 1), (COMMITTED, 2)]


@pytest.mark.kill
def test_a_replay_killed_at_every_step_loses_nothing_and_doubles_nothing(desk: Desk) -> None:
    line = a_line(desk)
    called, spoke, rang = line.dial(), line.dial(), new_sid()
    spoke.press("0")
    called.ask_for_a_call()
    for sid, path, told, more in (
        (rang, "/phone/incoming", "T11", {"CallStatus": "ringing"}),
        (called.sid, "/phone/turn/3", "T11", {"Digits": NUMBER}),
        (spoke.sid, "/phone/turn/2", "T11", {"RecordingSid": new_sid("RE"), "RecordingDuration": "7"}),
        (rang, "/phone/status", "", {"CallStatus": "completed"}),
        (called.sid, "/phone/status", "", {"CallStatus": "completed"}),
        (spoke.sid, "/phone/status", "", {"CallStatus": "completed"}),
    ):
        waits(line, path, told, sid=sid, **more)
    for step, nth in STEPS:
        assert replayed(desk, step, nth) == -signal.SIGKILL, step
    assert replayed(desk, "never", 1) == 0
    assert spool_of(desk).waiting() == spool_of(desk).aside() == []
    assert told_of(line) == {
        rang: (Outcome.FAILED, "T11"),
        called.sid: (Outcome.FAILED, "T1 T2 T4 T6 T11"),
        spoke.sid: (Outcome.VOICEMAIL, "T1 T2 T7 T11"),
    }
    assert len(line.contacts()) == 3
    assert len(line.tickets()) == 1


def replayed(desk: Desk, step: str, nth: int) -> int:
    settings = desk.settings
    given = {
        "database_url": settings.database_url,
        "data_dir": str(settings.data_dir),
        "key_file": str(settings.key_file),
    }
    command = [sys.executable, "-m", "tests.intake.phone.killable", json.dumps(given), step, str(nth)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode


def told_of(line: Line) -> dict[str, tuple[Outcome, str]]:
    return {contact.provider_ref: (contact.outcome, contact.told) for contact in line.contacts()}


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    name = f"empty_{uuid4().hex[:12]}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.mark.kill
def test_a_web_process_that_begins_without_a_database_answers_by_what_its_forerunner_kept(
    empty_database: str, tmp_path: Path
) -> None:
    with wired(empty_database) as wire:
        site = make_site(tmp_path, database_url=wire.url)
        site.clock.set(SUNDAY)
        with site.running("serve") as pids:
            until((tmp_path / FILE).exists, what="the texts")
            wire.cut()
            (worker,) = children(pids["serve"])
            os.kill(worker, signal.SIGKILL)
            until(lambda: children(pids["serve"]) not in ([], [worker]), what="another process")
            sid = ring(site, "Wij zijn er weer morgen vanaf negen uur.")
            wire.mend()
            until(lambda: (sid, "T8") in calls_of(site, wire.url), what="the call")


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = make_site(tmp_path_factory.mktemp("site"))
    made.clock.set(TUESDAY)
    return made


@contextmanager
def database_kept(site: Site) -> Iterator[None]:
    """No process can write while the block runs."""
    with closing(sqlite3.connect(site.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


def ring(site: Site, hears: str = "Door een storing kunnen wij u nu niet helpen.") -> str:
    """Somebody rings, hears this, and the call ends; returns the call."""
    sid = new_sid()
    form = {"CallSid": sid, "AccountSid": ACCOUNT, "From": "+31600000142", "CallStatus": "ringing"}
    url = f"{site.url}/phone/incoming"
    answer = requests.post(url, form, headers={"X-Twilio-Signature": sign(url, form, TOKEN)}, timeout=10)
    document = ET.fromstring(answer.text)
    assert (answer.status_code, [verb.tag for verb in document]) == (200, ["Say", "Hangup"])
    assert hears in str(document[0].text)
    return sid


def calls_of(site: Site, url: str | None = None) -> list[tuple[str, str]]:
    vault = Vault(read_key_file(site.folder / "desk.keys"))
    database = Database(url or f"sqlite:///{site.database}", vault, SystemClock())
    with closing(database), database.reading() as session:
        return [(contact.provider_ref, contact.told) for contact in session.scalars(select(Contact))]


def test_the_web_process_brings_in_by_itself_what_it_answered_meanwhile(site: Site) -> None:
    with site.running("serve"):
        with database_kept(site):
            sid = ring(site)
        until(lambda: (sid, "T11") in calls_of(site), what="the call")
        until(lambda: not list((site.folder / FOLDER).glob("*.event")), what="an empty spool")


def test_what_the_web_process_left_behind_is_brought_in_by_the_worker(site: Site) -> None:
    with site.running("serve"), database_kept(site):
        sid = ring(site)
    assert calls_of(site).count((sid, "T11")) == 0
    site.run("work", "--once")
    assert calls_of(site).count((sid, "T11")) == 1
