from dataclasses import replace

import pytest

from intake.phone.menu import MOST_TURNS, Heard, Line, Position, Staff, Step, move
from intake.phone.values import Leaving

SILENCE = Heard()
CLOSED = Line(open_now=False)
OPEN = {staff: Line(open_now=True, staff=staff) for staff in Staff}
PERSON = {
    Staff.FREE: Step.RINGING,
    Staff.BUSY: Step.WAITING,
    Staff.FULL: Step.NUMBER,
    Staff.NOBODY: Step.VOICEMAIL,
}


def keys(pressed: str) -> Heard:
    return Heard(keys=pressed)


def after(position: Position, heard: Heard, line: Line = OPEN[Staff.BUSY]) -> Position:
    return move(position, heard, line)


def test_a_call_begins_at_the_menu_while_the_desk_is_open() -> None:
    assert after(Position(), SILENCE) == Position(Step.MENU, turn=1)


def test_a_call_begins_with_the_closed_text_while_the_desk_is_closed() -> None:
    assert after(Position(), SILENCE, CLOSED) == Position(Step.CLOSED, turn=1)


@pytest.mark.parametrize("staff", Staff)
@pytest.mark.parametrize("heard", [SILENCE, keys("0")])
def test_0_or_silence_at_the_menu_leads_to_a_person(heard: Heard, staff: Staff) -> None:
    assert after(Position(Step.MENU), heard, OPEN[staff]).step is PERSON[staff]


@pytest.mark.parametrize("wrong", ["3", "9", "*", "#", "99"])
def test_a_wrong_key_repeats_the_menu_once_and_then_leads_to_a_person(wrong: str) -> None:
    once = after(Position(Step.MENU), keys(wrong))
    assert (once.step, once.tries) == (Step.MENU, 1)
    assert after(once, keys(wrong)).step is Step.WAITING


@pytest.mark.parametrize(("key", "step"), [("1", Step.TICKET), ("2", Step.ELSEWHERE)])
@pytest.mark.parametrize("tries", [0, 1])
def test_the_other_choices_of_the_menu_work_after_a_wrong_key_as_well(key: str, step: Step, tries: int) -> None:
    assert after(Position(Step.MENU, tries=tries), keys(key)).step is step


def test_a_known_number_of_ours_leads_to_a_person_and_stays_with_the_call() -> None:
    here = after(Position(Step.TICKET), Heard(keys="48217735", ticket="48217735"))
    assert (here.step, here.keyed, here.aside) == (Step.WAITING, "48217735", None)
    assert after(here, Heard(left=Leaving.COLLEAGUE)).keyed == "48217735"


def test_an_unknown_number_is_told_so_and_leads_to_a_person_all_the_same() -> None:
    here = after(Position(Step.TICKET), keys("11111111"))
    assert (here.step, here.keyed, here.aside) == (Step.WAITING, None, "T2b")
    assert after(here, Heard(left=Leaving.COLLEAGUE)).aside is None


def test_no_number_at_all_leads_to_a_person_without_a_word() -> None:
    assert after(Position(Step.TICKET), SILENCE) == Position(Step.WAITING, turn=1)


def test_who_works_elsewhere_is_told_where_to_call_and_silence_ends_the_call() -> None:
    assert after(Position(Step.ELSEWHERE), SILENCE).step is Step.END


def test_0_after_the_text_for_others_leads_to_a_person() -> None:
    assert after(Position(Step.ELSEWHERE), keys("0")).step is Step.WAITING


def test_a_wrong_key_repeats_the_text_for_others_once_and_then_leads_to_a_person() -> None:
    once = after(Position(Step.ELSEWHERE), keys("7"))
    assert (once.step, once.tries) == (Step.ELSEWHERE, 1)
    assert after(once, keys("7")).step is Step.WAITING


def test_who_talked_to_a_colleague_hears_that_the_call_is_over() -> None:
    assert after(Position(Step.RINGING), Heard(talked=True)).step is Step.TALKED


@pytest.mark.parametrize("staff", Staff)
def test_when_a_colleague_does_not_answer_the_next_one_is_tried_then_the_queue_then_a_message(staff: Staff) -> None:
    assert after(Position(Step.RINGING), SILENCE, OPEN[staff]).step is PERSON[staff]


@pytest.mark.parametrize(
    ("left", "step"),
    [
        (Leaving.CALLBACK, Step.NUMBER),
        (Leaving.COLLEAGUE, Step.RINGING),
        (Leaving.TOO_LONG, Step.VOICEMAIL),
        (Leaving.CLOSING, Step.CLOSING),
        (None, Step.VOICEMAIL),
    ],
)
def test_each_way_out_of_the_queue_leads_somewhere(left: Leaving | None, step: Step) -> None:
    assert after(Position(Step.WAITING), Heard(left=left)).step is step


def test_who_finds_the_queue_full_is_asked_for_a_number() -> None:
    assert after(Position(Step.WAITING), Heard(full=True)).step is Step.NUMBER


def test_who_was_taken_before_the_queue_was_found_full_is_put_through() -> None:
    taken = Heard(full=True, left=Leaving.COLLEAGUE)
    assert move(Position(Step.WAITING), taken, Line(open_now=True)).step is Step.RINGING


def test_a_queue_that_fails_at_closing_time_promises_a_call() -> None:
    assert after(Position(Step.WAITING), SILENCE, CLOSED).step is Step.CLOSING


def test_whoever_is_being_put_through_at_closing_time_is_promised_a_call() -> None:
    assert after(Position(Step.RINGING), SILENCE, CLOSED).step is Step.CLOSING


def test_a_number_after_the_closing_text_is_confirmed_and_silence_ends_the_call() -> None:
    keyed = after(Position(Step.CLOSING), Heard(keys="0600000142", number="+31600000142"), CLOSED)
    assert keyed.step is Step.CONFIRM
    assert after(keyed, keys("1"), CLOSED).step is Step.PROMISED
    assert after(Position(Step.CLOSING), SILENCE, CLOSED).step is Step.END
    assert after(Position(Step.CLOSING), keys("5"), CLOSED).step is Step.NUMBER


def test_1_at_the_closed_text_asks_for_a_number() -> None:
    assert after(Position(Step.CLOSED), keys("1"), CLOSED).step is Step.NUMBER


def test_silence_at_the_closed_text_ends_the_call() -> None:
    assert after(Position(Step.CLOSED), SILENCE, CLOSED).step is Step.END


def test_a_wrong_key_repeats_the_closed_text_and_only_silence_after_it_ends_the_call() -> None:
    once = after(Position(Step.CLOSED), keys("5"), CLOSED)
    assert (once.step, once.tries) == (Step.CLOSED, 1)
    twice = after(once, keys("5"), CLOSED)
    assert (twice.step, twice.tries) == (Step.CLOSED, 2)
    assert after(twice, SILENCE, CLOSED).step is Step.END


@pytest.mark.parametrize("heard", [SILENCE, keys("5"), keys("9")])
def test_when_the_desk_opens_during_the_closed_text_the_menu_follows(heard: Heard) -> None:
    assert after(Position(Step.CLOSED), heard) == Position(Step.MENU, turn=1)


@pytest.mark.parametrize("step", [Step.MENU, Step.TICKET, Step.ELSEWHERE])
def test_who_asks_for_a_person_as_the_desk_closes_hears_that_it_is_closed(step: Step) -> None:
    assert after(Position(step), keys("0"), CLOSED).step is Step.CLOSED


def test_a_number_that_can_be_called_is_read_back() -> None:
    position = after(Position(Step.NUMBER, tries=1), Heard(keys="0600000142", number="+31600000142"))
    assert position == Position(Step.CONFIRM, 1, "+31600000142", turn=1)


def test_1_confirms_the_number_and_keeps_it() -> None:
    confirmed = after(Position(Step.CONFIRM, number="+31600000142"), keys("1"))
    assert (confirmed.step, confirmed.number) == (Step.PROMISED, "+31600000142")


@pytest.mark.parametrize("heard", [SILENCE, keys("2")])
def test_anything_else_than_1_asks_for_the_number_again(heard: Heard) -> None:
    again = after(Position(Step.CONFIRM, number="+31600000142"), heard)
    assert again == Position(Step.NUMBER, 1, turn=1)


def test_after_three_bad_numbers_an_open_desk_takes_a_message_and_a_closed_one_says_so() -> None:
    assert after(Position(Step.NUMBER, tries=2), keys("12")).step is Step.VOICEMAIL
    assert after(Position(Step.NUMBER, tries=2), keys("12"), CLOSED).step is Step.CLOSED


def test_a_message_is_left_and_without_one_the_call_ends() -> None:
    assert after(Position(Step.VOICEMAIL), Heard(keys="#", message=True)).step is Step.LEFT
    assert after(Position(Step.VOICEMAIL), SILENCE).step is Step.END


@pytest.mark.parametrize("step", [Step.TALKED, Step.PROMISED, Step.LEFT, Step.END])
def test_at_its_end_a_call_stays_where_it_is(step: Step) -> None:
    assert after(Position(step), keys("0")).step is step


@pytest.mark.parametrize("key", ["3", "1", "9"])
def test_no_device_keeps_a_line_busy_for_ever(key: str) -> None:
    position = Position(Step.CLOSED)
    for _ in range(MOST_TURNS + 5):
        position = after(position, keys(key), CLOSED)
    assert position.step is Step.END


@pytest.mark.parametrize("step", [Step.RINGING, Step.WAITING, Step.VOICEMAIL, Step.TICKET])
def test_nobody_is_cut_off_for_having_had_many_turns(step: Step) -> None:
    for heard in (Heard(), Heard(message=True), Heard(talked=True)):
        here = Position(step, turn=MOST_TURNS + 20)
        assert after(here, heard) == replace(after(Position(step), heard), turn=MOST_TURNS + 21)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("line", [CLOSED, *OPEN.values()])
@pytest.mark.parametrize("pressed", ["", "0", "1", "2", "9", "#", "48217735"])
def test_every_place_leads_somewhere_whatever_is_pressed(step: Step, line: Line, pressed: str) -> None:
    here = after(Position(step), keys(pressed), line)
    assert here.step in set(Step)
    assert here.turn == 1
