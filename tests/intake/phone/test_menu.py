import pytest

from intake.phone.menu import MOST_TURNS, Heard, Position, Step, move

SILENCE = Heard()


def keys(pressed: str) -> Heard:
    return Heard(keys=pressed)


def after(position: Position, heard: Heard, *, open_now: bool = True) -> Position:
    return move(position, heard, open_now=open_now)


def test_a_call_begins_at_the_menu_while_the_desk_is_open() -> None:
    assert after(Position(), SILENCE) == Position(Step.MENU, turn=1)


def test_a_call_begins_with_the_closed_text_while_the_desk_is_closed() -> None:
    assert after(Position(), SILENCE, open_now=False) == Position(Step.CLOSED, turn=1)


@pytest.mark.parametrize("heard", [SILENCE, keys("0")])
def test_0_or_silence_at_the_menu_leads_to_voicemail(heard: Heard) -> None:
    assert after(Position(Step.MENU), heard).step is Step.VOICEMAIL


def test_9_at_the_menu_asks_for_a_number() -> None:
    assert after(Position(Step.MENU), keys("9")).step is Step.NUMBER


@pytest.mark.parametrize("wrong", ["1", "2", "5", "*", "#", "99"])
def test_a_wrong_key_repeats_the_menu_once_and_then_leads_to_voicemail(wrong: str) -> None:
    once = after(Position(Step.MENU), keys(wrong))
    assert (once.step, once.tries) == (Step.MENU, 1)
    assert after(once, keys(wrong)).step is Step.VOICEMAIL


def test_9_still_works_after_a_wrong_key() -> None:
    assert after(Position(Step.MENU, tries=1), keys("9")).step is Step.NUMBER


def test_1_at_the_closed_text_asks_for_a_number() -> None:
    assert after(Position(Step.CLOSED), keys("1"), open_now=False).step is Step.NUMBER


def test_silence_at_the_closed_text_ends_the_call() -> None:
    assert after(Position(Step.CLOSED), SILENCE, open_now=False).step is Step.END


def test_a_wrong_key_repeats_the_closed_text_and_only_silence_after_it_ends_the_call() -> None:
    once = after(Position(Step.CLOSED), keys("5"), open_now=False)
    assert (once.step, once.tries) == (Step.CLOSED, 1)
    twice = after(once, keys("5"), open_now=False)
    assert (twice.step, twice.tries) == (Step.CLOSED, 2)
    assert after(twice, SILENCE, open_now=False).step is Step.END


@pytest.mark.parametrize("heard", [SILENCE, keys("5"), keys("9")])
def test_who_listened_until_the_opening_gets_the_menu(heard: Heard) -> None:
    assert after(Position(Step.CLOSED, tries=1), heard, open_now=True) == Position(Step.MENU, turn=1)


def test_1_after_the_opening_still_asks_for_a_number() -> None:
    assert after(Position(Step.CLOSED), keys("1"), open_now=True).step is Step.NUMBER


def test_a_number_is_read_back_before_it_counts() -> None:
    asked = after(Position(Step.NUMBER), Heard("0600000142", "+31600000142"))
    assert (asked.step, asked.number) == (Step.CONFIRM, "+31600000142")
    assert after(asked, keys("1")) == Position(Step.PROMISED, number="+31600000142", turn=2)


@pytest.mark.parametrize("heard", [SILENCE, keys("2"), keys("12"), keys("*")])
def test_a_number_that_is_not_confirmed_is_asked_again_and_forgotten(heard: Heard) -> None:
    again = after(Position(Step.CONFIRM, number="+31600000142"), heard)
    assert (again.step, again.tries, again.number) == (Step.NUMBER, 1, None)


@pytest.mark.parametrize(("open_now", "end"), [(True, Step.VOICEMAIL), (False, Step.CLOSED)])
def test_after_three_numbers_that_fail_a_message_is_asked_for_only_while_open(open_now: bool, end: Step) -> None:  # noqa: FBT001
    position = Position(Step.NUMBER)
    for _ in range(2):
        position = after(position, keys("123"), open_now=open_now)
        assert position.step is Step.NUMBER
    assert after(position, SILENCE, open_now=open_now).step is end


def test_refusing_the_read_back_counts_as_a_number_that_failed() -> None:
    position, asked = Position(Step.NUMBER), 0
    while position.step is not Step.VOICEMAIL:
        position = after(after(position, Heard("0600000142", "+31600000142")), keys("2"))
        asked += 1
    assert asked == 3


def test_voicemail_is_for_open_hours_only() -> None:
    assert after(Position(Step.MENU), keys("0"), open_now=False).step is Step.CLOSED


@pytest.mark.parametrize(("message", "end"), [(True, Step.LEFT), (False, Step.END)])
def test_a_message_ends_the_call_and_so_does_none(message: bool, end: Step) -> None:  # noqa: FBT001
    assert after(Position(Step.VOICEMAIL), Heard(message=message)).step is end


@pytest.mark.parametrize("step", [Step.PROMISED, Step.LEFT, Step.END])
@pytest.mark.parametrize("pressed", ["", "0", "1", "9"])
def test_the_end_of_a_conversation_stays_the_end(step: Step, pressed: str) -> None:
    assert after(Position(step), keys(pressed)).step is step


def test_every_turn_is_counted() -> None:
    position = Position()
    for n in range(1, 4):
        position = after(position, keys("5"))
        assert position.turn == n


def test_a_caller_who_never_stops_is_cut_off_in_the_end() -> None:
    position = Position()
    while position.step is not Step.END:
        position = after(position, keys("1"), open_now=False)
    assert position.turn == MOST_TURNS + 1


@pytest.mark.parametrize("step", [None, *Step])
@pytest.mark.parametrize("tries", [0, 1, 2])
@pytest.mark.parametrize("open_now", [True, False])
@pytest.mark.parametrize("pressed", ["", "0", "1", "9", "#", "0600000142"])
def test_from_everywhere_every_key_leads_somewhere(
    step: Step | None,
    tries: int,
    open_now: bool,  # noqa: FBT001
    pressed: str,
) -> None:
    assert after(Position(step, tries), keys(pressed), open_now=open_now).step is not None
