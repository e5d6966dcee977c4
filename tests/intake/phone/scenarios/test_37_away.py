"""Scenarios 37 to 39: the database or the desk away, or slow."""

from datetime import timedelta

import pytest

from intake.phone.away.replay import Replay
from intake.phone.away.spool import FOLDER, spool_of
from tests.intake.phone.scenarios.scene import KNOWN, Scene
from tests.intake.phone.test_faults import give_back_table, take_table
from triage.values import Outcome

FAULT = "Door een storing kunnen wij u nu niet helpen."
FIVE_MINUTES = timedelta(minutes=5)


def comes_back(scene: Scene) -> None:
    """The database, after five minutes; what waited beside it is brought in."""
    scene.clock.advance(FIVE_MINUTES)
    give_back_table(scene.line)
    Replay(scene.line.desk)()
    assert not spool_of(scene.line.desk).waiting()


def test_37_the_database_is_away_at_the_first_webhook(on_both: Scene) -> None:
    scene = on_both
    take_table(scene.line)
    call = scene.dial()
    call.wait_until_over()
    assert FAULT in call.heard[-1]
    scene.network.settle()
    comes_back(scene)
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.FAILED, True, "T11")


def test_37_when_not_even_a_file_can_be_written_the_fallback_speaks_and_the_list_tells_of_it(scene: Scene) -> None:
    scene.alerts = 2
    (scene.line.desk.settings.data_dir / FOLDER).write_text("no folder")
    take_table(scene.line)
    call = scene.dial()
    call.wait_until_over()
    assert FAULT in call.heard[-1]
    scene.network.settle()
    give_back_table(scene.line)
    assert scene.line.contacts() == []
    found = scene.reconciles()
    assert (found.seen, found.calls) == (1, 1)
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.provider_ref) == (Outcome.FAILED, True, call.sid)


@pytest.mark.parametrize("spool", [True, False])
def test_38_the_database_is_away_for_five_minutes_when_the_end_is_told(
    scene: Scene,
    spool: bool,  # noqa: FBT001
) -> None:
    call = scene.dial()
    if not spool:
        scene.alerts = 1
        (scene.line.desk.settings.data_dir / FOLDER).write_text("no folder")
    take_table(scene.line)
    call.hang_up()
    scene.network.settle()
    if spool:
        comes_back(scene)
    else:
        give_back_table(scene.line)
        assert scene.line.contact().outcome is Outcome.IN_PROGRESS
        assert scene.reconciles().ended == 1
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.ABANDONED, "T1 T2")
    assert contact.ended_at is not None
    assert contact.ended_at - contact.started_at < FIVE_MINUTES


def test_39_an_answer_that_comes_too_late_is_followed_by_the_fallback_and_does_no_harm(scene: Scene) -> None:
    scene.alerts = 1
    scene.faults.stall = 3
    call = scene.network.dial(KNOWN)
    call.wait_until_over()
    assert [FAULT in line for line in call.heard] == [True]
    contact = scene.contact()
    assert (contact.outcome, contact.to_tick_off, contact.provider_ref) == (Outcome.ABANDONED, True, call.sid)


def test_39_an_answer_that_is_late_once_is_asked_for_again(scene: Scene) -> None:
    scene.faults.stall = 1
    call = scene.dial()
    assert call.heard[0].startswith("Meldpunt kwetsbare kinderen.")
    call.hang_up()
    assert scene.contact().told == "T1 T2"
