"""Scenarios 48 to 50: recordings fetched and deleted, calling back."""

from datetime import timedelta

import pytest

from desk.backup_time import note_backup
from intake.phone.carrier.removal import RELEASE
from tests.intake.phone.scenarios.scene import Scene
from triage.values import Outcome


def a_message(scene: Scene) -> None:
    """Somebody speaks a message, and nothing more happens than that."""
    call = scene.dial()
    scene.does(call, "0")
    call.say("Wilt u mij terugbellen?")
    call.wait_until_silent()
    call.press("#")
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.VOICEMAIL


def backed_up(scene: Scene) -> None:
    """A backup holds everything by now, and the recordings may go."""
    scene.clock.advance(timedelta(hours=1))
    scene.line.desk.database.run(lambda session: note_backup(session, scene.clock.real()))
    scene.does_job(RELEASE)


@pytest.mark.parametrize("fault", ["not there yet", "refused"])
def test_48_a_recording_that_cannot_be_fetched_yet_is_fetched_later_and_never_deleted_before(
    scene: Scene, fault: str
) -> None:
    a_message(scene)
    if fault == "not there yet":
        scene.faults.media_missing = 1
    else:
        scene.faults.rest += [401]
    scene.work(rounds=1)
    assert scene.kept_recordings() == []
    backed_up(scene)
    scene.work(rounds=4)
    assert scene.kept_recordings() == [scene.record().recording_sid]
    assert [recording.deleted for recording in scene.network.recordings.values()] == [False]
    backed_up(scene)
    scene.work(rounds=1)
    assert [recording.deleted for recording in scene.network.recordings.values()] == [True]
    assert scene.deleted() == [True]


def test_49_a_deletion_that_fails_at_the_carrier_is_tried_again(scene: Scene) -> None:
    a_message(scene)
    scene.work(rounds=1)
    backed_up(scene)
    scene.faults.rest += [500, 500]
    scene.work(rounds=1)
    assert scene.deleted() == [False]
    scene.work(rounds=5)
    assert [recording.deleted for recording in scene.network.recordings.values()] == [True]
    assert scene.deleted() == [True]
    assert scene.kept_recordings() == [scene.record().recording_sid]
