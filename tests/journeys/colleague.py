"""What a colleague does at the desk, by the words that stand on the page and by nothing else."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Locator, Page, expect

from tests.waiting import until

NUMBER = re.compile(r"\d{4} \d{4}")


@dataclass(frozen=True)
class Colleague:
    """Somebody who signed in, with one page in front of them."""

    page: Page

    @classmethod
    def signed_in(cls, page: Page, email: str, password: str) -> Self:
        """Sign in through the door."""
        page.goto("/aanmelden")
        page.get_by_label("E-mailadres").fill(email)
        page.get_by_label("Wachtwoord").fill(password)
        follow(page.get_by_role("button", name="Aanmelden"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Alle open meldingen")
        return cls(page)

    def view(self, name: str) -> None:
        """Open one of the views of the work list."""
        self.page.goto("/werklijst")
        follow(self.page.get_by_role("navigation", name="Weergaven").get_by_role("link", name=name))

    def numbers(self, words: str) -> set[str]:
        """The numbers of the open tickets with these words."""
        self.view("Alle open")
        rows = self.page.locator("li.melding").filter(has_text=words)
        return {found[0] for text in rows.all_inner_texts() if (found := NUMBER.search(text))}

    def wait_for(self, words: str, besides: Collection[str] = ()) -> Locator:
        """The row of an open ticket with these words, once it stands there; `besides` are numbers known before."""

        def fresh() -> set[str]:
            return self.numbers(words) - set(besides)

        number = until(fresh, what=f"a ticket with {words!r}").pop()
        return self.page.locator("li.melding").filter(has_text=number)

    def open(self, row: Locator) -> str:
        """Open a ticket from its row; gives its number as people write it: "4821 7735"."""
        follow(row.get_by_role("heading").get_by_role("link"))
        written = NUMBER.search(self.page.title())
        assert written, self.page.title()
        return written[0]

    def claim(self) -> None:
        follow(self._main.get_by_role("button", name="Oppakken"))
        expect(self._told).to_contain_text("Opgepakt")

    def categorise(self, leading: str, *others: str, area: str) -> None:
        panel = _unfolded(self._panel("Categorie en gebied"))
        _choose(panel.get_by_label("Leidende categorie"), leading)
        for other in others:
            panel.get_by_role("checkbox", name=other).check()
        _choose(panel.get_by_label("Gebied"), area)
        follow(panel.get_by_role("button", name="Bewaar"))
        expect(self._told).to_contain_text("Opgeslagen")

    def rate(self, pace: str, why: str, emergency: str = "") -> None:
        panel = _unfolded(self._panel("Beoordelen"))
        panel.get_by_role("radio", name=re.compile(pace)).check(force=True)
        panel.get_by_label("Waarom?").fill(why)
        panel.get_by_label("Wie belde 112").fill(emergency)
        follow(panel.get_by_role("button", name="Beoordeel", exact=True))
        expect(self._told).to_contain_text("Beoordeeld")

    def note(self, text: str) -> None:
        panel = self._panel("Tijdlijn")
        panel.get_by_label("Notitie").fill(text)
        follow(panel.get_by_role("button", name="Zet op de tijdlijn"))
        expect(self._told).to_contain_text("notitie")
        expect(self._panel("Tijdlijn")).to_contain_text(text)

    def call_back(self, agreed: str) -> None:
        panel = _unfolded(self._panel("Terugbellen"))
        panel.get_by_label("Wat is er afgesproken?").fill(agreed)
        follow(panel.get_by_role("button", name="Zet op de tijdlijn"))
        self.reads(agreed)

    def hand_over(self, partner: str, person: str, agreed: str) -> None:
        """Give it to the first partner in the list with these words."""
        panel = _unfolded(self.page.locator("#overdracht"))
        _choose(panel.get_by_label("Aan wie?"), partner)
        panel.get_by_label("Met wie sprak u?").fill(person)
        panel.get_by_label("Wat is er afgesproken?").fill(agreed)
        follow(panel.get_by_role("button", name="Draag over"))
        self.reads(person, agreed)

    def confirm(self, who: str) -> None:
        """Write down who at the partner took it."""
        panel = self.page.locator("#overdracht")
        panel.get_by_label("Bevestigd door").fill(who)
        follow(panel.get_by_role("button", name="Overdracht is bevestigd"))
        expect(self._told).to_contain_text("bevestigd")

    def close(self, reason: str, words: str = "") -> None:
        panel = _unfolded(self._panel("Afsluiten"))
        panel.get_by_label("Waarom sluit u af?").select_option(label=reason)
        panel.get_by_label("Toelichting").fill(words)
        follow(self._main.get_by_role("button", name="Sluit de melding af"))
        expect(self._told).to_contain_text("Afgesloten")

    def reads(self, *sentences: str) -> None:
        """These sentences stand on the page."""
        for sentence in sentences:
            expect(self._main).to_contain_text(sentence)

    def tells(self, heading: str, sentence: str) -> None:
        """A sentence stands in a panel, perhaps only after a moment: then a fresh page shows it."""

        def shown() -> bool:
            self.page.reload()
            return sentence in self._panel(heading).inner_text()

        until(shown, what=f"{sentence!r} under {heading}")

    def recording(self) -> str:
        """The address of the first recording on the page, once it was fetched."""

        def source() -> str | None:
            self.page.reload()
            player = self.page.locator("audio")
            return player.first.get_attribute("src") if player.count() else None

        return until(source, what="a recording")

    def make_ticket(self, caller: str) -> None:
        """Open a ticket for the call of this number, from the page *Oproepen*."""
        row = self.page.locator("li.caller").filter(has_text=caller)
        follow(row.get_by_role("button", name="Maak melding"))

    @property
    def _main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def _told(self) -> Locator:
        return self.page.get_by_role("status")

    def _panel(self, heading: str) -> Locator:
        return self.page.get_by_role("region", name=heading, exact=True)


def follow(leads_on: Locator) -> None:
    """Click, and go on only when the next page is there: a click by itself does not wait for it."""
    with leads_on.page.expect_navigation():
        leads_on.click()


def _unfolded(panel: Locator) -> Locator:
    """A panel with its folded part open."""
    folded = panel.locator("details:not([open]) > summary")
    if folded.count():
        folded.first.click()
    return panel


def _choose(field: Locator, words: str) -> None:
    """Pick the first option with these words; a digit or a number may stand beside them."""
    option = field.locator("option").filter(has_text=words).first
    field.select_option(value=option.get_attribute("value"))
