"""The demonstration's pages: a form sends a real mail, the clock is set, and other sites can do neither."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from demo import mailbox
from demo.carrier import Carrier, VirtualClock, WsgiTransport
from demo.carrier.transport import Reply, Request, Unreachable
from demo.folder import Folder, PortTaken, check_free, free_port
from demo.people import DESK_ADDRESS, PASSWORD, STAFF, person
from demo.telephone import telephone
from demo.web import create_demo
from tests.servers.post_office import PostOffice, post_office

MONDAY = datetime(2020, 4, 20, 8, 0, tzinfo=UTC)


class _Away:
    """A network on which the desk cannot be reached."""

    def __init__(self, rest: WsgiTransport, desk: str) -> None:
        self._rest, self._desk = rest, desk

    def send(self, request: Request, connect: float, read: float) -> Reply:
        if request.url == self._desk:
            raise Unreachable("nobody there")
        return self._rest.send(request, connect, read)


@pytest.fixture
def arrived() -> list[bytes]:
    return []


@pytest.fixture
def office(arrived: list[bytes]) -> Iterator[PostOffice]:
    with post_office(DESK_ADDRESS, arrived.append) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path, office: PostOffice) -> Folder:
    return Folder(tmp_path, 8000, smtp_port=office.port)


@pytest.fixture
def browser(folder: Folder) -> FlaskClient:
    return browser_of(folder)


def browser_of(folder: Folder) -> FlaskClient:
    app = create_demo(folder)
    app.testing = True
    return app.test_client()


def test_the_start_page_has_a_door_to_telephone_mail_and_desk(browser: FlaskClient) -> None:
    page = browser.get("/").text
    assert all(f'href="{door}"' in page for door in ("/telefoon", "/mail", "/meekijken"))


def test_the_form_sends_a_real_mail_over_smtp(browser: FlaskClient, arrived: list[bytes]) -> None:
    form = {"wie": "hanna", "onderwerp": "Zorgen\r\nBcc: x@y.example", "tekst": "Sem Fictief heeft geen laptop."}
    answer = browser.post("/mail", data=form)
    assert answer.status_code == 302
    (raw,) = arrived
    assert b"From: Hanna Papier <hanna@verzonnenvos.example>" in raw
    assert b"Subject: Zorgen Bcc: x@y.example" in raw
    assert b"Sem Fictief heeft geen laptop." in raw


def test_an_answer_refers_to_the_mail_of_the_desk(folder: Folder, arrived: list[bytes]) -> None:
    mailbox.send(folder, mailbox.write(person("joris"), "Re: x", "Ja", answers="<m.1.2@meldpunt.example>"))
    assert b"In-Reply-To: <m.1.2@meldpunt.example>" in arrived[0]


def test_an_empty_mail_is_not_sent_and_the_page_says_so(browser: FlaskClient) -> None:
    page = browser.post("/mail", data={"wie": "hanna", "tekst": "  "}).text
    assert "Schrijf eerst uw bericht." in page


def test_a_mail_of_somebody_who_does_not_exist_is_not_sent(browser: FlaskClient, arrived: list[bytes]) -> None:
    assert browser.post("/mail", data={"wie": "niemand", "tekst": "Zorgen"}).status_code == 404
    assert arrived == []


def test_a_mail_server_that_is_away_keeps_what_was_typed(tmp_path: Path) -> None:
    browser = browser_of(Folder(tmp_path, 8000, smtp_port=free_port()))
    page = browser.post("/mail", data={"wie": "hanna", "tekst": "Al tien dagen geen contact."}).text
    assert "antwoordt niet" in page
    assert "Al tien dagen geen contact." in page


def test_the_clock_goes_to_a_sunday_and_back(folder: Folder, browser: FlaskClient) -> None:
    browser.post("/klok", data={"stand": "zondag"})
    assert "Het meldpunt is gesloten" in browser.get("/").text
    browser.post("/klok", data={"stand": "nu"})
    assert abs((folder.clock.now() - folder.clock.real()).total_seconds()) < 5


def test_a_time_that_is_none_is_refused(browser: FlaskClient) -> None:
    assert browser.post("/klok", data={"dag": "gisteren", "tijd": "laat"}).status_code == 400
    assert browser.post("/klok", data={"stand": "ooit"}).status_code == 400


def test_setting_the_clock_leads_back_to_a_page_of_ours_only(browser: FlaskClient) -> None:
    answer = browser.post("/klok", data={"stand": "nu", "terug": "//elders.example/"})
    assert answer.headers["Location"] == "/"


def test_the_fallback_document_is_spoken_when_the_desk_is_away(folder: Folder, browser: FlaskClient) -> None:
    assert browser.post("/terugval.xml").status_code == 404
    folder.fallback.write_text("<Response><Say>Storing.</Say></Response>")
    app = WsgiTransport(browser.application)
    nobody = f"http://127.0.0.1:{free_port()}/phone/incoming"
    line = Carrier(
        "AC0", "x", voice_url=nobody, fallback_url=f"{folder.demo_url}/terugval.xml", clock=VirtualClock(MONDAY),
        transport=_Away(app, nobody),
    )  # fmt: skip
    call = line.dial("+31600000142")
    call.wait_until_over()
    assert call.heard == ["Storing."]
    assert browser.get("/terugval.xml").mimetype == "text/xml"


def test_the_line_of_the_demonstration_knows_its_fallback(folder: Folder) -> None:
    with closing(telephone(folder)) as line:
        assert line.carrier.number.fallback_url == f"{folder.demo_url}/terugval.xml"
        assert line.carrier.number.fallback_method == "GET"


def test_another_site_can_neither_mail_nor_set_the_clock(browser: FlaskClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post("/klok", data={"stand": "nu"}, headers=elsewhere).status_code == 403
    assert browser.post("/mail", data={"tekst": "x"}, headers=elsewhere).status_code == 403
    assert browser.get("/", headers={"Host": "elders.example"}).status_code == 403


def test_looking_on_tells_who_can_sign_in(browser: FlaskClient) -> None:
    page = browser.get("/meekijken").text
    assert PASSWORD in page
    assert all(colleague.email in page for colleague in STAFF)


def test_the_demonstration_reads_no_settings_of_the_working_directory(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "settings.toml").write_text('voice = "of a real desk"\n[[mailbox]]\nurl = "imaps://desk@imap.example.nl"\n')
    folder = Folder(tmp_path / "demo", free_port())
    folder.path.mkdir()
    folder.settings.touch()
    program = "from desk.settings import load_settings as s; print(s().voice, len(s().mailboxes))"
    told = subprocess.check_output([sys.executable, "-c", program], cwd=real, env=folder.environment(), text=True)
    assert told.split() == ["Polly.Laura-Neural", "1"]


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            check_free(port)
