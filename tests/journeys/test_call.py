"""A call, from the dial tone of the stand-in to the closed ticket, in a browser without scripts."""

import pytest

from demo.carrier import Call
from tests.journeys.colleague import Colleague
from tests.journeys.conftest import Town

pytestmark = pytest.mark.browser
CALLER, DIRECT = "+31600000142", "0600000142"


def test_a_call_becomes_a_ticket_that_is_handed_over_and_closed(town: Town, iris: Colleague) -> None:
    before = iris.numbers("Terugbelverzoek")
    town.set_clock(8)
    call = _asks_to_be_called_back(town)
    assert call.heard[0].startswith("Meldpunt kwetsbare kinderen. Is een kind nu in gevaar?")
    assert "uiterlijk vandaag" in call.heard[-1]
    assert not town.line.alerts, call.transcript()
    town.set_clock(10)

    number = iris.open(iris.wait_for("Terugbelverzoek", besides=before))
    assert iris.numbers("Terugbelverzoek") - before == {number}
    iris.open(iris.wait_for(number))
    iris.reads("06 - 0000 0142")
    iris.claim()
    iris.call_back("De leerling is bij oma. School belt morgen weer.")
    iris.categorise("Onveilige thuissituatie", "Kind onbereikbaar", area="Charlois")
    iris.rate("Vandaag", "Moeder klonk bang.")
    iris.note("Directeur Hanna Papier is bereikbaar tot vijf uur.")
    iris.hand_over("Veilig Thuis", "Sanne Verzonnen, medewerker", "Zij gaan vanmiddag langs.")
    iris.confirm("Sanne Verzonnen, medewerker")
    iris.close("Overgedragen en bevestigd")

    iris.view("Afgesloten")
    iris.reads(number)


def test_a_spoken_message_is_a_ticket_with_its_recording(town: Town, iris: Colleague) -> None:
    before = iris.numbers("Ingesproken bericht")
    call = town.line.dial("+31600000183")
    call.wait_until_silent()
    call.press("0")
    call.wait_until_silent()
    call.say("Met Bart Voorbeeldsma van Jeugdhulp Overmorgen. Bel mij vandaag terug, het gaat om een gezin.")
    call.advance(8)
    call.hang_up()
    town.line.settle()

    iris.open(iris.wait_for("Ingesproken bericht", besides=before))
    answer = iris.page.request.get(iris.recording())
    assert (answer.status, answer.body()[:4]) == (200, b"RIFF")


def test_whoever_calls_a_closed_desk_is_listed_with_what_they_heard(town: Town, iris: Colleague) -> None:
    town.set_clock(18, 30)
    call = town.line.dial("+31600000186")
    call.wait_until_over()
    town.line.settle()
    assert "morgen vanaf negen uur" in " ".join(call.heard)

    town.set_clock(9, 5, days=1)
    iris.page.goto("/oproepen")
    iris.reads("Buiten openingstijd", "06 - 0000 0186", "wij zijn dicht")
    iris.make_ticket("06 - 0000 0186")
    assert iris.page.title().startswith("Melding ")
    iris.reads("06 - 0000 0186")


def _asks_to_be_called_back(town: Town) -> Call:
    call = town.line.dial(CALLER)
    call.wait_until_silent()
    call.press("1")
    call.wait_until_silent()
    call.press(f"{DIRECT}#")
    call.wait_until_silent()
    call.press("1")
    call.wait_until_over()
    town.line.settle()
    return call
