"""Scene 1: a school principal phones, the father comes at twelve. Two colleagues, in browsers with scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.colleague import Colleague, follow
from tests.journeys.conftest import Town
from tests.journeys.on_the_line import PHONE, answers, over, stops, strip, takes_the_telephone, wants_a_person

pytestmark = pytest.mark.browser
NOTE, KEPT = "Wat vertelt de beller?", "#bewaard"


def test_the_father_comes_at_twelve(town: Town, live_iris: Page, lotte: Page) -> None:
    iris = live_iris
    takes_the_telephone(iris)
    for page in (iris, lotte):
        page.goto("/werklijst")
    iris.keyboard.press("p")
    expect(strip(iris)).to_contain_text("U: pauze")
    expect(strip(lotte)).to_contain_text("Iris: pauze")  # without asking

    call = wants_a_person(town, "+31600000142")
    expect(strip(lotte)).to_contain_text("06 - 0000 0142 wacht sinds")
    answers(town)
    strip(iris).get_by_role("button", name="Neem deze beller").click()
    expect(iris).to_have_url(re.compile("/gesprek/"))  # nobody was typing
    expect(iris.get_by_role("main")).to_contain_text("Neem uw telefoon op en toets 1.")
    expect(strip(lotte)).to_contain_text("Iris Bedacht nam deze beller")
    call.advance(30)
    expect(strip(lotte)).to_contain_text("in gesprek met Iris Bedacht")
    expect(iris.get_by_role("main")).to_contain_text("in gesprek met Iris Bedacht")  # without asking
    expect(iris.get_by_role("main")).not_to_contain_text("Neem uw telefoon op")

    for question, answer in {
        "Waar is het kind?": "In de klas, bij juf Anne",
        "Wie is erbij?": "De intern begeleider",
        "Wat gebeurt er straks?": "Vader komt haar halen",
        "Hoe laat gebeurt dat?": "12.00",
        NOTE: "Zij (9) zegt dat vader slaat.",
    }.items():
        iris.get_by_label(question).fill(answer)
    expect(iris.locator(KEPT)).to_have_text(re.compile(r"Bewaard 10\.\d\d"))
    strip(lotte).get_by_role("link", name="Kijk mee").click()
    expect(lotte.get_by_role("main")).to_contain_text("Zij (9) zegt dat vader slaat.")
    iris.reload()
    expect(iris.get_by_label(NOTE)).to_have_value("Zij (9) zegt dat vader slaat.")

    iris.get_by_label("Wie belde 112").fill("de directeur om 10.05")
    iris.get_by_role("radio", name=re.compile("Acuut")).check(force=True)
    iris.get_by_label("In een paar woorden").fill("Vader komt haar om twaalf uur halen")
    over(town, call)
    expect(strip(iris)).to_contain_text("nog niet vastgelegd")
    follow(iris.get_by_role("button", name="Maak melding"))
    for sentence in ("Om 12.00 uur: Vader komt haar halen.", "112: de directeur om 10.05", "Acuut", "Bij u sinds"):
        expect(iris.get_by_role("main")).to_contain_text(sentence)
    stops(iris)


def test_a_lost_connection_loses_no_word(town: Town, live_iris: Page) -> None:
    iris = live_iris
    takes_the_telephone(iris)
    answers(town)
    call = wants_a_person(town, "+31600000143", wait=20)
    follow(strip(iris).get_by_role("link", name="Open het gesprek"))
    note, kept = iris.get_by_label(NOTE), iris.locator(KEPT)
    iris.context.set_offline(True)
    note.press_sequentially("Geen verbinding, wel tekst.")
    expect(kept).to_have_text("Niet bewaard: geen verbinding. Uw tekst staat hier nog.")
    iris.context.set_offline(False)
    expect(kept).to_have_text(re.compile("^Bewaard "))
    iris.reload()
    expect(note).to_have_value("Geen verbinding, wel tekst.")
    over(town, call)
    iris.get_by_label("Geen melding, want").fill("Verkeerd verbonden")
    follow(iris.get_by_role("button", name="Geen melding"))
    stops(iris)


def test_whoever_reloads_right_after_a_word_still_has_it(town: Town, live_iris: Page) -> None:
    iris = live_iris
    takes_the_telephone(iris)
    answers(town)
    call = wants_a_person(town, "+31600000185", wait=20)
    follow(strip(iris).get_by_role("link", name="Open het gesprek"))
    note = iris.get_by_label(NOTE)
    for words in ("Het kind", "Het kind is niet op school."):
        note.fill(words)
        iris.reload()
        expect(note).to_have_value(words)
    note.fill("Het kind is niet op school. Nu wel.")
    iris.goto("/werklijst")
    iris.go_back()
    expect(note).to_have_value("Het kind is niet op school. Nu wel.")
    over(town, call)
    iris.get_by_label("Geen melding, want").fill("Verkeerd verbonden")
    follow(iris.get_by_role("button", name="Geen melding"))
    stops(iris)


def test_a_colleague_who_takes_over_is_seen_at_the_next_word(town: Town, live_iris: Page, lotte: Page) -> None:
    iris = live_iris
    takes_the_telephone(iris)
    answers(town)
    call = wants_a_person(town, "+31600000144", wait=20)
    follow(strip(iris).get_by_role("link", name="Open het gesprek"))
    iris.get_by_label(NOTE).fill("De moeder belt.")
    expect(iris.locator(KEPT)).to_have_text(re.compile("^Bewaard "))
    lotte.goto(iris.url)
    follow(lotte.get_by_role("button", name="Neem over"))
    expect(lotte.get_by_label(NOTE)).to_have_value("De moeder belt.")
    iris.get_by_label(NOTE).fill("De moeder belt. En nog iets.")
    expect(iris.locator(KEPT)).to_contain_text("Lotte Denkbeeld nam dit gesprek over.")
    expect(iris.get_by_label(NOTE)).to_have_value("De moeder belt. En nog iets.")
    over(town, call)
    lotte.get_by_label("In een paar woorden").fill("Moeder belde")
    follow(lotte.get_by_role("button", name="Maak melding"))
    stops(iris)


def test_all_of_it_works_without_scripts(town: Town, iris: Colleague) -> None:
    page = iris.page
    takes_the_telephone(page)
    follow(strip(page).get_by_role("button", name="Pauze"))
    call = wants_a_person(town, "+31600000145")
    answers(town, PHONE)
    page.reload()
    follow(strip(page).get_by_role("button", name="Neem deze beller"))
    call.advance(30)
    page.reload()
    page.get_by_label(NOTE).fill("Het kind is niet op school.")
    follow(page.get_by_role("button", name="Bewaar"))
    expect(page.get_by_role("status")).to_contain_text("Bewaard.")
    page.get_by_label("In een paar woorden").fill("Kind niet op school")
    follow(page.get_by_role("button", name="Maak melding"))
    iris.reads("Het kind is niet op school.", "Bij u sinds")
    over(town, call)
    stops(page)
