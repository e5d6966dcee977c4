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
        (standing(Urgency.ACUTE), "Acuut: nog niemand pakte dit op."),
        (standing(Urgency.ACUTE, Status.CLAIMED, claimed=True), "Acuut: draag dit over, per telefoon."),
        (standing(Urgency.ACUTE, Status.CLAIMED, claimed=True, minutes=-1), "Acuut: de tijd is om."),
        (standing(Urgency.ACUTE, minutes=-1), "Acuut: nog niemand pakte dit op en de tijd is om."),
        (standing(Urgency.ACUTE, Status.HANDED_OVER), "Acuut: de overdracht is nog niet bevestigd."),
        (standing(), "Nog te beoordelen: zeg hoe snel dit moet."),
        (standing(while_closed=True), "Nog te beoordelen: dit kwam toen wij dicht waren."),
        (standing(minutes=-5), "Nog te beoordelen: de tijd is om."),
        (standing(Urgency.TODAY, minutes=-72), "Over tijd: nog niemand pakte dit op."),
        (standing(Urgency.ONE_DAY, Status.CLAIMED, minutes=-1, claimed=True), "Over tijd: dit vraagt nu een besluit."),
        (
            standing(Urgency.THREE_DAYS, Status.HANDED_OVER, minutes=-1),
            "Over tijd: de overdracht is nog niet bevestigd.",
        ),
        (
            standing(Urgency.TODAY, minutes=438),
            "Vandaag: uiterlijk om 17.00 uur een besluit, en nog niemand pakte dit op.",
        ),
        (
            standing(Urgency.TODAY, Status.CLAIMED, minutes=438, claimed=True),
            "Vandaag: uiterlijk om 17.00 uur een besluit.",
        ),
        (standing(Urgency.TODAY, minutes=1440), "Gewone volgorde: uiterlijk morgen 9.42 uur, nog vrij."),
        (standing(Urgency.THREE_DAYS, claimed=True, minutes=7200), "Gewone volgorde: uiterlijk ma 20 april 9.42 uur."),
        (
            standing(Urgency.ONE_DAY, Status.HANDED_OVER, minutes=1440),
            "Overgedragen, nog niet bevestigd: uiterlijk morgen 9.42 uur.",
        ),
        (standing(Urgency.ACUTE, Status.CLOSED), "Afgesloten."),
        (standing(None, Status.MERGED), "Afgesloten."),
    ],
)
def test_the_sentence_says_why(ticket: Standing, sentence: str) -> None:
    assert str(why(ticket, NOW)) == sentence


def test_what_somebody_took_over_says_who_and_what_is_left() -> None:
    taken = replace(standing(Urgency.ACUTE, Status.HANDED_OVER, minutes=438), taken_by="Veilig Thuis")
    assert str(why(taken, NOW)) == (
        "Overgenomen door Veilig Thuis. Vertel de melder wat er gebeurt, uiterlijk vandaag 17.00 uur."
    )
    late = NOW + timedelta(days=1)
    assert str(why(taken, late)) == "Over tijd: Veilig Thuis nam dit over. Vertel de melder wat er gebeurt."


def test_no_sentence_says_where_the_row_stands() -> None:
    every = [standing(urgency, minutes=minutes) for urgency in (None, *Urgency) for minutes in (-1, 60, 6000)]
    words = " ".join(str(why(each, NOW)) for each in every)
    assert not [word for word in ("Hierboven", "Bovenaan", "Eerst,") if word in words]


def test_the_minute_it_is_due_it_is_late() -> None:
    assert "de tijd is om" in str(why(standing(minutes=0), NOW))


def test_a_rated_ticket_with_news_says_so() -> None:
    ticket = replace(standing(Urgency.THREE_DAYS, Status.CLAIMED, claimed=True), news=True)
    assert str(why(ticket, NOW)) == "Er kwam iets bij: lees het en beoordeel opnieuw."
    assert str(why(ticket, NOW + timedelta(hours=1))) == (
        "Er kwam iets bij: lees het en beoordeel opnieuw. De tijd is om."
    )


def test_news_on_an_acute_ticket_is_said_first() -> None:
    acute = replace(standing(Urgency.ACUTE, Status.CLAIMED, claimed=True), news=True)
    assert str(why(acute, NOW)) == "Acuut: er kwam iets bij."
    late = str(why(acute, NOW + timedelta(hours=1)))
    assert late == "Acuut: er kwam iets bij en de tijd is om."


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (60, "Nog te beoordelen: zeg hoe snel dit moet. Bel terug, uiterlijk om 10.42 uur."),
        (0, "Nog te beoordelen: zeg hoe snel dit moet. Terugbellen is te laat: bel nu."),
        (-60, "Nog te beoordelen: zeg hoe snel dit moet. Terugbellen is te laat: bel nu."),
        (24 * 60, "Nog te beoordelen: zeg hoe snel dit moet."),
    ],
)
def test_a_call_that_was_promised_for_today_is_named(minutes: int, sentence: str) -> None:
    promised = replace(standing(), call_by=NOW + timedelta(minutes=minutes))
    assert str(why(promised, NOW)) == sentence
    assert str(why(replace(promised, status=Status.CLOSED), NOW)) == "Afgesloten."
