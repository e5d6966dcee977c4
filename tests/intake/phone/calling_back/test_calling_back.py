"""One click: the colleague's telephone rings first, then the reporter's; placed once, whatever goes wrong."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from desk.jobs import Job
from intake.phone import duty
from intake.phone.calling_back.attempts import NoOwnNumber
from intake.phone.models import Attempt
from tests.builders import a_colleague
from tests.fakes import FixedClock
from tests.intake.phone.calling import CallingBack, calling_back
from tests.intake.phone.line import NUMBER, STAFF_NUMBER, TO, Line
from tests.intake.phone.test_open import ask_to_be_called_back
from triage.actions import Refused
from triage.models import Contact
from triage.values import Direction, Outcome

BAS_NUMBER = "+31600000202"


@pytest.fixture
def town(line: Line) -> Iterator[CallingBack]:
    with calling_back(line) as around:
        ask_to_be_called_back(around.line)
        yield around


@pytest.fixture
def small_town(sqlite_line: Line) -> Iterator[CallingBack]:
    with calling_back(sqlite_line) as around:
        ask_to_be_called_back(around.line)
        yield around


def sent(town: CallingBack) -> list[str]:
    """To whom the carrier was asked to place calls."""
    return [call.to for call in town.network.calls.values() if call.direction.value == "outbound-api"]


def out(town: CallingBack) -> list[Contact]:
    return [contact for contact in town.line.contacts() if contact.direction is Direction.OUT]


def test_the_colleague_is_rung_first_and_one_key_rings_the_reporter(town: CallingBack) -> None:
    town.staff.will(answer_after=4, press="1", talk=60)
    town.reporter.will(answer_after=6, talk=40)
    attempt = town.asks(town.has_number())
    town.work()
    assert town.staff.heard == ["U belt een melder terug. Toets 1 om te bellen."]
    assert town.reporter.calls[0].from_ == TO
    assert town.end(attempt) == ("reached", Outcome.SENT)


def test_a_call_back_is_one_outgoing_contact_of_its_ticket_and_never_one_that_came_in(town: CallingBack) -> None:
    town.staff.will(answer_after=4, press="1", talk=60)
    town.reporter.will(answer_after=6, talk=40)
    before = len(town.line.contacts())
    attempt = town.asks(town.has_number())
    town.work()
    (contact,) = out(town)
    assert (contact.id, contact.provider_ref, contact.ticket_id) == (
        attempt, f"out:{attempt}", town.line.tickets()[0].id,
    )  # fmt: skip
    assert len(town.line.contacts()) == before + 1
    assert contact.ended_at is not None


def test_a_double_click_is_one_call(town: CallingBack) -> None:
    town.staff.will(answer_after=4, press="1", talk=60)
    colleague, key = town.has_number(), uuid4()
    assert town.asks(colleague, key) == town.asks(colleague, key)
    town.work()
    assert town.asks(colleague, key) == key  # and once more when it is over
    town.work()
    assert sent(town) == [STAFF_NUMBER]
    assert len(out(town)) == 1


def test_two_colleagues_who_click_at_once_ring_the_reporter_once(town: CallingBack) -> None:
    iris, bas = town.has_number(), town.has_number("Bas Verzonnen", BAS_NUMBER)
    town.asks(bas)
    with pytest.raises(Refused, match="Bas Verzonnen belt dit nummer al"):
        town.asks(iris)
    town.work()
    assert sent(town) == [BAS_NUMBER]


def test_who_calls_somebody_back_is_not_rung_and_calls_nobody_else(small_town: CallingBack) -> None:
    colleague = small_town.line.on_duty()
    small_town.asks(colleague)
    call = small_town.line.dial(From="+31600000555")
    call.press("0")
    assert call.verbs == ["Enqueue"]
    with pytest.raises(Refused, match="nog aan het bellen"):
        small_town.asks(colleague, number="+31600000556")


def test_a_worker_that_is_away_does_not_keep_a_colleague_from_the_telephone(
    small_town: CallingBack, clock: FixedClock
) -> None:
    colleague = small_town.line.on_duty()
    attempt = small_town.asks(colleague)
    clock.advance(duty.PLACED_WITHIN)
    call = small_town.line.dial(From="+31600000555")
    call.press("0")
    assert call.verbs == ["Dial"]
    call.hang_up()
    clock.advance(timedelta(seconds=1))
    small_town.work()
    assert small_town.end(attempt) == ("failed", Outcome.FAILED)  # nobody's telephone rings minutes later
    assert sent(small_town) == []


def test_without_a_number_of_their_own_it_is_asked_for(small_town: CallingBack) -> None:
    with pytest.raises(NoOwnNumber):
        small_town.asks(a_colleague(small_town.line.desk).id)


@pytest.mark.parametrize(
    "number", ["112", "+31112000000", "0900-8844", "anonymous", "+8816123456789", "sip:a@b.example"]
)
def test_what_must_not_be_called_is_not(small_town: CallingBack, number: str) -> None:
    colleague = small_town.has_number()
    with pytest.raises(Refused, match="kan het meldpunt niet bellen"):
        small_town.asks(colleague, number=number)


def test_nobody_calls_themselves(small_town: CallingBack) -> None:
    colleague = small_town.has_number()
    with pytest.raises(Refused, match="uw eigen telefoon"):
        small_town.asks(colleague, number=STAFF_NUMBER)


@pytest.mark.parametrize("habit", ["no answer", "busy", "declines", "voicemail", "nowhere"])
def test_a_colleague_who_does_not_answer_never_rings_the_reporter(small_town: CallingBack, habit: str) -> None:
    staff = small_town.staff
    {
        "no answer": staff.will_not_answer, "busy": staff.is_busy, "declines": staff.will_decline,
        "voicemail": staff.is_voicemail, "nowhere": staff.is_dead,
    }[habit]()  # fmt: skip
    attempt = small_town.asks(small_town.has_number())
    small_town.work()
    assert small_town.reporter.calls == []
    assert small_town.end(attempt) == ("failed" if habit == "nowhere" else "no_colleague", Outcome.FAILED)


@pytest.mark.parametrize(
    ("habit", "state"), [("no answer", "not_reached"), ("busy", "not_reached"), ("nowhere", "failed")]
)
def test_a_reporter_who_does_not_answer_is_not_reached(small_town: CallingBack, habit: str, state: str) -> None:
    reporter = small_town.reporter
    {"no answer": reporter.will_not_answer, "busy": reporter.is_busy, "nowhere": reporter.is_dead}[habit]()
    small_town.staff.will(answer_after=2, press="1")
    attempt = small_town.asks(small_town.has_number())
    small_town.work()
    assert small_town.end(attempt) == (state, Outcome.FAILED)


def test_a_colleague_who_hangs_up_while_it_rings_did_not_reach_anybody(small_town: CallingBack) -> None:
    small_town.staff.will(answer_after=2, press="1")
    small_town.reporter.will_not_answer()
    attempt = small_town.asks(small_town.has_number())
    small_town.worker.drain()
    small_town.network.agenda.let_pass(15)
    small_town.staff.hang_up()
    small_town.network.settle()
    assert small_town.end(attempt) == ("not_reached", Outcome.FAILED)


def test_every_word_twice_late_and_in_any_order_ends_the_same(small_town: CallingBack) -> None:
    small_town.network.faults.duplicate, small_town.network.faults.delay = 1, 30
    small_town.staff.will(answer_after=4, press="1", talk=60)
    small_town.reporter.will(answer_after=6, talk=40)
    attempt = small_town.asks(small_town.has_number())
    small_town.work()
    assert small_town.end(attempt) == ("reached", Outcome.SENT)
    assert len(out(small_town)) == 1


def test_one_attempt_has_one_job(small_town: CallingBack) -> None:
    attempt = small_town.asks(small_town.has_number())
    with small_town.line.desk.database.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "place_call"))
        assert job.key == f"attempt:{attempt}"
        assert NUMBER not in job.payload
        assert session.get_one(Attempt, attempt).contact.to_address == NUMBER


def test_why_somebody_was_called_so_soon_stays_in_the_story(small_town: CallingBack) -> None:
    small_town.staff.will_not_answer()
    attempt = small_town.asks(small_town.has_number(), reason="Toch gebeld: de buurvrouw belde net.")
    small_town.work()
    with small_town.line.desk.database.reading() as session:
        text = session.get_one(Contact, attempt).text
        assert text == (
            "Toch gebeld: de buurvrouw belde net.\n"
            "De telefoon van de collega werd niet opgenomen. De melder is niet gebeld."
        )
