"""Which ticket a mail belongs to."""

from uuid import uuid4

import pytest

from intake.mail.machine import Writer
from intake.mail.parsed import ParsedMail
from intake.mail.threading import Placement, Traces, Trail, placement, traces_of

IDS = ("<c@x.example>", "<b@x.example>")
NUMBER = "48217739"  # its check digit fits


def traces(subject: str, writer: Writer = Writer.PERSON) -> Traces:
    return traces_of(ParsedMail(subject=subject, answers=IDS, returned=("<m.1.2@d.example>",)), writer)


def test_the_check_digit_of_the_sample_number_fits() -> None:
    from triage.number import is_number

    assert is_number(NUMBER)


@pytest.mark.parametrize(
    ("subject", "numbers"),
    [
        (f"Re: Wij hebben uw bericht ontvangen – [melding {NUMBER[:4]} {NUMBER[4:]}]", (NUMBER,)),
        (f"[Melding {NUMBER}]", (NUMBER,)),
        (f"[melding {NUMBER[:4]}\u00a0{NUMBER[4:]}] nog iets", (NUMBER,)),
        (f"[melding {NUMBER}] [melding {NUMBER}]", (NUMBER,)),
        (f"melding {NUMBER}", ()),
        (f"[melding {NUMBER}1]", ()),
        ("[melding 4821 7730]", ()),
        ("[melding \u0664\u0668\u0662\u0661 \u0667\u0667\u0663\u0669]", ()),
        ("", ()),
    ],
)
def test_a_number_in_the_subject_counts_when_its_check_digit_fits(subject: str, numbers: tuple[str, ...]) -> None:
    assert traces(subject).numbers == numbers


@pytest.mark.parametrize("subject", ["Fwd: x", "FW: x", "Doorgestuurd: x", "WG: x", " fw : x", "TR: x", "Fw[2]: x"])
def test_a_forward_does_not_belong_to_the_thread_it_quotes(subject: str) -> None:
    assert traces(subject).ids == ()


def test_a_reply_follows_its_thread() -> None:
    assert traces("Re: FW: x").ids == IDS


def test_a_bounce_is_traced_by_what_it_returns() -> None:
    assert traces("Undeliverable: x", Writer.BOUNCE).ids[0] == "<m.1.2@d.example>"
    assert "<m.1.2@d.example>" not in traces("Undeliverable: x").ids


def a_trail(*, takes_part: bool, by_letter: bool) -> Trail:
    return Trail(uuid4(), NUMBER, takes_part=takes_part, by_letter=by_letter)


@pytest.mark.parametrize("by_letter", [True, False])
def test_whoever_takes_part_joins(by_letter: bool) -> None:  # noqa: FBT001
    trail = a_trail(takes_part=True, by_letter=by_letter)
    assert placement([trail], Writer.PERSON) == Placement(joins=trail.ticket_id)


@pytest.mark.parametrize("by_letter", [True, False])
def test_a_stranger_never_joins_and_is_told_apart_by_what_it_names(by_letter: bool) -> None:  # noqa: FBT001
    trail = a_trail(takes_part=False, by_letter=by_letter)
    assert placement([trail], Writer.PERSON) == Placement(mentions=NUMBER)


@pytest.mark.parametrize("writer", [Writer.BOUNCE, Writer.AUTO_REPLY])
def test_a_machine_joins_by_the_letter_it_answers_but_not_by_a_number(writer: Writer) -> None:
    letter, number = a_trail(takes_part=False, by_letter=True), a_trail(takes_part=False, by_letter=False)
    assert placement([letter], writer) == Placement(joins=letter.ticket_id)
    assert placement([number], writer) == Placement(mentions=NUMBER)


def test_the_first_ticket_that_fits_is_joined() -> None:
    strange, own = a_trail(takes_part=False, by_letter=True), a_trail(takes_part=True, by_letter=False)
    assert placement([strange, own], Writer.PERSON) == Placement(joins=own.ticket_id)


def test_nothing_leads_nowhere() -> None:
    assert placement([], Writer.PERSON) == Placement()
