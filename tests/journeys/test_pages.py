"""Nothing for axe to find: every page of the desk, empty and full, with what is wrong shown on it."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.journeys.axe import findings
from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import ADDRESS, EMAIL, PASSWORD, Town, a_browser

pytestmark = pytest.mark.browser
LONG_WORD = "leerplichtambtenarenoverlegverslag" * 3
PACES = {
    "Acuut": "112 gebeld door de directeur om 10.05",
    "Vandaag": "",
    "Binnen 1 werkdag": "",
    "Binnen 3 werkdagen": "",
}

Visit = Callable[[Page, dict[str, str]], object]


def _act(name: str, **typed: str) -> Visit:
    """The form of an act on a page of its own, sent without what it needs."""

    def visit(page: Page, numbers: dict[str, str]) -> None:
        page.goto(f"/melding/{numbers['Vandaag']}/{name}")
        follow(page.get_by_role("main").locator("button[type=submit]").last)

    return visit


def _path(path: str) -> Visit:
    return lambda page, numbers: page.goto(path.format_map(numbers))


def _search(words: str) -> Visit:
    def visit(page: Page, _numbers: dict[str, str]) -> None:
        page.goto("/zoeken")
        page.get_by_label("Nummer, naam of woorden").fill(words)
        follow(page.get_by_role("main").get_by_role("button", name="Zoek"))

    return visit


def _wrong_tick(page: Page, _numbers: dict[str, str]) -> None:
    page.goto("/oproepen")
    page.get_by_text("Afvinken").first.click()
    follow(page.get_by_role("button", name="Vink af").first)


def _own_number(page: Page, _numbers: dict[str, str]) -> None:
    page.goto("/terugbellen")
    follow(page.get_by_role("button", name="Bel 06").first)
    page.get_by_label("Uw telefoonnummer", exact=True).fill("112")
    follow(page.get_by_role("button", name="Bewaar en bel"))


def _empty_report(page: Page, _numbers: dict[str, str]) -> None:
    page.goto("/noteren")
    follow(page.get_by_role("button", name="Bewaar als melding"))


def _stale(page: Page, numbers: dict[str, str]) -> None:
    """A colleague changed the ticket while this form stood open."""
    page.goto(f"/melding/{numbers['Binnen 1 werkdag']}/beschrijven")
    with page.context.new_page() as other:
        other.goto(f"/melding/{numbers['Binnen 1 werkdag']}/notitie")
        other.get_by_role("textbox", name="Notitie").fill("Een collega schreef dit net.")
        follow(other.get_by_role("main").locator("button[type=submit]").last)
        other.goto(f"/melding/{numbers['Binnen 1 werkdag']}/beschrijven")
        other.get_by_role("textbox", name="Titel").fill("Een nieuwe titel")
        follow(other.get_by_role("main").locator("button[type=submit]").last)
    page.get_by_role("textbox", name="Titel").fill("Nog een titel")
    follow(page.get_by_role("main").locator("button[type=submit]").last)


def _ended(page: Page, numbers: dict[str, str]) -> None:
    """The ticket that was handed over and not confirmed."""
    page.goto(f"/melding/{numbers['Binnen 3 werkdagen']}")
    page.get_by_text("Neemt niemand het over?").click()
    follow(page.get_by_role("button", name="Leg vast"))


def _wrong_door(page: Page, _numbers: dict[str, str]) -> None:
    page.context.clear_cookies()
    page.goto("/aanmelden")
    page.get_by_label("E-mailadres").fill("niemand@meldpunt.example")
    page.get_by_label("Wachtwoord").fill("verzonnen")
    follow(page.get_by_role("button", name="Aanmelden"))


def _door(page: Page, _numbers: dict[str, str]) -> None:
    page.context.clear_cookies()
    page.goto("/werklijst")


def _too_late(page: Page, numbers: dict[str, str]) -> None:
    """The session ran out while somebody wrote a note."""
    page.goto(f"/melding/{numbers['Vandaag']}/notitie")
    page.get_by_role("textbox", name="Notitie").fill("De moeder belde terug.")
    page.context.clear_cookies(name="meldpunt")  # the session alone runs out
    follow(page.get_by_role("main").locator("button[type=submit]").last)
    expect(page.get_by_role("alert")).to_contain_text("Er is nog niets opgeslagen.")


def _back_again(page: Page, numbers: dict[str, str]) -> None:
    _too_late(page, numbers)
    page.get_by_label("E-mailadres").fill(EMAIL)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    follow(page.get_by_role("button", name="Aanmelden"))
    expect(page.get_by_role("button")).to_have_text("Verstuur wat u typte")


VISITS: dict[str, Visit] = {
    "work list": _path("/werklijst"),
    "my tickets": _path("/werklijst?weergave=mijn"),
    "free tickets": _path("/werklijst?weergave=vrij"),
    "handed over": _path("/werklijst?weergave=overgedragen"),
    "closed": _path("/werklijst?weergave=afgesloten"),
    "an unread ticket": _path("/melding/{ongelezen}"),
    "an acute ticket": _path("/melding/{Acuut}"),
    "a ticket for today": _path("/melding/{Vandaag}"),
    "a ticket that was handed over": _path("/melding/{Binnen 3 werkdagen}"),
    "a closed ticket": _path("/melding/{gesloten}"),
    "a ticket with a recording": _path("/melding/{ingesproken}"),
    "a ticket to be called back": _path("/melding/{terugbellen}"),
    "rating, empty": _act("beoordelen"),
    "a note, empty": _act("notitie"),
    "categories, empty": _path("/melding/{Vandaag}/categoriseren"),
    "describing": _path("/melding/{Vandaag}/beschrijven"),
    "closing, empty": _act("afsluiten"),
    "releasing": _path("/melding/{Vandaag}/terugzetten"),
    "claiming": _path("/melding/{ongelezen}/oppakken"),
    "reopening, empty": lambda page, n: _act("heropenen")(page, n | {"Vandaag": n["gesloten"]}),
    "an act that is not allowed": lambda page, n: _act("oppakken")(page, n | {"Vandaag": n["gesloten"]}),
    "a form that went stale": _stale,
    "handing over, empty": _act("overdragen"),
    "a handover that nobody takes, empty": _ended,
    "calls": _path("/oproepen"),
    "calls, wrongly ticked off": _wrong_tick,
    "to call back": _path("/terugbellen"),
    "to call back, without a telephone": _own_number,
    "search": _path("/zoeken"),
    "search, found": _search("laptop"),
    "search, nothing": _search("onvindbaarwoord"),
    "search, a number of nobody": _search("1234 5675"),
    "search, a wrong number": _search("1234 5676"),
    "search, too common": _search("de het een"),
    "noting a call": _path("/noteren"),
    "the state of things": _path("/toestand"),
    "noting a call, empty": _empty_report,
    "what a caller hears": _path("/teksten/telefoon"),
    "what a caller hears on a holiday": _path("/teksten/telefoon?dag=27-04-2020&tijd=10.00"),
    "what a caller hears, no moment": _path("/teksten/telefoon?dag=morgen&tijd=25.00"),
    "one spoken text": _path("/teksten/telefoon/T5"),
    "no such page": _path("/bestaat/niet"),
    "no such ticket": _path("/melding/12345675"),
    "not allowed here": _path("/afmelden"),
    "sign-in": _door,
    "sign-in, wrong": _wrong_door,
    "sign-in, with what was typed": _too_late,
    "signed in, with what was typed": _back_again,
}


@pytest.fixture(scope="module")
def numbers(browser: Browser, town: Town) -> Iterator[dict[str, str]]:
    """A desk with something of everything: ticket numbers by what they are."""
    town.set_clock(10)
    _somebody_calls(town)
    for title in (*PACES, "gesloten", "ongelezen"):
        town.office.send(_letter(title))
    with a_browser(browser, town.site.url, scripts=False) as context:
        yield _worked_on(Colleague.signed_in(context.new_page(), EMAIL, PASSWORD))


@pytest.fixture(scope="module")
def signed_in(browser: Browser, numbers: dict[str, str], town: Town) -> StorageState:
    """The cookies of somebody who signed in, for many pages at once."""
    with a_browser(browser, town.site.url, scripts=True) as context:
        return Colleague.signed_in(context.new_page(), EMAIL, PASSWORD).page.context.storage_state()


@pytest.mark.parametrize("name", VISITS)
def test_axe_finds_nothing_on(
    name: str, browser: Browser, town: Town, numbers: dict[str, str], signed_in: StorageState
) -> None:
    with a_browser(browser, town.site.url, scripts=True, state=signed_in) as context:
        page = context.new_page()
        VISITS[name](page, numbers)
        expect(page.locator("h1")).to_have_count(1)
        assert findings(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/werklijst",
        *(f"/werklijst?weergave={v}" for v in ("mijn", "vrij", "overgedragen", "afgesloten")),
        "/oproepen",
        "/terugbellen",
    ],
)
def test_axe_finds_nothing_on_an_empty_desk(path: str, browser: Browser, new_site: str) -> None:
    with a_browser(browser, new_site, scripts=True) as context:
        iris = Colleague.signed_in(context.new_page(), EMAIL, PASSWORD)
        iris.page.goto(path)
        assert iris.page.locator(".empty").count() == 1
        assert findings(iris.page) == []


def test_axe_finds_a_planted_fault(screen: Page) -> None:
    screen.goto("/aanmelden")
    screen.evaluate("document.querySelector('label').remove()")
    screen.evaluate("document.querySelector('h1').style.width = '2000px'")
    found = "\n".join(findings(screen))
    assert "label" in found
    assert "too wide" in found


def _worked_on(iris: Colleague) -> dict[str, str]:
    numbers = {title: iris.open(iris.wait_for(f"Zorg: {title}")) for title in (*PACES, "gesloten", "ongelezen")}
    numbers["ingesproken"] = iris.open(iris.wait_for("Ingesproken bericht"))
    numbers["terugbellen"] = iris.open(iris.wait_for("Terugbelverzoek"))
    numbers = {name: re.sub(r"\D", "", number) for name, number in numbers.items()}
    for pace, emergency in PACES.items():
        iris.page.goto(f"/melding/{numbers[pace]}")
        iris.claim()
        iris.rate(pace, "Zo staat het in de mail.", emergency)
        iris.categorise("Onveilige thuissituatie", "Kind onbereikbaar", area="Charlois")
    iris.hand_over("Veilig Thuis", "Sanne Verzonnen, medewerker", f"Zij bellen de school. {LONG_WORD}")
    iris.page.goto(f"/melding/{numbers['gesloten']}")
    iris.rate("Vandaag", "Eerst lezen.")
    iris.close("Advies gegeven", "De school kan zelf verder.")
    return numbers


def _somebody_calls(town: Town) -> None:
    """A wish to be called back, a message, a hang-up, and somebody after hours."""
    town.set_clock(8)
    call = town.line.dial("+31600000190")
    for keys in ("1", "0600000190#", "1"):
        call.wait_until_silent()
        call.press(keys)
    call.wait_until_over()
    town.set_clock(10)
    call = town.line.dial("+31600000190")
    call.wait_until_silent()
    call.press("0")
    call.wait_until_silent()
    call.say("Met Levi Papier, mentor. Belt u mij terug?")
    call.advance(8)
    call.hang_up()
    call.wait_until_over()
    town.line.dial("anonymous").hang_up()
    town.set_clock(19)
    town.line.dial("+31600000191").wait_until_over()
    town.line.settle()
    town.set_clock(10, days=1)


def _letter(title: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"] = f"Joris Zogenaamd <joris-{len(title)}@denkbrug.example>", ADDRESS
    letter["Subject"] = f"Zorg: {title}"
    letter["Message-ID"] = f"<axe-{title.replace(' ', '-')}@denkbrug.example>"
    letter.set_content(f"Er is thuis geen laptop. {LONG_WORD}\n\nJoris Zogenaamd\n")
    letter.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename=f"{LONG_WORD}.pdf")
    return letter
