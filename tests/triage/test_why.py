"""The sentence that says why a ticket stands where it stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from triage.values import Status, Urgency
from triage.why import Standing, why

NOW = datetime(2020, 4, 15, 7, 42, tzinfo=UTC)  # wednesday, 9.42 in Rotterdam


def standing(
    urgency: Urgency | None = None,
    status: Status = Status.NEW,
    *,
    minutes: int = 18,
    claimed: bool = False,
    while_closed: bool = False,
) -> Standing:
    return Standing(urgency, status, NOW + timedelta(minutes=minutes), claimed, while_closed)


@pytest.mark.parametrize(
    ("ticket", "sentence"),
    [
        (standing(Urgency.ACUTE), "Eerst, omdat het acuut is en nog niemand het oppakte."),
        (standing(Urgency.ACUTE, Status.CLAIMED, claimed=True), "Eerst, omdat het acuut is."),
        (
            standing(Urgency.ACUTE, Status.CLAIMED, claimed=True, minutes=-1),
            "Eerst, omdat het acuut is en de tijd om is.",
        ),
        (
            standing(Urgency.ACUTE, Status.HANDED_OVER),
            "Eerst, omdat het acuut is en de overdracht nog niet bevestigd is.",
        ),
        (standing(), "Hierboven, omdat nog niemand dit beoordeelde."),
        (
            standing(while_closed=True),
            "Hierboven, omdat dit kwam toen wij dicht waren en nog niemand het beoordeelde.",
        ),
        (standing(minutes=-5), "Hierboven, omdat de tijd om is en nog niemand dit beoordeelde."),
        (standing(Urgency.TODAY, minutes=-72), "Bovenaan, omdat de tijd om is en niemand het oppakte."),
        (standing(Urgency.ONE_DAY, Status.CLAIMED, minutes=-1, claimed=True), "Bovenaan, omdat de tijd om is."),
        (standing(Urgency.THREE_DAYS, Status.HANDED_OVER, minutes=-1), "Bovenaan, omdat de tijd om is."),
        (
            standing(Urgency.TODAY, minutes=438),
            "Vandaag, omdat dit uiterlijk om 17.00 uur een besluit vraagt en nog niemand het oppakte.",
        ),
        (
            standing(Urgency.TODAY, Status.CLAIMED, minutes=438, claimed=True),
            "Vandaag, omdat dit uiterlijk om 17.00 uur een besluit vraagt.",
        ),
        (standing(Urgency.TODAY, minutes=1440), "Gewone volgorde: uiterlijk morgen 9.42 uur, nog vrij."),
        (standing(Urgency.THREE_DAYS, claimed=True, minutes=7200), "Gewone volgorde: uiterlijk ma 20 april 9.42 uur."),
        (
            standing(Urgency.ONE_DAY, Status.HANDED_OVER, minutes=1440),
            "Overgedragen, wij volgen; uiterlijk morgen 9.42 uur.",
        ),
        (standing(Urgency.ACUTE, Status.CLOSED), "Afgesloten."),
        (standing(None, Status.MERGED), "Afgesloten."),
    ],
)
def test_the_sentence_says_why(ticket: Standing, sentence: str) -> None:
    assert str(why(ticket, NOW)) == sentence


def test_an_acute_ticket_that_somebody_took_over_no_longer_comes_first() -> None:
    taken = replace(standing(Urgency.ACUTE, Status.HANDED_OVER, minutes=438), taken_by="Veilig Thuis")
    assert str(why(taken, NOW)) == "Overgedragen, wij volgen; uiterlijk vandaag 17.00 uur."


def test_the_minute_it_is_due_it_is_late() -> None:
    assert "de tijd om is" in str(why(standing(minutes=0), NOW))


def test_a_rated_ticket_with_news_says_so() -> None:
    ticket = replace(standing(Urgency.THREE_DAYS, Status.CLAIMED, claimed=True), news=True)
    assert str(why(ticket, NOW)) == "Hierboven, omdat er iets nieuws bij kwam."
    assert str(why(ticket, NOW + timedelta(hours=1))).endswith("en de tijd om is.")
