"""Scenarios 46 and 53: a real web process with fifty callers at once, and killed between any two webhooks."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.carrier import Carrier, HttpTransport, VirtualClock
from desk.accounts import User
from desk.base import new_id
from desk.database import Database
from desk.keyring import read_key_file
from desk.vault import Vault
from intake.phone import duty
from tests.conftest import TUESDAY
from tests.intake.phone.deadly import Deadly, Web
from tests.intake.phone.scenarios.scene import KNOWN, MINE
from tests.intake.phone.well import came_in, faults
from tests.servers.site import ACCOUNT, TOKEN, Site, make_site
from triage.models import Contact
from triage.values import Outcome

AT_ONCE = 50
T = TypeVar("T")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A desk of its own, open."""
    made = make_site(tmp_path)
    made.clock.set(TUESDAY)
    return made


@contextmanager
def database_of(site: Site) -> Iterator[Database]:
    """The site's database, from another process."""
    database = Database(f"sqlite:///{site.database}", Vault(read_key_file(site.folder / "desk.keys")), site.clock)
    with closing(database):
        yield database


def a_network(site: Site, transport: HttpTransport) -> Carrier:
    """One that makes its calls in virtual time against real processes."""
    return Carrier(
        ACCOUNT,
        TOKEN,
        voice_url=f"{site.url}/phone/incoming#rc=2&rp=all",
        status_url=f"{site.url}/phone/status#rc=2&rp=all",
        transport=transport,
        clock=VirtualClock(TUESDAY),
    )


def run(site: Site, work: Callable[[Session], T]) -> T:
    """Do something in the site's database."""
    with database_of(site) as database:
        return database.run(work)


def a_colleague(site: Site, *, paused: bool) -> UUID:
    """Somebody who takes the telephone."""

    def made(session: Session) -> UUID:
        user = User(
            id=new_id(), email="iris@meldpunt.example", name="Iris Bedacht", password="-", active=True,
            fs_uniquifier=secrets.token_hex(16), roles=[],
        )  # fmt: skip
        session.add(user)
        session.flush()
        duty.sign_on(session, user.id, MINE)
        if paused:
            duty.pause(session, user.id)
        return user.id

    return run(site, made)


def outcomes(site: Site) -> list[tuple[Outcome, str]]:
    """Every call and what was told in it."""
    return run(site, lambda session: [(each.outcome, each.told) for each in session.scalars(select(Contact))])


def all_is_well(site: Site, *networks: Carrier) -> None:
    """As in every other scenario."""
    calls = [call for network in networks for call in came_in(network)]
    assert [alert for network in networks for alert in network.alerts] == []
    assert run(site, lambda session: list(faults(session, calls))) == []


def test_46_fifty_callers_at_once_over_http(site: Site) -> None:
    networks = [a_network(site, HttpTransport()) for _ in range(AT_ONCE)]

    def call(network: Carrier) -> list[str]:
        made = network.dial(KNOWN)
        made.wait_until_silent()
        made.press("2")
        made.wait_until_over()
        network.settle()
        return made.heard

    with site.running("serve"), ThreadPoolExecutor(AT_ONCE) as threads:
        heard = list(threads.map(call, networks))
    assert {len(lines) for lines in heard} == {3}
    assert {line.rpartition(" ")[2] for lines in heard for line in lines[-1:]} == {"0."}
    assert outcomes(site) == [(Outcome.REFERRED, "T1 T2 T3")] * AT_ONCE
    all_is_well(site, *networks)


@pytest.mark.kill
@pytest.mark.slow
def test_53_a_web_process_killed_at_every_webhook_of_a_conversation(site: Site) -> None:
    a_colleague(site, paused=False)
    web = Web(site)
    network = a_network(site, deadly := Deadly(web, answers_first=False))
    network.telephone(MINE).will(answer_after=3, press="1", talk=20)
    web.start()
    try:
        call = network.dial(KNOWN)
        call.wait_until_over()
        network.settle()
    finally:
        web.kill()
    assert call.heard[-1].startswith("Het gesprek is voorbij.")
    assert outcomes(site) == [(Outcome.ANSWERED, "T1 T2 T13")]
    assert len(deadly.kinds) == 7  # incoming, two turns, three about the ring, status
    all_is_well(site, network)


@pytest.mark.kill
@pytest.mark.slow
def test_53_a_web_process_killed_at_every_webhook_of_a_call_back(site: Site) -> None:
    a_colleague(site, paused=True)
    web = Web(site)
    network = a_network(site, Deadly(web, answers_first=True))
    web.start()
    try:
        call = network.dial(KNOWN)
        for keys in ("0", "9", "0600000777#", "1"):
            call.wait_until_silent()
            call.press(keys)
        call.wait_until_over()
        network.settle()
    finally:
        web.kill()
    assert call.heard[-1].startswith("Wij bellen u terug, uiterlijk vandaag om vijf uur.")
    assert outcomes(site) == [(Outcome.CALLBACK, "T1 T2 T4 T6")]
    all_is_well(site, network)
