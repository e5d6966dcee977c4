import json

from intake.phone.said import Said, add, last_sentence, read

GREETING = [("T1", "Meldpunt. Is er gevaar? Bel één, één, twee."), ("T2", "Een medewerker? Kies 0.")]


def test_what_is_said_is_kept_in_order_with_its_second() -> None:
    kept = add(add(None, 0, GREETING), 9.8, [("T4", "Blijf aan de lijn.")])
    assert [(said.at, said.code) for said in read(kept)] == [(0, "T1"), (0, "T2"), (9, "T4")]


def test_nothing_was_said_yet() -> None:
    assert read(None) == ()
    assert last_sentence((), 5) == ""


def test_the_last_sentence_is_the_one_that_was_being_spoken() -> None:
    said = read(add(None, 0, GREETING))
    heard = [last_sentence(said, second) for second in (0, 2, 4, 5, 60)]
    assert heard == ["Meldpunt.", "Is er gevaar?", "Bel één, één, twee.", "Een medewerker?", "Kies 0."]


def test_a_text_that_was_cut_short_counts_no_further_than_the_one_that_cut_it() -> None:
    said = (
        Said(0, "T1", "Een heel lange eerste zin die niemand uitluistert. Een tweede."),
        Said(2, "T4", "Een moment."),
    )
    assert last_sentence(said, 2.5) == "Een moment."
    assert last_sentence(said, 1) == "Een heel lange eerste zin die niemand uitluistert."


def test_a_call_that_never_ends_keeps_what_was_said_first() -> None:
    kept = add(None, 0, GREETING)
    assert add(kept, 5, [("T5", "x" * 200_000)]) == kept
    assert json.loads(kept)[0] == [0, "T1", GREETING[0][1]]
