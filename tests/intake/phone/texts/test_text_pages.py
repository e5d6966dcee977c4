"""*Wat hoort een beller?*: the script for everybody, and what a coordinator does to a text."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.audit import AuditLine
from desk.desk import Desk
from desk.documents import Document, write
from intake.phone.texts.prompts import SEED, read_prompts
from intake.phone.texts.wording import texts_now
from routing.closed import texts_of
from routing.texts import read_texts
from tests.builders import closed_for_good
from tests.intake.phone.files import a_wav
from tests.intake.phone.line import a_line
from tests.source import ROOT

Staff = Callable[..., FlaskClient]
PAGE = "/teksten/telefoon"
OWN = {"Sec-Fetch-Site": "same-origin"}
SHIPPED = read_prompts(SEED.read_text("utf-8")).texts
WAITING = SHIPPED["T4"].replace("Al onze medewerkers", "Alle collega’s")


@pytest.fixture
def cor(staff: Staff) -> FlaskClient:
    """A coordinator."""
    return staff("Cor Verzonnen", "coordinator")


def send(client: FlaskClient, code: str, **form: str) -> TestResponse:
    return client.post(f"{PAGE}/{code}", data={"versie": "1"} | form, headers=OWN)


def upload(client: FlaskClient, code: str, content: bytes, bij: str | None = None) -> TestResponse:
    """Send a recording with the form as the page has it."""
    mark = re.search(r'name="bij" value="(\w+)"', client.get(f"{PAGE}/{code}").text)
    form = {"bij": bij or (mark[1] if mark else ""), "opname": (io.BytesIO(content), "opname.wav")}
    answer = client.post(f"{PAGE}/{code}/opname", data=form, headers=OWN)
    answer.request.environ["wsgi.input"].close()  # a large form stands in a file, which the test client leaves open
    return answer


def in_force(desk: Desk, code: str) -> str:
    with desk.database.reading() as session:
        return texts_now(session)[code]


def audited(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.database.reading() as session:
        lines = session.scalars(select(AuditLine).where(AuditLine.object.startswith("text:")).order_by(AuditLine.n))
        return [(line.action, line.object, line.result) for line in lines]


def test_everybody_sees_every_text_and_where_the_keys_lead(staff: Staff) -> None:
    page = staff().get(PAGE).text
    for code in SHIPPED:
        assert f'id="{code}"' in page
    assert "Blijf aan de lijn." in page
    assert '<span class="filled">vandaag om vijf uur</span>' in page
    assert "Nu: dinsdag 14 april 2020 om 10.00 uur" in page
    assert 'aria-current="page"' in page


def test_one_can_ask_about_any_moment(staff: Staff) -> None:
    page = staff().get(f"{PAGE}?dag=27-04-2020&tijd=10").text
    assert "Maandag 27 april 2020 om 10.00 uur" in page
    assert "Wij zijn gesloten: het is Koningsdag." in page
    assert "uiterlijk morgen om twaalf uur" in page
    assert 'value="2020-04-27"' in page


def test_what_is_no_moment_is_asked_again_with_what_was_typed(staff: Staff) -> None:
    answer = staff().get(f"{PAGE}?dag=straks<b>&tijd=25")
    assert answer.status_code == 422
    assert "Vul een datum in" in answer.text
    assert "straks&lt;b&gt;" in answer.text
    assert "<title>Fout: " in answer.text


def test_a_desk_without_opening_hours_is_an_alarm_and_no_fault(staff: Staff, sqlite_desk: Desk) -> None:
    closed_for_good(sqlite_desk)
    answer = staff().get(PAGE)
    assert answer.status_code == 200
    assert "Er staan geen openingstijden in de kalender." in answer.text


def test_a_colleague_reads_and_changes_nothing(staff: Staff, sqlite_desk: Desk) -> None:
    iris = staff()
    assert "Bekijk de wijziging" not in iris.get(f"{PAGE}/T4").text
    answers = [
        send(iris, "T4", tekst=WAITING, zet="1"),
        upload(iris, "T1", a_wav()),
        iris.post(f"{PAGE}/T1/opname/intrekken", headers=OWN),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert "Dit kan alleen een coördinator" in answers[0].text
    assert in_force(sqlite_desk, "T4") == SHIPPED["T4"]
    assert not audited(sqlite_desk)


def test_a_change_is_shown_before_it_is_made(cor: FlaskClient, sqlite_desk: Desk) -> None:
    answer = send(cor, "T4", tekst=WAITING)
    assert answer.status_code == 200
    assert "<del>Al onze medewerkers</del>" in answer.text
    assert "<ins>Alle collega’s</ins>" in answer.text
    assert in_force(sqlite_desk, "T4") == SHIPPED["T4"]


def test_a_text_in_force_is_heard_in_the_next_call_and_says_who_wrote_it(cor: FlaskClient, sqlite_desk: Desk) -> None:
    greeting = SHIPPED["T1"].replace("Meldpunt", "Het Meldpunt")
    assert send(cor, "T1", tekst=f"  {greeting}\n", zet="1").status_code == 303
    assert a_line(sqlite_desk).dial().said[0] == greeting
    page = cor.get(f"{PAGE}/T1").text
    assert "De nieuwe tekst klinkt vanaf het volgende gesprek." in page
    assert "Gewijzigd door Cor Verzonnen, vandaag 10.00 uur" in page
    assert "Zo geleverd met het meldpunt" in page, "the earlier text is still to be read"
    assert audited(sqlite_desk) == [("change_text", "text:T1", "document:prompts:2")]
    with sqlite_desk.database.reading() as session:
        body = session.scalars(select(Document.body).where(Document.name == "prompts", Document.version == 2)).one()
    assert read_prompts(body).texts == {**SHIPPED, "T1": greeting}
    assert read_prompts(body).promises == read_prompts(SEED.read_text("utf-8")).promises


def test_a_blank_that_was_left_out_is_still_offered(cor: FlaskClient, sqlite_desk: Desk) -> None:
    send(cor, "T8", tekst=in_force(sqlite_desk, "T8").replace("{reden}", ""), zet="1")
    assert "<dt>{reden}</dt>" in cor.get(f"{PAGE}/T8").text


def test_a_blank_that_a_text_holds_twice_is_explained_once(cor: FlaskClient, sqlite_desk: Desk) -> None:
    send(cor, "T10", tekst=f"{in_force(sqlite_desk, 'T10')} Ik herhaal: tot {{sluitingstijd}}.", zet="1")
    assert cor.get(f"{PAGE}/T10").text.count("<dt>{sluitingstijd}</dt>") == 1


def test_the_text_of_a_closed_desk_is_changed_in_the_same_way(cor: FlaskClient, sqlite_desk: Desk) -> None:
    closed = in_force(sqlite_desk, "T8")
    assert send(cor, "T8", tekst=closed.replace("Ik herhaal", "Nog een keer"), zet="1").status_code == 303
    assert "Nog een keer: nul achthonderd" in in_force(sqlite_desk, "T8")
    assert audited(sqlite_desk) == [("change_text", "text:T8", "document:texts:2")]
    with sqlite_desk.database.reading() as session:
        letters, before = texts_of(session), read_texts((ROOT / "routing/texts.toml").read_text("utf-8"))
    assert {code: letters[code] for code in ("M1", "M2", "M4")} == {code: before[code] for code in ("M1", "M2", "M4")}


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        ("T4", "", "Schrijf op wat de beller hoort."),
        ("T4", "Wacht even.", "De beller kan hier 9 kiezen. Schrijf: Kies 9."),
        ("T4", "Kies 9 of kies 5.", "Toets 5 doet hier niets."),
        ("T5", "Kies 9.", "Zet {uiterlijk} in de tekst. Daar zeggen wij bijvoorbeeld: vandaag om vijf uur."),
        ("T14", "Dank u {naam}.", "{naam} kunnen wij hier niet invullen."),
        ("T1", "Welkom bij het meldpunt.", "binnen acht seconden horen: bel één, één, twee"),
        ("T14", "Dank u. " * 300, "Dit is te lang: hooguit 1.500 tekens."),
        ("T14", SHIPPED["T14"], "Dit is de tekst die er al was."),
        ("T8", "Hang op en bel één, één, twee.", "Zet {dag} in de tekst."),
        ("T8_keuze", "Wij bellen u terug.", "De beller kan hier 1 kiezen. Schrijf: Kies 1."),
    ],
)
def test_a_text_that_no_caller_can_use_is_not_taken(
    cor: FlaskClient, sqlite_desk: Desk, code: str, text: str, said: str
) -> None:
    answer = send(cor, code, tekst=text, zet="1")
    assert answer.status_code == 422
    assert said in answer.text
    assert not audited(sqlite_desk)


def test_nobody_overwrites_what_a_colleague_wrote_meanwhile(cor: FlaskClient, sqlite_desk: Desk) -> None:
    send(cor, "T4", tekst=WAITING, zet="1")
    answer = send(cor, "T4", tekst=WAITING.replace("zo snel mogelijk", "zo"), zet="1")
    assert answer.status_code == 409
    assert "Een collega veranderde deze tekst intussen." in answer.text
    assert "<ins>zo.</ins>" in answer.text, "what was typed is kept, beside the newest text"
    assert in_force(sqlite_desk, "T4") == WAITING


def test_a_change_of_another_text_is_in_nobodys_way(cor: FlaskClient, sqlite_desk: Desk) -> None:
    send(cor, "T4", tekst=WAITING, zet="1")
    assert send(cor, "T14", tekst="Dank u wel.", zet="1").status_code == 303
    assert (in_force(sqlite_desk, "T4"), in_force(sqlite_desk, "T14")) == (WAITING, "Dank u wel.")


def test_a_form_that_was_made_up_overwrites_nothing(cor: FlaskClient, sqlite_desk: Desk) -> None:
    for version in ("77", "x", "-1"):
        assert send(cor, "T4", tekst=WAITING, zet="1", versie=version).status_code == 409
    assert in_force(sqlite_desk, "T4") == SHIPPED["T4"]


def test_texts_that_were_written_before_there_were_others_can_be_changed(cor: FlaskClient, sqlite_desk: Desk) -> None:
    with sqlite_desk.database.writing() as session:
        write(session, "prompts", f'[texts]\nT1 = "{SHIPPED["T1"]}"\n', "seed")
    assert send(cor, "T4", tekst=WAITING, zet="1", versie="2").status_code == 303
    assert in_force(sqlite_desk, "T4") == WAITING
    assert in_force(sqlite_desk, "T5") == SHIPPED["T5"]


def test_a_recording_is_played_to_callers_and_can_be_withdrawn(cor: FlaskClient, sqlite_desk: Desk) -> None:
    assert upload(cor, "T1", a_wav(7)).status_code == 303
    page = cor.get(f"{PAGE}/T1").text
    assert "Bellers horen een opname van 7 seconden." in page
    (source,) = re.findall(r'<audio[^>]* src="([^"]+)"', page)
    assert cor.get(source).data == a_wav(7)
    assert SHIPPED["T1"] not in a_line(sqlite_desk).dial().said
    assert cor.post(f"{PAGE}/T1/opname/intrekken", headers=OWN).status_code == 303
    assert a_line(sqlite_desk).dial().said[0] == SHIPPED["T1"]
    again = cor.post(f"{PAGE}/T1/opname/intrekken", headers=OWN, follow_redirects=True)
    assert "Er was geen opname meer." in again.text
    actions = [("record_text", "text:T1", "document:sounds:2"), ("withdraw_recording", "text:T1", "document:sounds:3")]
    assert audited(sqlite_desk) == actions


def test_a_recording_falls_out_of_use_when_its_text_changes(cor: FlaskClient) -> None:
    upload(cor, "T1", a_wav(7))
    greeting = SHIPPED["T1"].replace("Meldpunt", "Het Meldpunt")
    assert "De opname past niet bij de nieuwe tekst." in send(cor, "T1", tekst=greeting).text
    send(cor, "T1", tekst=greeting, zet="1")
    assert "Er is een opname van een eerdere tekst." in cor.get(f"{PAGE}/T1").text
    assert "De opname past niet meer bij de tekst" in cor.get(PAGE).text


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "Kies een geluidsbestand."),
        (b"<html>", 422, "Dit is geen heel WAV- of MP3-bestand."),
        (a_wav(181, 4000), 422, "Deze opname is te lang"),
        (b"\0" * 5_000_001, 422, "Dit bestand is te groot"),
        (b"\0" * 10_000_001, 413, "Dit bestand is te groot"),
    ],
)
def test_a_file_that_cannot_be_played_is_refused_with_its_reason(
    cor: FlaskClient, sqlite_desk: Desk, content: bytes, status: int, said: str
) -> None:
    answer = upload(cor, "T1", content)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert not audited(sqlite_desk)


@pytest.mark.parametrize("code", ["T1", "T5", "T8", "T11", "T12"])
def test_a_recording_of_other_words_is_never_put_in_force(cor: FlaskClient, sqlite_desk: Desk, code: str) -> None:
    answer = upload(cor, code, a_wav(), bij="0" * 64)
    assert answer.status_code == 409
    assert "Maak een opname van de tekst die er nu staat." in answer.text
    assert not audited(sqlite_desk)


def test_a_text_that_is_not_there_is_a_page_that_is_not_there(cor: FlaskClient) -> None:
    assert cor.get(f"{PAGE}/T99").status_code == 404
