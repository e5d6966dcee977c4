"""The frame around every page: headers, foreign forms, faults, static files, the theme, who watches over it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app import create_app
from desk.csrf import began_here
from desk.desk import Desk
from desk.layout import STATIC, STYLES, add_strips, opening_words
from desk.person import initials
from desk.slots import fill_slots
from hours import Calendar, SpecialDay
from tests.builders import a_colleague, a_ticket, sign_in
from tests.conftest import TUESDAY, some_settings
from triage.case import find_ticket

Staff = Callable[..., FlaskClient]
OURS = {"http://127.0.0.1:8000", "https://meldpunt.example"}
POLICY_HOLES = ("unsafe", "*", "data:", "blob:", "http:")


@pytest.mark.parametrize(
    ("site", "origin", "passes"),
    [
        ("same-origin", None, True),
        ("same-origin", "https://elders.example", True),
        ("same-site", "https://meldpunt.example", False),
        ("cross-site", "https://meldpunt.example", False),
        ("none", None, False),
        (None, "https://meldpunt.example", True),
        (None, "HTTP://127.0.0.1:8000", True),
        (None, "https://meldpunt.example.elders.example", False),
        (None, "null", False),
        (None, None, False),
    ],
)
def test_a_form_counts_only_when_it_began_here(site: str | None, origin: str | None, *, passes: bool) -> None:
    assert began_here(site, origin, OURS) is passes


@pytest.mark.parametrize(
    "path", ["/aanmelden", "/afmelden", "/zoeken", "/melding/00000000/notitie", "/oproepen/afvinken"]
)
@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_is_refused(staff: Staff, path: str, headers: dict[str, str]) -> None:
    answer = staff().post(path, data={"q": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "Er is niets veranderd." in answer.text


def test_an_older_browser_is_known_by_its_origin(staff: Staff) -> None:
    assert staff().post("/zoeken", data={"q": "x"}, headers={"Origin": "http://127.0.0.1:8000"}).status_code == 200


@pytest.mark.parametrize("path", ["/aanmelden", "/werklijst", "/oproepen", "/zoeken", "/bestaat-niet", "/healthz"])
def test_every_answer_carries_the_headers_that_shut_the_page(staff: Staff, path: str) -> None:
    headers = staff().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert not [hole for hole in POLICY_HOLES if hole in policy]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_held_to_it_and_the_cookie_too(sqlite_desk: Desk, tmp_path: Path) -> None:
    settings = some_settings(sqlite_desk.settings.database_url, tmp_path, public_url="https://meldpunt.example")
    secure = Desk(settings, sqlite_desk.clock, sqlite_desk.vault, sqlite_desk.database, sqlite_desk.sender)
    app = create_app(settings, secure)
    answer = app.test_client().get("/aanmelden", base_url="https://meldpunt.example")
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-meldpunt=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_no_page_has_script_style_or_handlers_of_its_own(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    for path in (
        "/aanmelden",
        "/werklijst",
        f"/melding/{number}",
        f"/melding/{number}/beoordelen",
        "/oproepen",
        "/zoeken",
    ):
        page = iris.get(path, follow_redirects=True).text
        assert not re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", page), path


def test_every_page_has_one_heading_a_main_part_and_a_way_past_the_menu(sqlite_desk: Desk, staff: Staff) -> None:
    number, iris = a_ticket(sqlite_desk), staff()
    headings = []
    for path in (
        "/werklijst",
        "/werklijst?weergave=mijn",
        f"/melding/{number}",
        f"/melding/{number}/notitie",
        "/oproepen",
        "/zoeken",
    ):
        page = iris.get(path).text
        assert page.count("<h1") == page.count("<main") == page.count('class="skip" href="#inhoud"') == 1, path
        assert 'id="inhoud"' in page
        assert '<html lang="nl">' in page
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert sorted(ids) == sorted(set(ids)), path
        unlabelled = re.findall(
            r'<(?:input(?![^>]*type="hidden")|select|textarea)(?![^>]*(?:\sid=|aria-label=|type="(?:radio|checkbox)"))[^>]*>',
            page,
        )
        assert not unlabelled, path
        headings.append(re.findall(r"<title>(.*?)</title>", page)[0])
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/bestaat-niet", 404, "Deze pagina is er niet"),
        ("/werklijst?weergave=x", 404, ""),
        ("/werklijst?plaats=x", 404, ""),
    ],
)
def test_a_fault_is_a_page_in_dutch(staff: Staff, path: str, code: int, words: str) -> None:
    answer = staff().get(path)
    assert answer.status_code == code
    assert words in answer.text
    assert "Traceback" not in answer.text


def test_too_large_a_form_is_said_to_be_too_large(staff: Staff) -> None:
    answer = staff().post("/zoeken", data={"q": "x" * 1_100_000}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 413
    assert "Dit is te groot" in answer.text


def test_a_wrong_method_is_no_surprise(staff: Staff) -> None:
    assert staff().get("/afmelden").status_code == 405


def test_what_nobody_foresaw_is_a_page_without_a_word_about_it(sqlite_desk: Desk) -> None:
    app = create_app(sqlite_desk.settings, sqlite_desk)

    @app.get("/stuk")
    def broken() -> str:
        raise RuntimeError("Sem Fictief")

    @app.get("/bezet")
    def busy() -> str:
        raise OperationalError("select Sem Fictief", {}, Exception("database is locked"))

    @app.get("/vol")
    def full() -> str:
        raise NoConnectionFree("QueuePool limit, Sem Fictief")

    client = app.test_client()
    for path, code, words in (
        ("/stuk", 500, "Er ging iets mis bij ons"),
        ("/bezet", 503, "Het is nu te druk"),
        ("/vol", 503, "Het is nu te druk"),
    ):
        answer = client.get(path)
        assert answer.status_code == code
        assert words in answer.text
        assert "Bel 112" in answer.text
        assert "Sem" not in answer.text


def test_static_files_are_kept_for_ever_under_the_name_of_their_content(client: FlaskClient) -> None:
    page = client.get("/aanmelden").text
    links = re.findall(r'href="(/static/[^"]+\.css\?v=[0-9a-f]+)"', page)
    assert len(links) == len(STYLES)
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["/static/tokens.css", "/static/tokens.css?v=0123456789", "/static/weg.css?v=1", "/thema.css?v=1", "/static/"],
)
def test_nothing_else_is_kept_for_ever(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.headers["Cache-Control"] == ("no-cache" if answer.status_code == 200 else "no-store")


def test_every_style_sheet_is_ours_and_small_enough_to_read() -> None:
    for path in STATIC.glob("*.css"):
        text = path.read_text("utf-8")
        assert text.count("\n") < 300, path.name
        assert not re.search(r"@import|url\(|https?:", text), path.name


def test_a_gemeente_can_bring_its_own_colours(sqlite_desk: Desk, tmp_path: Path) -> None:
    theme = tmp_path / "eigen.css"
    theme.write_text(":root { --act: #123456; }")
    settings = some_settings(sqlite_desk.settings.database_url, tmp_path, theme_css=theme)
    desk = Desk(settings, sqlite_desk.clock, sqlite_desk.vault, sqlite_desk.database, sqlite_desk.sender)
    client = create_app(settings, desk).test_client()
    page = client.get("/aanmelden").text
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert sheets[-1].startswith("/thema.css?v=")
    answer = client.get(sheets[-1])
    assert (answer.mimetype, answer.text) == ("text/css", ":root { --act: #123456; }")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/thema.css?v=0123456789").headers["Cache-Control"] == "no-store"


def test_without_a_theme_there_is_none(client: FlaskClient) -> None:
    assert "thema.css" not in client.get("/aanmelden").text
    assert client.get("/thema.css").status_code == 404


def test_whoever_watches_asks_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready\n")


def test_a_desk_without_tables_is_alive_but_not_ready(sqlite_desk: Desk, tmp_path: Path) -> None:
    from desk.database import Database

    empty = Database(f"sqlite:///{tmp_path}/leeg.db", sqlite_desk.vault, sqlite_desk.clock)
    desk = Desk(sqlite_desk.settings, sqlite_desk.clock, sqlite_desk.vault, empty, sqlite_desk.sender)
    client = create_app(desk.settings, desk).test_client()
    assert client.get("/healthz").status_code == 200
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (503, "WrongDatabase\n")
    empty.close()


@pytest.mark.parametrize(
    ("name", "letters"), [("Iris Bedacht", "IB"), ("Bas van den Verzonnen", "BV"), ("Cher", "C"), ("", "?")]
)
def test_a_name_has_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_frame_says_until_when_or_from_when(staff: Staff) -> None:
    assert "Open tot 17.00 uur" in staff().get("/werklijst").text
    closed = Calendar(special_days=(SpecialDay(TUESDAY.date(), ()),))
    assert opening_words(closed, TUESDAY) == "Gesloten, weer open morgen 9.00 uur"
    assert opening_words(Calendar(weekly=((),) * 7), TUESDAY) == "Gesloten"


def test_behind_a_proxy_the_address_of_the_person_counts(sqlite_desk: Desk, tmp_path: Path) -> None:
    settings = some_settings(sqlite_desk.settings.database_url, tmp_path, trusted_proxies=1)
    desk = Desk(settings, sqlite_desk.clock, sqlite_desk.vault, sqlite_desk.database, sqlite_desk.sender)
    app = create_app(settings, desk)

    @app.get("/wie")
    def who() -> str:
        from flask import request

        return f"{request.remote_addr} {request.host_url}"

    headers = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "meldpunt.example"}
    assert app.test_client().get("/wie", headers=headers).text == "192.0.2.7 https://meldpunt.example/"


def test_a_slot_is_filled_by_one_part_only(app: Flask, sqlite_desk: Desk) -> None:
    with pytest.raises(ValueError, match="twice"):
        fill_slots(app, {"handover": lambda _session, _row: Markup()})


def test_a_slot_shows_what_a_part_draws(sqlite_desk: Desk) -> None:
    app = create_app(sqlite_desk.settings, sqlite_desk)
    app.testing = True
    fill_slots(app, {"hint": lambda _session, ticket: Markup("<p>{}</p>").format(f"zie <1> bij {ticket.number}")})
    number = a_ticket(sqlite_desk)
    with sqlite_desk.database.reading() as session:
        ticket = find_ticket(session, number)
        drawn = app.jinja_env.from_string('{{ slot("hint", ticket) }}{{ slot("empty", ticket) }}').render(ticket=ticket)
    assert drawn == f"<p>zie &lt;1&gt; bij {number}</p>"


def test_a_strip_stands_above_every_page_for_whoever_is_signed_in(sqlite_desk: Desk) -> None:
    app = create_app(sqlite_desk.settings, sqlite_desk)
    app.testing = True
    add_strips(app, [lambda _session, person: Markup("<p>{}</p>").format(f"dag <{person.name}>")])
    iris = sign_in(app.test_client(), a_colleague(sqlite_desk))
    for path in ("/werklijst", "/oproepen", "/zoeken"):
        assert "<p>dag &lt;Iris Bedacht&gt;</p>" in iris.get(path).text
