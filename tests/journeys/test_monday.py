"""Monday 9.00: what came over the weekend waits for two colleagues, and then the telephone rings."""

import re
from datetime import datetime, time, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Locator, Page, expect

from demo.carrier import Call
from hours import at_local
from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import ADDRESS, TUESDAY, Town
from tests.journeys.on_the_line import (
    DIRECT,
    PHONE,
    answers,
    asked,
    over,
    placed,
    stops,
    strip,
    takes_the_telephone,
    wants_a_person,
)  # fmt: skip
from tests.waiting import until

pytestmark = pytest.mark.browser
FRIDAY, SATURDAY, SUNDAY, MONDAY = 3, 4, 5, 6  # days after the first Tuesday
LOTTES, LOTTE_DIRECT = "+31600000252", "06 0000 0252"
TWICE, PROMISED, LISTENED, LEFT = (f"+3160000091{last}" for last in range(4))
SUBJECTS = ("Niet op school, twee dagen al", "Laptop voor een gezin", "Verhuisd zonder adres")


@pytest.fixture(scope="module")
def weekend(town: Town) -> None:
    """From Friday after five to Monday before nine: six calls and three mails."""
    _listens(town, TWICE, _at(FRIDAY, 17, 30))
    _hangs_up(town, TWICE, _at(SATURDAY, 11), after=12)
    _asks_to_be_called_back(town, _at(SATURDAY, 14))
    for hour, subject in enumerate(SUBJECTS, 9):
        town.site.clock.set(_at(SUNDAY, hour))
        town.office.send(_letter(subject))
        assert "Op dit moment leest niemand uw bericht" in _acknowledgement(town, subject)
    _listens(town, LISTENED, _at(SUNDAY, 15))
    _listens(town, "anonymous", _at(SUNDAY, 16))
    _hangs_up(town, LEFT, _at(MONDAY, 8, 50), after=5)
    assert not town.line.alerts


@pytest.fixture(autouse=True)
def _open(town: Town, weekend: None) -> None:
    """Every journey of this file begins on Monday at nine."""
    town.set_clock(9, days=MONDAY)


def test_every_caller_of_the_weekend_stands_there_once_and_is_dealt_with(town: Town, iris: Colleague) -> None:
    page = iris.page
    _took_it_on_friday(page, DIRECT)
    page.goto("/oproepen")
    closed = page.get_by_role("region", name="Buiten openingstijd").locator("li.caller")
    weekend = closed.filter(has_text=re.compile("17 april|18 april|gisteren|vandaag"))
    expect(weekend).to_have_count(4)  # five calls; who asked to be called back has a ticket
    names = ("06 - 0000 0910", "06 - 0000 0912", "Nummer onbekend", "06 - 0000 0913")
    twice, listened, nameless, left = (weekend.filter(has_text=name) for name in names)
    _reads(twice, "2 keer gebeld", "vr 17 april 17.30", "za 18 april 11.00")
    _reads(twice, "Laatste zin: ‘Bel Veilig Thuis, gratis, dag en nacht: nul achthonderd, tweeduizend.’")
    _reads(listened, "gisteren 15.00", "Laatste zin: ‘Kies 1, dan bellen wij u die dag terug.’")
    _reads(nameless, "gisteren 16.00", "Terugbellen kan niet: er is geen nummer.")
    _reads(left, "vandaag 8.50", "Laatste zin: ‘Hang op en bel één, één, twee.’")

    _tick_off(listened, "Niet teruggebeld", "Luisterde de tekst uit, vroeg niets")
    expect(weekend).to_have_count(3)
    _reads(left, "Bel pas na 9.05 uur.")
    town.set_clock(9, 6, days=MONDAY)
    page.reload()
    _calls_back(town, page, left, "06 - 0000 0913")
    _tick_off(left, "Teruggebeld en gesproken", "Het kind is bij oma")
    follow(twice.get_by_role("button", name="Maak melding"))
    iris.reads("06 - 0000 0910", "Lees en beoordeel uiterlijk")
    page.goto("/oproepen")
    expect(weekend).to_have_count(1)
    expect(weekend).to_contain_text("Nummer onbekend")


def test_who_was_promised_a_call_stands_under_today_and_is_tried_again(iris: Colleague) -> None:
    page = iris.page
    page.goto("/terugbellen")
    row = page.get_by_role("region", name="Vandaag").locator("li.caller").filter(has_text="06 - 0000 0911")
    expect(row).to_have_count(1)
    _reads(row, "12.00", "Terugbelverzoek")
    follow(row.get_by_role("button", name="Niet bereikt"))
    _reads(row, "1 keer niet bereikt. Volgende poging: vandaag 9.30 uur.")
    for subject in SUBJECTS:
        iris.wait_for(subject)


def test_one_answers_and_writes_while_the_colleague_takes_the_next(town: Town, live_iris: Page, lotte: Page) -> None:
    iris, own = live_iris, town.line.telephone(PHONE)
    own.calls.clear()
    for page, number, telephone in ((iris, DIRECT, PHONE), (lotte, LOTTE_DIRECT, LOTTES)):
        _took_it_on_friday(page, number)
        answers(town, telephone)
    _one_click_each(iris, lotte)

    first = wants_a_person(town, "+31600000915", wait=20)
    expect(iris).to_have_url(re.compile("/gesprek/"))  # whoever has waited longest is rung, and the page opens
    assert own.heard[-1] == "Oproep voor het meldpunt. Toets 1 om aan te nemen."
    expect(strip(lotte)).to_contain_text("in gesprek met Iris Bedacht")
    iris.get_by_label("Waar is het kind?").fill("Thuis, alleen")
    iris.get_by_label("Wat vertelt de beller?").fill("Het kind is vandaag niet op school gekomen.")
    over(town, first)
    iris.get_by_label("In een paar woorden").fill("Maandag niet op school")
    follow(iris.get_by_role("button", name="Maak melding"))
    expect(iris.get_by_role("main")).to_contain_text("Het kind is vandaag niet op school gekomen.")

    expect(strip(iris)).to_contain_text("U: nawerktijd tot")
    second = wants_a_person(town, "+31600000916", wait=20)
    expect(strip(iris)).to_contain_text("in gesprek met Lotte Denkbeeld")
    third = wants_a_person(town, "+31600000917", wait=20)
    expect(strip(iris)).to_contain_text("06 - 0000 0917 wacht sinds")  # Iris still writes: her telephone is silent
    assert len(own.calls) == 1
    iris.keyboard.press("k")
    expect(strip(iris)).to_contain_text("06 - 0000 0917 telefoon gaat over bij Iris Bedacht")
    until(lambda: _a_second_later(third) and len(own.calls) == 2, what="a ring for the third caller")
    third.advance(10)
    expect(iris).to_have_url(re.compile("/gesprek/"))

    over(town, second, third)
    lotte.keyboard.press("p")
    expect(strip(iris)).to_contain_text("Lotte: pauze sinds")
    for page in (iris, lotte):
        _no_ticket(page)
        stops(page)


def _at(days: int, hour: int, minute: int = 0) -> datetime:
    return at_local(TUESDAY + timedelta(days=days), time(hour, minute))


def _dials(town: Town, number: str, at: datetime) -> Call:
    town.site.clock.set(at)
    return town.line.dial(number)


def _is_over(town: Town, call: Call, began: datetime) -> None:
    """At the desk as much time went by as on the line."""
    town.site.clock.set(began + timedelta(seconds=call.seconds()))
    call.hang_up()
    town.line.settle()


def _hangs_up(town: Town, number: str, at: datetime, *, after: float) -> None:
    call = _dials(town, number, at)
    call.advance(after)
    _is_over(town, call, at)


def _listens(town: Town, number: str, at: datetime) -> None:
    """To all that is said, and a moment longer: not until it is said once more."""
    call = _dials(town, number, at)
    call.wait_until_silent()
    call.advance(4)  # the desk reckons with a slower voice than that of the network
    _is_over(town, call, at)


def _asks_to_be_called_back(town: Town, at: datetime) -> None:
    call = _dials(town, "anonymous", at)
    for keys in ("1", f"0{PROMISED.removeprefix('+31')}#", "1"):
        call.wait_until_silent()
        call.press(keys)
    call.wait_until_over()
    town.line.settle()
    assert "uiterlijk op maandag 20 april om twaalf uur" in call.heard[-1]


def _letter(subject: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = _sender(subject), ADDRESS, subject
    letter["Message-ID"] = f"<{SUBJECTS.index(subject)}.weekend@vos.example>"
    letter.set_content(f"Goedemorgen,\n\n{subject}. Wie belt mij maandag?\n\nAnne Papier\n")
    return letter


def _acknowledgement(town: Town, subject: str) -> str:
    (mail,) = town.office.mail_for(_sender(subject))
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def _sender(subject: str) -> str:
    return f"anne{SUBJECTS.index(subject)}@vos.example"


def _reads(row: Locator, *sentences: str) -> None:
    for sentence in sentences:
        expect(row).to_contain_text(sentence)


def _tick_off(row: Locator, end: str, why: str) -> None:
    row.get_by_text("Afvinken").click()
    row.get_by_label("Hoe liep het af?").select_option(label=end)
    row.get_by_label("Toelichting").fill(why)
    follow(row.get_by_role("button", name="Vink af"))


def _calls_back(town: Town, page: Page, row: Locator, shown: str) -> None:
    """Iris's telephone rings first, then that of the caller."""
    own, theirs = town.line.telephone(PHONE), town.line.telephone(LEFT)
    own.will(answer_after=2, press="1", talk=40)
    theirs.will(answer_after=4, talk=20)
    before = asked(town, PHONE)  # in other journeys as well
    follow(row.get_by_role("button", name=f"Bel {shown}"))
    placed(town, PHONE, before)
    assert own.heard[-1] == "U belt een melder terug. Toets 1 om te bellen."
    assert own.calls[-1].started_at < theirs.calls[-1].started_at
    page.reload()
    _reads(row, "Iris Bedacht: opgenomen")


def _took_it_on_friday(page: Page, number: str) -> None:
    takes_the_telephone(page, number)
    stops(page)


def _one_click_each(iris: Page, lotte: Page) -> None:
    for page in (iris, lotte):
        page.goto("/")
        expect(strip(page)).to_contain_text("Niemand neemt de telefoon op.")
    strip(iris).get_by_role("button", name="Ik neem de telefoon op").click()
    expect(strip(lotte)).to_contain_text("Iris: vrij")
    strip(lotte).get_by_role("button", name="Ik neem de telefoon op").click()
    expect(strip(iris)).to_contain_text("Lotte: vrij")


def _no_ticket(page: Page) -> None:
    expect(page).to_have_url(re.compile("/gesprek/"))
    page.get_by_label("Geen melding, want").fill("Vroeg alleen het adres")
    follow(page.get_by_role("button", name="Geen melding"))


def _a_second_later(call: Call) -> bool:
    call.advance(1)
    return True
