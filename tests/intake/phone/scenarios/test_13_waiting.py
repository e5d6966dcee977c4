"""Scenarios 13 to 19: the queue, being called back from it, being taken from it."""

import threading
from uuid import UUID

import pytest

from intake.phone import rings
from intake.phone.values import RingState
from tests.intake.phone.scenarios.scene import MINE, OTHERS, Scene
from triage.values import Outcome

T4 = "Al onze medewerkers zijn in gesprek. Blijf aan de lijn."
T5 = (
    "Het is nog steeds druk. Wilt u niet langer wachten? Kies 9. Dan bellen wij u terug, uiterlijk vandaag om vijf uur."
)
NUMBER = "Op welk nummer bereiken wij u rechtstreeks?"


def test_13_all_are_busy_and_after_a_minute_the_caller_wants_no_more(scene: Scene) -> None:
    scene.line.busy()
    call = scene.asks_for_a_person()
    assert call.heard[-1].startswith(T4)
    call.advance(60)
    assert not any(line.startswith(T5) for line in call.heard)
    call.advance(20)
    assert call.heard[-1].startswith(T5)
    scene.does(call, "9", "0600000777#", "1")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.CALLBACK, "T1 T2 T4 T5 T6")


def test_14_hang_up_in_the_queue(scene: Scene) -> None:
    scene.line.busy()
    call = scene.asks_for_a_person()
    call.advance(39)
    call.hang_up()
    contact, record = scene.contact(), scene.record()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.ABANDONED, True, "T1 T2 T4")
    assert contact.ended_at is not None
    assert record.waiting_since is not None
    assert round((contact.ended_at - record.waiting_since).total_seconds()) == 40
    assert scene.waiting() == []


def test_15_called_back_from_the_queue(scene: Scene) -> None:
    scene.line.busy()
    call = scene.asks_for_a_person()
    assert len(scene.waiting()) == 1
    scene.does(call, "9")
    assert call.heard[-1].startswith(NUMBER)
    assert scene.waiting() == []
    assert [line.members for line in scene.network.lines.values()] == [[]]
    scene.does(call, "0600000777#", "1")
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.CALLBACK
    (promise,) = scene.line.callbacks()
    assert promise.number_hash is not None


@pytest.mark.parametrize("full", ["by our own rule", "at the carrier"])
def test_16_the_queue_is_full(scene: Scene, full: str) -> None:
    scene.line.busy()
    if full == "by our own rule":
        scene.rule("most_waiting = 20", "most_waiting = 1")
    first = scene.asks_for_a_person()
    if full == "at the carrier":
        next(iter(scene.network.lines.values())).most = 1
    second = scene.asks_for_a_person("+31600000777")
    assert second.heard[-1].startswith(NUMBER)
    second.wait_until_silent()
    scene.does(second, "0600000777#", "1")
    second.wait_until_over()
    assert first.waiting
    first.hang_up()
    scene.network.settle()
    assert sorted(contact.outcome for contact in scene.line.contacts()) == [Outcome.ABANDONED, Outcome.CALLBACK]


def test_17_a_wait_document_that_is_broken_leads_to_voicemail(scene: Scene) -> None:
    scene.line.busy()
    scene.app.broken = "/phone/wait"
    scene.alerts = 1
    call = scene.asks_for_a_person()
    call.wait_until_silent()
    assert call.heard[-1].startswith("Wij kunnen nu niet opnemen.")
    call.say("Wilt u mij terugbellen?")
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.told) == (Outcome.VOICEMAIL, "T1 T2 T7 T14")
    assert scene.network.alerts[0].code == 11200


def test_18_a_click_takes_the_caller_and_the_second_click_is_told_so(scene: Scene) -> None:
    iris, noor = scene.id_of(), scene.id_of("Noor Verzonnen", OTHERS)
    for each in (iris, noor):
        scene.paused(each)
    telephone = scene.network.telephone(MINE).will(answer_after=2, press="1", talk=30)
    call = scene.asks_for_a_person()
    call.advance(5)
    (waiting,) = scene.waiting()
    scene.takes(waiting, iris)
    with pytest.raises(rings.Gone, match="Iris Bedacht"):
        scene.takes(waiting, noor)
    assert scene.waiting() == []
    call.advance(25)
    assert call.connected_to is telephone.call is not None
    call.wait_until_over()
    contact = scene.contact()
    assert (contact.outcome, contact.told, scene.tries()) == (Outcome.ANSWERED, "T1 T2 T4 T13", [RingState.ACCEPTED])
    assert scene.network.telephone(OTHERS).calls == []


def test_19_two_who_click_at_once_are_one_who_wins_and_one_who_is_told(on_both: Scene) -> None:
    scene = on_both
    both = [scene.id_of(), scene.id_of("Noor Verzonnen", OTHERS)]
    for each in both:
        scene.paused(each)
    for number in (MINE, OTHERS):
        scene.network.telephone(number).will(answer_after=2, press="1", talk=30)
    call = scene.asks_for_a_person()
    (waiting,) = scene.waiting()
    told = _at_once(scene, waiting, both)
    assert sorted(word is None for word in told) == [False, True]
    loser = told.index(next(word for word in told if word is not None))
    assert told[loser] == ["Noor Verzonnen", "Iris Bedacht"][loser]
    call.wait_until_over()
    assert scene.contact().outcome is Outcome.ANSWERED
    assert sorted(len(scene.network.telephone(number).calls) for number in (MINE, OTHERS)) == [0, 1]


def _at_once(scene: Scene, waiting: UUID, colleagues: list[UUID]) -> list[str | None]:
    """What each of them is told: None for the one who has the caller."""
    told: list[str | None] = [None] * len(colleagues)
    ready = threading.Barrier(len(colleagues))

    def click(place: int) -> None:
        ready.wait()
        try:
            scene.takes(waiting, colleagues[place])
        except rings.Gone as gone:
            told[place] = str(gone)

    threads = [threading.Thread(target=click, args=(place,)) for place in range(len(colleagues))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
