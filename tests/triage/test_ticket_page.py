"""The page of one ticket, as it is read: moments said in full, an address that breaks where people would break it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from desk.desk import Desk
from tests.builders import a_ticket
from tests.fakes import FixedClock
from tests.triage.pages import do, words_of
from triage.values import Channel

Staff = Callable[..., FlaskClient]


@pytest.mark.parametrize(("later", "said"), [(0, "vandaag 10.00"), (1, "gisteren 10.00"), (9, "di 14 april 10.00")])
def test_a_closed_ticket_says_when_with_day_and_clock(
    sqlite_desk: Desk, staff: Staff, clock: FixedClock, later: int, said: str
) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    do(iris, number, "beoordelen", {"hoe-snel": "today", "reden": "Geen laptop."})
    do(iris, number, "afsluiten", {"waarom": "advised"})
    clock.advance(timedelta(days=later))
    assert f"Afgesloten {said} uur Advies gegeven" in words_of(staff().get(f"/melding/{number}"))


def test_a_due_day_that_is_far_away_is_said_with_its_clock(sqlite_desk: Desk, staff: Staff, clock: FixedClock) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    do(iris, number, "beoordelen", {"hoe-snel": "three_days", "reden": "Geen laptop."})
    clock.advance(timedelta(days=20))
    assert "Uiterlijk vr 17 april 10.00 uur" in words_of(staff().get(f"/melding/{number}"))


def test_a_mail_address_may_break_at_its_sign_only(sqlite_desk: Desk, staff: Staff) -> None:
    page = staff().get(f"/melding/{a_ticket(sqlite_desk)}").text
    assert '<dd class="address">hanna@<wbr>vos.example</dd>' in page


def test_who_gets_no_proposal_is_not_told_why_it_is_this_one(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    assert "Waarom dit voorstel?" not in words_of(iris.get(f"/melding/{number}"))
    do(iris, number, "categoriseren", {"leidend": "cat2", "gebied": "Noord"})
    assert "Waarom dit voorstel?" in words_of(iris.get(f"/melding/{number}"))


REPLY = """Hij is er weer.

Groet,
Hanna Papier
Basisschool De Vos
T 010 000 01 88

Op di 14 apr. 2020 om 10:03 schreef Meldpunt <meldpunt@meldpunt.example>:
> Wij hebben uw bericht.
"""


def test_what_a_mail_carries_along_is_folded_and_its_number_can_be_called(sqlite_desk: Desk, staff: Staff) -> None:
    page = staff().get(f"/melding/{a_ticket(sqlite_desk, text=REPLY)}").text
    assert "Hij is er weer.\n\nGroet,\nHanna Papier</p>" in page
    assert '<summary>Toon de ondertekening</summary><p class="words voice reported">Basisschool De Vos' in page
    assert '<a class="button" href="tel:+31100000188">' in page
    assert "<summary>Toon de eerdere e-mail</summary>" in page
    assert "&gt; Wij hebben uw bericht.</p></details>" in page


def test_what_a_colleague_wrote_down_of_a_call_is_shown_whole(sqlite_desk: Desk, staff: Staff) -> None:
    number = a_ticket(sqlite_desk, channel=Channel.PHONE, text="Zij zei:\nMet vriendelijke groet,\nSem\nGroep 8")
    page = staff().get(f"/melding/{number}").text
    assert "Groep 8</p>" in page
    assert "Toon de ondertekening" not in page
