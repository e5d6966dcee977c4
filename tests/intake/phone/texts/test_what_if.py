"""What a caller would hear: the same as a call at that moment does."""

from datetime import datetime

import pytest

from hours import Calendar
from intake.phone.facts import InForce
from intake.phone.texts.asked import moment_asked
from intake.phone.texts.prompts import SEED, read_prompts
from intake.phone.texts.what_if import WouldHear, would_hear
from routing.texts import read_texts
from tests.fakes import FixedClock
from tests.intake.phone.line import Line
from tests.source import ROOT

DOCUMENTS = InForce(
    0,
    Calendar.from_toml((ROOT / "desk/seeds/calendar.toml").read_text("utf-8")),
    read_prompts(SEED.read_text("utf-8")),
    read_texts((ROOT / "routing/texts.toml").read_text("utf-8")),
)
EARLY = '[[special_days]]\nday = 2026-12-24\nwindows = ["9.00-15.00"]\n'


def heard(day: str, clock: str, documents: InForce = DOCUMENTS) -> WouldHear:
    return would_hear(documents, moment_asked(day, clock))


@pytest.mark.parametrize(
    ("day", "clock", "codes", "words", "promise"),
    [
        ("2026-11-24", "9.00", ["T1", "T2"], "Hang op en bel één, één, twee.", "vandaag om vijf uur"),
        ("2026-11-24", "15.31", ["T1", "T2"], "Kies", "morgen om twaalf uur"),
        ("2026-11-24", "17.00", ["T8"], "Wij zijn er weer morgen vanaf negen uur.", "morgen om twaalf uur"),
        ("2026-04-27", "10.00", ["T8"], "Wij zijn gesloten: het is Koningsdag.", "morgen om twaalf uur"),
        (
            "2026-12-24",
            "23.59",
            ["T8"],
            "op maandag 28 december vanaf negen uur",
            "op maandag 28 december om twaalf uur",
        ),
        ("2026-03-29", "3.00", ["T8"], "Wij zijn er weer morgen", "morgen om twaalf uur"),
        ("2020-01-15", "10.00", ["T8"], "op dinsdag 14 april vanaf negen uur", "op dinsdag 14 april om twaalf uur"),
    ],
)
def test_every_moment_has_its_texts_and_its_promise(
    day: str, clock: str, codes: list[str], words: str, promise: str
) -> None:
    answer = heard(day, clock)
    assert [line.code for line in answer.lines] == codes
    assert words in " ".join(line.text for line in answer.lines)
    assert answer.promise == promise
    assert answer.open_then is (codes[0] == "T1")


def test_a_day_that_closes_early_says_so_first() -> None:
    documents = InForce(0, Calendar.from_toml(EARLY), DOCUMENTS.prompts, DOCUMENTS.texts)
    answer = heard("2026-12-24", "13.45", documents)
    assert [line.code for line in answer.lines] == ["T1", "T10", "T2"]
    assert "open tot drie uur" in answer.lines[1].text
    assert answer.promise == "op maandag 28 december om twaalf uur"


def test_a_calendar_without_any_opening_leaves_the_text_of_a_fault() -> None:
    documents = InForce(0, Calendar.from_toml("[weekly]\n"), DOCUMENTS.prompts, DOCUMENTS.texts)
    answer = heard("2026-11-24", "10.00", documents)
    assert ([line.code for line in answer.lines], answer.promise) == (["T11"], "")


@pytest.mark.parametrize("clock_time", ["8.59", "9.00", "16.59", "17.00"])
def test_a_call_at_that_moment_hears_exactly_this(sqlite_line: Line, clock: FixedClock, clock_time: str) -> None:
    at: datetime = moment_asked("2020-04-15", clock_time)
    clock.set(at)
    assert sqlite_line.dial().said == [line.text for line in would_hear(DOCUMENTS, at).lines]
