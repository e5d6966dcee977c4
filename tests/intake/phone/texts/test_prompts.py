import re
from datetime import UTC, datetime

import pytest

from intake.phone.menu import Position, Step
from intake.phone.script import AskKey, AskNumber, Facts, HangUp, TakeMessage, scene
from intake.phone.texts.line_rules import LineRules
from intake.phone.texts.prompts import BLANKS, KEYS, SEED, BadPrompts, fault_text, prompts_in_force, read_prompts

PROMPTS = read_prompts(SEED.read_text("utf-8"))
NOW = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)
FIVE = datetime(2020, 4, 14, 15, 0, tzinfo=UTC)


def spoken(position: Position, facts: Facts | None = None) -> str:
    return " ".join(line.text for line in scene(position, PROMPTS, facts or Facts(NOW, FIVE)).lines)


def test_every_text_of_the_seed_is_there_and_none_is_left_over() -> None:
    assert set(PROMPTS.texts) == set(BLANKS)


def test_the_fault_text_needs_no_database() -> None:
    assert fault_text() == PROMPTS.texts["T11"]


@pytest.mark.parametrize("code", ["T1", "T3", "T7", "T11"])
def test_danger_comes_within_the_first_two_sentences_after_the_name(code: str) -> None:
    assert "één, één, twee" in " ".join(re.split(r"(?<=[.?]) ", PROMPTS.texts[code])[:3])


def test_a_number_that_people_dial_is_never_spoken_as_a_figure() -> None:
    for code, text in PROMPTS.texts.items():
        if code == "T12":  # a colleague reads it aloud
            continue
        assert not re.search(r"\d{2}", text.replace("18 jaar", "")), code


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("{uiterlijk}", "straks"), "T6_belofte: {uiterlijk} is missing"),
        (('T1 = "', 'T1 = "{naam} '), "T1: {naam} cannot be filled in"),
        (("T2 = ", "T2_oud = "), "T2: the text is missing"),
        (("T2 = ", "T2_oud = "), "T2_oud: no such text"),
        (("hekje erachter", "hekje erachter. Kies 1"), "T6_vraag: key 1 does nothing here"),
        (("Terugbellen? Kies 9.", "Terugbellen?"), "T4: key 9 is not named"),
        (("Toets 1 om te", "Toets 2 om te"), "F2: key 1 is not named"),
        (("[texts]", "[teksten]"), "teksten: no such table"),
        (("[texts]", "[texts"), "Expected ']' at the end of a table declaration (at line 20, column 7)"),
        (('"15.30"', '"half vier"'), "promises: same_day_until is written as 15.30"),
        (('"15.30"', '"25.30"'), "promises: same_day_until is written as 15.30"),
        (("next_day_by", "ooit"), "promises: expected same_day_until and next_day_by"),
        (("ring_seconds = 20", "ring_seconds = 4"), "line: ring_seconds is a whole number from 5 to 60"),
        (("callback_tries = 3", "callback_tries = true"), "line: callback_tries is a whole number from 1 to 10"),
        (("most_waiting", "most_people"), "line: most_people is not known"),
        (("[line]", "[lines]"), "lines: no such table"),
    ],
)
def test_texts_with_which_no_call_could_be_answered_are_refused(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(BadPrompts) as refused:
        read_prompts(SEED.read_text("utf-8").replace(*change))
    assert fault in refused.value.faults


def test_every_fault_is_named_at_once() -> None:
    broken = SEED.read_text("utf-8").replace("{uiterlijk}", "straks").replace("ring_seconds = 20", "ring_seconds = 0")
    with pytest.raises(BadPrompts) as refused:
        read_prompts(broken)
    assert [fault.split(":")[0] for fault in refused.value.faults] == ["T5", "T6_belofte", "T7", "T9", "line"]


def test_the_line_rules_of_the_seed_are_the_usual_ones() -> None:
    assert PROMPTS.line == LineRules()
    assert read_prompts(SEED.read_text("utf-8").replace("longest_wait = 8", "longest_wait = 5")).line.longest_wait == 5


def test_a_document_that_was_written_before_texts_were_added_speaks_those_of_the_seed() -> None:
    old = '[texts]\nT1 = "Meldpunt. Bel één, één, twee."\nT2 = "Inspreken? Kies 7."\nT88 = "Weg."\n'
    prompts = prompts_in_force(old)
    assert set(prompts.texts) == set(BLANKS)
    assert prompts.texts["T1"] == "Meldpunt. Bel één, één, twee."
    assert prompts.texts["T2"] == PROMPTS.texts["T2"], "a text that names a key that is gone is not spoken"
    assert prompts.line == LineRules()
    with pytest.raises(BadPrompts):
        read_prompts(old)


def test_every_text_that_names_a_key_is_known_to_have_it() -> None:
    assert {code for code, text in PROMPTS.texts.items() if re.search(r"(Kies|Toets) \d", text)} == set(KEYS)


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
        (Step.CONFIRM, AskKey(12)),
        (Step.VOICEMAIL, TakeMessage()),
        (Step.PROMISED, HangUp()),
        (Step.LEFT, HangUp()),
        (Step.END, HangUp()),
    ],
)
def test_the_line_waits_records_or_ends(step: Step, then: object) -> None:
    assert scene(Position(step, number="+31600000142"), PROMPTS, Facts(NOW, FIVE, closed_words="dicht")).then == then
