"""When the database is asked, and when nobody waits for it any more."""

from collections.abc import Callable

import pytest

from intake.phone.away.outage import IN_A_ROW, PAUSE, DatabaseAway, Outage


class Question:
    """Asks a database that may be away, and counts."""

    def __init__(self) -> None:
        self.seconds, self.asked, self.away = 0.0, 0, True
        self.outage = Outage(lambda: self.seconds)

    def ask(self, then: Callable[[], None] = lambda: None, about: str = "") -> str:
        def question() -> str:
            self.asked += 1
            then()
            if self.away:
                raise TimeoutError
            return "answer"

        try:
            return self.outage.ask(question, (TimeoutError,), about or f"call {self.asked}")
        except DatabaseAway:
            return "away"


@pytest.fixture
def question() -> Question:
    return Question()


def test_after_failures_in_a_row_nobody_waits_any_more(question: Question) -> None:
    assert [question.ask() for _ in range(50)] == ["away"] * 50
    assert question.asked == IN_A_ROW


def test_one_failure_alone_keeps_nobody_from_asking(question: Question) -> None:
    for _ in range(3):
        question.away = True
        question.ask()
        question.away = False
        assert question.ask() == "answer"


def test_one_call_that_somebody_else_holds_keeps_no_other_caller_from_asking(question: Question) -> None:
    for _ in range(IN_A_ROW + 1):
        question.ask(about="the call that is held")
    question.away = False
    assert question.ask(about="another call") == "answer"


def test_after_a_pause_one_tries_for_all_others(question: Question) -> None:
    for _ in range(IN_A_ROW):
        question.ask()
    question.seconds += PAUSE
    others = list[str]()
    question.ask(lambda: others.extend(question.ask() for _ in range(5)))
    assert (others, question.asked) == (["away"] * 5, IN_A_ROW + 1)
    question.ask()
    assert question.asked == IN_A_ROW + 1


def test_once_it_answers_all_are_answered(question: Question) -> None:
    for _ in range(IN_A_ROW):
        question.ask()
    question.seconds, question.away = PAUSE, False
    assert [question.ask() for _ in range(5)] == ["answer"] * 5


def test_another_fault_says_nothing_about_the_database() -> None:
    outage = Outage()

    def fault() -> str:
        raise LookupError("no such text")

    for _ in range(5):
        with pytest.raises(LookupError):
            outage.ask(fault, (TimeoutError,), "a call")
    assert outage.ask(lambda: "answer", (TimeoutError,), "a call") == "answer"
