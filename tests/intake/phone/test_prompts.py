import re
from datetime import UTC, datetime

import pytest

from intake.phone.menu import Position, Step
from intake.phone.prompts import BLANKS, SEED, BadPrompts, fault_text, read_prompts
from intake.phone.script import AskKey, AskNumber, Facts, HangUp, TakeMessage, scene

PROMPTS = read_prompts(SEED.read_text("utf-8"))
NOW = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
FIVE = datetime(2020, 4, 14, 15, 0, tzinfo=UTC)


def spoken(position: Position, facts: Facts | None = None) -> str:
    return " ".join(line.text for line in scene(position, PROMPTS, facts or Facts(NOW, FIVE)).lines)


def test_every_text_of_the_seed_is_there_and_none_is_left_over() -> None:
    assert set(PROMPTS.texts) == set(BLANKS)


def test_the_fault_text_needs_no_database() -> None:
    assert fault_text() == PROMPTS.texts["T11"]


@pytest.mark.parametrize("code", ["T1", "T7", "T11"])
def test_danger_comes_within_the_first_two_sentences_after_the_name(code: str) -> None:
    assert "één, één, twee" in " ".join(re.split(r"(?<=[.?]) ", PROMPTS.texts[code])[:3])


def test_a_number_that_people_dial_is_never_spoken_as_a_figure() -> None:
    for code, text in PROMPTS.texts.items():
        assert not re.search(r"\d{2}", text), code


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("{uiterlijk}", "straks"), "T6_belofte: {uiterlijk} is missing"),
        (('T1 = "', 'T1 = "{naam} '), "T1: {naam} cannot be filled in"),
        (("T2 = ", "T2b = "), "T2: the text is missing"),
        (("[texts]", "[teksten]"), "T1: the text is missing"),
        (("[texts]", "[texts"), "Expected ']' at the end of a table declaration (at line 11, column 7)"),
        (('"15.30"', '"half vier"'), "promises: same_day_until is written as 15.30"),
        (('"15.30"', '"25.30"'), "promises: same_day_until is written as 15.30"),
        (("next_day_by", "ooit"), "promises: expected same_day_until and next_day_by"),
    ],
)
def test_texts_with_which_no_call_could_be_answered_are_refused(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(BadPrompts) as refused:
        read_prompts(SEED.read_text("utf-8").replace(*change))
    assert fault in refused.value.faults


def test_the_menu_greets_first_and_only_first() -> None:
    assert spoken(Position(Step.MENU)).startswith("Meldpunt kwetsbare kinderen. Is een kind nu in gevaar?")
    assert spoken(Position(Step.MENU, tries=1)) == PROMPTS.texts["T2"]


def test_a_day_that_closes_early_is_announced_before_the_choices() -> None:
    early = Facts(NOW, closes_early_at=datetime(2020, 4, 14, 13, 0, tzinfo=UTC))
    codes = [line.code for line in scene(Position(Step.MENU), PROMPTS, early).lines]
    assert codes == ["T1", "T10", "T2"]
    assert "Let op: wij zijn vandaag open tot drie uur." in spoken(Position(Step.MENU), early)


def test_a_number_is_read_back_digit_by_digit() -> None:
    said = spoken(Position(Step.CONFIRM, number="+31600000142"))
    assert said == "U toetste nul zes, nul nul nul nul, nul één vier twee. Klopt dat? Kies 1."


@pytest.mark.parametrize("step", [Step.PROMISED, Step.VOICEMAIL])
def test_a_promise_is_spoken_with_its_time(step: Step) -> None:
    assert "Wij bellen u terug, uiterlijk vandaag om vijf uur." in spoken(Position(step))
    with pytest.raises(ValueError, match="before it is made"):
        spoken(Position(step), Facts(NOW))


@pytest.mark.parametrize(
    ("step", "then"),
    [
        (Step.MENU, AskKey(5)),
        (Step.CLOSED, AskKey(5)),
        (Step.NUMBER, AskNumber(10)),
        (Step.CONFIRM, AskKey(8)),
        (Step.VOICEMAIL, TakeMessage()),
        (Step.PROMISED, HangUp()),
        (Step.LEFT, HangUp()),
        (Step.END, HangUp()),
    ],
)
def test_the_line_waits_records_or_ends(step: Step, then: object) -> None:
    assert scene(Position(step, number="+31600000142"), PROMPTS, Facts(NOW, FIVE, closed_words="dicht")).then == then
