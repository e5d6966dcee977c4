"""What `doctor` says of calls that wait on this machine for the database."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.check import Fault
from desk.keyring import KeyRing
from desk.settings import Settings
from desk.vault import Vault
from intake.phone.away.spool import FOLDER, Spool
from intake.phone.away.spooled import Spooled
from intake.phone.away.stored import stored_calls
from tests.conftest import TUESDAY, some_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return some_settings(f"sqlite:///{tmp_path}/desk.db", tmp_path)


@pytest.fixture
def spool(settings: Settings) -> Spool:
    return Spool(settings.data_dir / FOLDER, Vault(KeyRing.new()))


def doctor_says(settings: Settings, now: datetime = TUESDAY) -> str:
    try:
        return stored_calls(settings, now)
    except Fault as fault:
        return f"FAULT {fault}"


@pytest.mark.parametrize(
    ("seconds", "said"), [(5, "1 about to be recorded"), (90, "FAULT 1 wait since 2020-04-14T08:00:00+00:00; is ")]
)
def test_what_waits_for_long_is_a_fault(settings: Settings, spool: Spool, seconds: int, said: str) -> None:
    spool.put(Spooled("/phone/incoming", (), TUESDAY, TUESDAY))
    assert doctor_says(settings, TUESDAY + timedelta(seconds=seconds)).startswith(said)


def test_what_was_set_aside_is_a_fault_until_a_person_takes_it_away(settings: Settings, spool: Spool) -> None:
    assert doctor_says(settings) == "none waits"
    spool.put(Spooled("/phone/incoming", (), TUESDAY, TUESDAY))
    spool.set_aside(*spool.waiting())
    assert doctor_says(settings).startswith("FAULT 1 set aside in ")
