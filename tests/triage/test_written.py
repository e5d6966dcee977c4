"""Replies as mail programs send them: what is new is shown, what they carry along is folded, and nothing is dropped."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from triage.written import Kind, Passage, newly_written, passages_of

REPLIES = tomllib.loads((Path(__file__).parent / "replies.toml").read_text())["reply"]
LEAST_RIGHT = 0.95


def _words(text: str) -> list[str]:
    return text.split()


def _right(reply: dict[str, str]) -> bool:
    return _words(newly_written(passages_of(reply["text"], reply["subject"]))) == _words(reply["new"])


def test_sixty_replies_are_told_apart() -> None:
    wrong = [reply["name"] for reply in REPLIES if not _right(reply)]
    assert len(REPLIES) >= 60
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(REPLIES), wrong


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply["name"])
def test_no_word_that_was_newly_written_is_folded(reply: dict[str, str]) -> None:
    shown = iter(_words(newly_written(passages_of(reply["text"], reply["subject"]))))
    assert all(word in shown for word in _words(reply["new"]))


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: reply["name"])
def test_every_word_of_a_reply_stands_in_one_passage(reply: dict[str, str]) -> None:
    passages = passages_of(reply["text"], reply["subject"])
    assert [word for passage in passages for word in _words(passage.text)] == _words(reply["text"])


@pytest.mark.parametrize("text", ["", "  \n\n", "\n"])
def test_nothing_has_no_passages(text: str) -> None:
    assert passages_of(text) == ()


def test_a_mail_that_is_only_quoted_is_shown_whole() -> None:
    text = "Op 14-4-2020 om 10:03 schreef Jan Fictief:\n> Is hij er?"
    assert passages_of(text) == (Passage(Kind.NEW, text),)


@pytest.mark.parametrize(
    "announced",
    [
        "Op dinsdag 14 april om 10.30 schreef Sem:",
        "Op 14 april 2020 schreef Sem Fictief:",
        "Van: papa\nAan: mama\nDatum: 12 april",
        "Van: 8.30\nTot: 12.00\nOnderwerp: rekenen",
    ],
)
def test_what_a_child_wrote_is_never_folded(announced: str) -> None:
    text = f"Dit lag op tafel.\n\n{announced}\n\nik wil niet naar huis"
    assert newly_written(passages_of(text)) == text


@pytest.mark.parametrize(
    "below",
    [
        "Wilt u dit vertrouwelijk behandelen? Vader mag het niet weten.",
        "Behandel dit vertrouwelijk",
        "Vader drinkt.",
        "Hij is nu bij mij thuis",
        "Moeder weet hier niets van",
        "Is she safe?",
        "Er hat Angst vor dem Vater",
        "Vader slaat Sem",
        "Verstuurd via WhatsApp naar haar vriendin",
        "Ik houd school aansprakelijk",
    ],
)
@pytest.mark.parametrize("above", ["Groet,\nHanna\n\n", "Groet,\nHanna\nBasisschool De Vos\n\n", "Tot morgen.\n--\n"])
def test_what_is_added_below_the_name_is_never_folded(above: str, below: str) -> None:
    assert newly_written(passages_of(f"Sem is er niet.\n\n{above}{below}")).endswith(below)


@given(st.text(st.sampled_from(list("> \n:-_@.,0a2AOp\x85\u2028")) | st.characters(), max_size=300))
@example("> Op 14-4-2020 om 10:03 schreef Jan Fictief:\n\n>\n--\n>")
def test_whatever_somebody_writes_every_word_of_it_is_shown(text: str) -> None:
    assert [word for passage in passages_of(text, "Re: x") for word in _words(passage.text)] == _words(text)


def test_thanks_above_a_greeting_leave_the_name_in_sight() -> None:
    text = "Alvast bedankt,\n\nMet vriendelijke groet,\n\nHanna Papier"
    assert newly_written(passages_of(f"{text}\nIB\nT 010 000 01 88")) == text


def test_a_question_between_answers_is_shown_and_a_long_letter_folded() -> None:
    head = "Op 14-4-2020 om 10:03 schreef Jan Fictief:\n"
    asked, answered, *_rest = passages_of(f"{head}> Is hij er?\n\nJa.\n\n" + "> meer\n" * 9)
    assert (asked.kind, asked.short, answered.text) == (Kind.EARLIER, True, "Ja.")
    assert not passages_of(head + "> meer\n" * 9 + "Ja.")[0].short


@pytest.mark.parametrize(
    "line",
    [
        "Op 2020 " + "A@B " * 40 + "schreef x:",
        "Jan Fictief " * 30 + "schreef op 2020:", "> Op 2020 schreef A", "Van: a",
        "Groet", "-- ", "____________", "Met vriendelijke groet\nA\n", "P.S.", "alvast bedankt " * 4, ">" * 200,
    ],
)  # fmt: skip
def test_a_hostile_mail_takes_no_longer_than_it_is_long(line: str) -> None:
    started = time.process_time()
    passages_of(f"{line}\n" * (1_000_000 // len(line)))
    assert time.process_time() - started < 10
