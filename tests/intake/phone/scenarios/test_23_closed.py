"""Scenarios 23 to 27: closed, to the second, over closing time, holidays, summer time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from hours import at_local
from tests.fakes import FixedClock
from tests.intake.phone.scenarios.scene import Scene
from triage.values import Outcome

MENU = "Een medewerker spreken?"
WEDNESDAY = date(2020, 4, 15)


def test_23_closed_on_saturday_at_noon(scene: Scene, clock: FixedClock) -> None:
    clock.set(datetime(2020, 4, 18, 10, 0, tzinfo=UTC))
    call = scene.dial()
    (told,) = call.heard
    assert told.startswith("Meldpunt kwetsbare kinderen. Is een kind nu in gevaar? Hang op en bel één, één, twee.")
    assert "Bel Veilig Thuis, gratis, dag en nacht: nul achthonderd, tweeduizend." in told
    assert "Wij zijn er weer op maandag 20 april vanaf negen uur." in told
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.TOLD_CLOSED, True, "T8")


@pytest.mark.parametrize(
    ("clock_time", "open_now"),
    [(time(8, 59, 59), False), (time(9), True), (time(16, 59, 59), True), (time(17), False)],
)
def test_24_it_opens_and_closes_to_the_second(
    scene: Scene,
    clock: FixedClock,
    clock_time: time,
    open_now: bool,  # noqa: FBT001
) -> None:
    clock.set(at_local(WEDNESDAY, clock_time))
    call = scene.network.dial("+31600000142")
    call.advance(0.1)
    call.hang_up()
    contact = scene.contact()
    assert contact.told == ("T1 T2" if open_now else "T8")
    assert contact.outcome is (Outcome.ABANDONED if open_now else Outcome.TOLD_CLOSED)


@pytest.mark.parametrize("gives_a_number", [True, False])
def test_25_whoever_waits_at_closing_time_is_promised_a_call(
    scene: Scene,
    clock: FixedClock,
    gives_a_number: bool,  # noqa: FBT001
) -> None:
    clock.set(at_local(WEDNESDAY, time(16, 59)))
    scene.line.busy()
    call = scene.asks_for_a_person()
    call.advance(70)
    assert call.heard[-2].startswith("Wij gaan nu dicht en bellen u terug, uiterlijk morgen om twaalf uur.")
    call.wait_until_silent()
    if gives_a_number:
        scene.does(call, "0600000777#", "1")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.CALLBACK, False)
    (promise,) = scene.line.callbacks()
    assert promise.promised_at == at_local(WEDNESDAY + timedelta(days=1), time(12))
    assert (promise.number_hash is not None) is gives_a_number


def test_25_a_conversation_at_closing_time_goes_on(scene: Scene, clock: FixedClock) -> None:
    clock.set(at_local(WEDNESDAY, time(16, 59, 30)))
    scene.colleague().will(answer_after=2, press="1", talk=300)
    call = scene.asks_for_a_person()
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.ANSWERED
    assert call.heard[-1].startswith("Het gesprek is voorbij.")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 4, 27), "het is Koningsdag"),
        (date(2027, 5, 6), "het is Hemelvaartsdag"),
        (date(2027, 5, 17), "het is Tweede Pinksterdag"),
    ],
)
def test_26_holidays_are_closed_and_named(scene: Scene, clock: FixedClock, day: date, name: str) -> None:
    clock.set(at_local(day, time(11)))
    call = scene.dial()
    assert f"Wij zijn gesloten: {name}." in call.heard[-1]
    call.hang_up()
    assert scene.contact().outcome is Outcome.TOLD_CLOSED


@pytest.mark.parametrize(
    "opening",
    [datetime(2027, 3, 30, 7, 0, tzinfo=UTC), datetime(2027, 11, 1, 8, 0, tzinfo=UTC)],
    ids=["summer", "winter"],
)
def test_27_it_opens_at_nine_by_the_clock_on_the_wall(scene: Scene, clock: FixedClock, opening: datetime) -> None:
    for moment in (opening - timedelta(minutes=2), opening):
        clock.set(moment)
        scene.network.dial("+31600000142").hang_up()
        scene.network.settle()
    assert [contact.told for contact in scene.line.contacts()] == ["T8", "T1 T2"]
