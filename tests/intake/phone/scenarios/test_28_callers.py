"""Scenarios 28 to 30 and 52: withheld, SIP, malformed, and the same caller thirty times."""

import pytest
from sqlalchemy import select

from intake.phone.models import Call as Record
from intake.phone.numbers import CallerKind
from tests.fakes import FixedClock
from tests.intake.phone.scenarios.scene import KNOWN, Scene
from tests.intake.phone.test_journeys import SUNDAY
from triage.models import Ticket
from triage.values import Outcome

SIP = "sip:burger@school.example;user=phone"


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", "Restricted"])
def test_28_a_withheld_number_is_asked_for(scene: Scene, clock: FixedClock, caller: str) -> None:
    clock.set(SUNDAY)
    call = scene.dial(caller)
    scene.does(call, "1")
    assert call.heard[-1].startswith("Op welk nummer bereiken wij u rechtstreeks?")
    scene.does(call, "0600000777#", "1")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.from_hash) == (Outcome.CALLBACK, None)
    assert (scene.callers(), scene.record().caller_kind) == ({call.sid: None}, CallerKind.WITHHELD)
    assert scene.ticket_text().endswith("Het nummer was afgeschermd.")


def test_29_a_caller_over_sip_is_named_by_their_address(scene: Scene) -> None:
    scene.colleague().will(answer_after=2, press="1", talk=20)
    call = scene.asks_for_a_person(SIP)
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.ANSWERED
    assert (scene.callers(), scene.record().caller_kind) == ({call.sid: SIP}, CallerKind.SIP)


@pytest.mark.parametrize("caller", ["", "x" * 500, "<script>alert(1)</script>", "0\u202e0610000\u0000\x0b"])
def test_30_a_malformed_caller_is_kept_whole_and_shown_short(scene: Scene, clock: FixedClock, caller: str) -> None:
    clock.set(SUNDAY)
    call = scene.dial(caller)
    scene.does(call, "1", "0600000777#", "1")
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.CALLBACK
    (address,) = scene.callers().values()
    assert address is None or (len(address) <= 120 and address.isprintable())
    with scene.line.desk.database.reading() as session:
        assert caller in str(session.scalars(select(Record)).one().unknown) or "\u202e" in caller
        assert session.scalars(select(Ticket)).one().reporter_phone == "+31600000777"


def test_52_the_same_number_thirty_times_is_thirty_contacts_and_never_turned_away(scene: Scene) -> None:
    scene.line.busy()
    for n in range(30):
        call = scene.dial(KNOWN)
        assert call.heard[0].startswith("Meldpunt kwetsbare kinderen.")
        if n % 3 == 0:
            scene.does(call, "0", "9", "0600000142#", "1")
        call.hang_up()
    scene.network.settle()
    outcomes = [contact.outcome for contact in scene.line.contacts()]
    assert (outcomes.count(Outcome.CALLBACK), outcomes.count(Outcome.ABANDONED)) == (10, 20)
    assert len(scene.line.tickets()) == 1  # of one confirmed number, with ten promises
    assert len(scene.line.callbacks()) == 10
