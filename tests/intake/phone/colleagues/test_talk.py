"""*Gesprek*: what is typed during a call is kept, and becomes a ticket, an addition, or neither; exactly once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.audit import AuditLine
from intake.phone.colleagues.draft import draft_of
from intake.phone.models import Call
from tests.builders import a_colleague, a_ticket, sign_in, ticket_of
from tests.fakes import FixedClock
from tests.intake.phone.desk_side import DeskSide
from tests.triage.pages import OURS, do, send, words_of
from triage.models import Contact
from triage.number import spaced
from triage.values import Outcome, Urgency

STORY = {"verhaal": "Directeur belt: vader komt haar halen.", "titel": "Vader komt haar halen"}
JSON = {"Accept": "application/json"}


def keeps(client: FlaskClient, url: str, version: int, **words: str) -> TestResponse:
    """What the page sends by itself while somebody types."""
    return client.post(f"{url}/bewaar", data={"versie": str(version), **words}, headers=OURS | JSON)


@pytest.fixture
def iris(side: DeskSide) -> FlaskClient:
    client = side.colleague()
    side.pause("Iris Bedacht")
    return client


def ends(client: FlaskClient, url: str, how: str, version: int = 0, **words: str) -> TestResponse:
    return send(client, f"{url}/{how}", {"versie": str(version), **words})


def test_what_is_typed_is_there_after_a_reload(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    page = words_of(iris.get(url))
    for sentence in ("112", "0800-2000", "Waar is het kind?", "Wie belt 112?", "Vraag het rechtstreekse nummer."):
        assert sentence in page
    answer = keeps(iris, url, 0, verhaal="De vader komt om twaalf uur.", waar="in de klas")
    assert answer.json == {"version": 1, "said": "Bewaard 10.00"}
    again = iris.get(url).text
    assert "De vader komt om twaalf uur." in again
    assert 'value="in de klas"' in again
    assert 'name="versie" value="1"' in again


def test_two_tabs_do_not_overwrite_each_other(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    assert keeps(iris, url, 0, verhaal="Eerste venster").status_code == 200
    late = keeps(iris, url, 0, verhaal="Tweede venster")
    assert (late.status_code, late.json["newer"]) == (409, "Eerste venster")  # type: ignore[index]
    assert "in een ander venster typte u verder" in late.text
    page = ends(iris, url, "melding", 0, verhaal="Tweede venster", titel="Zorg")
    assert page.status_code == 409
    assert "Tweede venster" in page.text
    assert "Eerste venster" in page.text
    assert not side.line.tickets()


def test_a_colleague_reads_along_and_takes_over(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    keeps(iris, url, 0, verhaal="De vader staat aan het hek.")
    lotte = side.colleague("Lotte Denkbeeld", None)
    page = lotte.get(url)
    assert "Iris Bedacht schrijft" in words_of(page)
    assert "De vader staat aan het hek." in page.text
    assert "<textarea" not in page.text
    assert keeps(lotte, url, 1, verhaal="Stiekem").status_code == 409
    assert send(lotte, f"{url}/overnemen", {}).status_code == 303
    assert "<textarea" in lotte.get(url).text
    refused = keeps(iris, url, 1, verhaal="De vader staat aan het hek en")
    assert refused.status_code == 409
    assert "Lotte Denkbeeld nam dit gesprek over" in refused.text
    late = ends(iris, url, "melding", 1, verhaal="Nog een zin van Iris.", titel="Zorg")
    assert late.status_code == 409
    assert "U typte dit." in words_of(late)
    assert "Nog een zin van Iris." in late.text


def test_the_talk_becomes_one_ticket_however_often_it_is_sent(
    side: DeskSide, iris: FlaskClient, clock: FixedClock
) -> None:
    call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    clock.advance(timedelta(minutes=12))
    call.hang_up()
    assert side.line.contact().outcome is Outcome.ANSWERED
    assert side.line.contact().to_tick_off
    words = STORY | {
        "waar": "op school", "naam": "Hanna Papier", "organisatie": "De Verzonnen Vos", "telefoon": "0600000142",
        "hoe-snel": "acute", "gebeld": "de directeur om 10.05", "leidend": "cat2", "gebied": "Charlois",
        "doorverbonden": "Anke van 14 010",
    }  # fmt: skip
    places = {ends(iris, url, "melding", version, **words).headers["Location"] for version in (0, 0, 1)}
    (ticket,) = side.line.tickets()
    assert places == {f"/melding/{ticket.number}"}
    assert ticket.urgency is Urgency.ACUTE
    contact = side.line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.ticket_id) == (Outcome.ANSWERED, False, ticket.id)
    page = words_of(iris.get(f"/melding/{ticket.number}"))
    for sentence in (
        "Waar is het kind? op school", "Directeur belt", "Hanna Papier", "112: de directeur om 10.05", "Bij u sinds",
        "Sprak met de beller van 10.00 tot 10.12 uur. Doorverbonden door Anke van 14 010.",
    ):  # fmt: skip
        assert sentence in page, sentence
    assert page.count("Sprak met de beller") == 1
    assert iris.get(url).headers["Location"] == f"/melding/{ticket.number}"


def test_what_was_typed_after_the_ticket_was_made_is_a_note(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    ends(iris, url, "melding", 0, **STORY)
    later = STORY | {"verhaal": "Toch nog iets: oma weet ervan."}
    assert [ends(iris, url, "melding", 0, **later).status_code for _ in range(2)] == [303, 303]
    (ticket,) = side.line.tickets()
    assert words_of(iris.get(f"/melding/{ticket.number}")).count("oma weet ervan") == 1


def test_a_ticket_made_during_the_call_stays_when_it_ends(side: DeskSide, iris: FlaskClient) -> None:
    call, id_ = side.taken(iris)
    ends(iris, f"/gesprek/{id_}", "melding", 0, **STORY)
    call.hang_up()
    contact = side.line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ANSWERED, False)
    assert len(side.line.tickets()) == 1


def test_what_is_missing_is_said_beside_what_was_typed(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    answer = ends(iris, url, "melding", 0, verhaal="Een verhaal", **{"hoe-snel": "acute"})
    assert answer.status_code == 422
    page = words_of(answer)
    assert "Schrijf in een paar woorden waar het om gaat." in page
    assert "Schrijf op wie 112 belde" in page
    assert "Een verhaal" in answer.text
    assert "Een verhaal" in iris.get(url).text  # it is kept all the same
    assert "Dit is te lang" in words_of(ends(iris, url, "melding", 1, **(STORY | {"waar": "x" * 501})))
    assert keeps(iris, url, 1, waar="x" * 501).status_code == 422
    assert ends(iris, url, "geen", 1, verhaal="Een verhaal").status_code == 422
    assert "Er is geen melding met dit nummer." in words_of(ends(iris, url, "erbij", 2, ander="1234 5678", **STORY))
    assert not side.line.tickets()


def test_the_talk_joins_a_ticket_that_is_there(side: DeskSide, iris: FlaskClient) -> None:
    number = a_ticket(side.desk)
    _call, id_ = side.taken(iris)
    url = f"/gesprek/{id_}"
    for _ in range(2):
        answer = ends(iris, url, "erbij", 0, verhaal="De school belt over Sem.", ander=spaced(number))
        assert answer.headers["Location"] == f"/melding/{number}"
    page = words_of(iris.get(f"/melding/{number}"))
    assert page.count("De school belt over Sem.") == 1
    assert ticket_of(side.desk, number).news_since is not None
    assert len(side.line.tickets()) == 1


def test_a_keyed_number_is_offered(side: DeskSide, iris: FlaskClient) -> None:
    number = a_ticket(side.desk)
    call = side.line.dial()
    call.press("1")
    call.press(number)
    call.wait_round()
    (made,) = side.line.calls()
    send(iris, f"/telefoon/neem/{made.id}", {})
    call.wait_round()
    call.leave()
    side.talks(call)
    page = words_of(iris.get(f"/gesprek/{made.id}"))
    assert f"Hoort bij melding {spaced(number)}" in page
    assert "Vertel niets tot die kloppen." in page
    assert (
        ends(iris, f"/gesprek/{made.id}", "erbij", 0, nummer=number, verhaal="Vraagt hoe het gaat.").status_code == 303
    )


def test_no_ticket_needs_a_reason_and_leaves_the_lists(side: DeskSide, iris: FlaskClient) -> None:
    call, id_ = side.taken(iris)
    call.hang_up()
    for _ in range(2):
        answer = ends(iris, f"/gesprek/{id_}", "geen", 0, verhaal="Zocht de gemeente.", waarom="Verkeerd verbonden")
        assert answer.headers["Location"] == "/oproepen"
    contact = side.line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ANSWERED, False)
    with side.desk.database.reading() as session:
        kept = session.get_one(Contact, id_)
        assert (kept.tick_off_reason, kept.text) == ("Verkeerd verbonden", "Zocht de gemeente.")
    assert "Vastgelegd: geen melding. Verkeerd verbonden" in words_of(iris.get(f"/gesprek/{id_}"))


def test_it_may_be_said_before_the_caller_hangs_up(side: DeskSide, iris: FlaskClient) -> None:
    call, id_ = side.taken(iris)
    ends(iris, f"/gesprek/{id_}", "geen", 0, waarom="Verkeerd verbonden")
    call.hang_up()
    contact = side.line.contact()
    assert (contact.outcome, contact.to_tick_off) == (Outcome.ANSWERED, False)


@pytest.mark.parametrize("how", ["melding", "geen"])
def test_an_earlier_hang_up_of_the_same_caller_goes_along(
    side: DeskSide, iris: FlaskClient, clock: FixedClock, how: str
) -> None:
    first = side.line.dial(From="+31600000177")
    clock.advance(timedelta(seconds=9))
    first.hang_up()
    other = side.line.dial(From="+31600000178")
    other.hang_up()
    clock.advance(timedelta(minutes=5))
    _call, id_ = side.taken(iris, From="+31600000177")
    assert "hing eerder op, na de zin over 112: 10.00 uur" in words_of(iris.get(f"/gesprek/{id_}"))
    ends(iris, f"/gesprek/{id_}", how, 0, waarom="Een vraag", **STORY)
    still = [each.provider_ref for each in side.line.contacts() if each.to_tick_off]
    assert still == [other.sid]
    joined = [each for each in side.line.contacts() if each.provider_ref == first.sid]
    assert (joined[0].ticket_id is not None) == (how == "melding")


def test_withheld_callers_are_different_people(side: DeskSide, iris: FlaskClient) -> None:
    side.line.dial(From="anonymous").hang_up()
    _call, id_ = side.taken(iris, From="anonymous")
    ends(iris, f"/gesprek/{id_}", "melding", 0, **STORY)
    assert sum(each.to_tick_off for each in side.line.contacts()) == 1


def test_until_it_is_written_down_the_talk_stands_on_every_page(side: DeskSide, iris: FlaskClient) -> None:
    call, id_ = side.taken(iris)
    call.hang_up()
    assert "gesproken door Iris Bedacht om 10.00, nog niet vastgelegd" in words_of(iris.get("/werklijst"))
    assert f'href="/gesprek/{id_}"' in iris.get("/werklijst").text
    ends(iris, f"/gesprek/{id_}", "melding", 0, **STORY)
    assert "nog niet vastgelegd" not in words_of(iris.get("/werklijst"))


def test_a_call_that_nobody_answered_has_no_such_screen(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.waiting()
    assert iris.get(f"/gesprek/{id_}").headers["Location"] == "/telefoon"
    assert "niet met iemand van ons verbonden" in words_of(iris.get("/telefoon"))
    assert iris.get(f"/gesprek/{UUID(int=0)}").status_code == 404
    assert keeps(iris, f"/gesprek/{id_}", 0, verhaal="x").status_code == 404


def test_what_is_typed_is_sealed_and_reading_it_is_written_down(side: DeskSide, iris: FlaskClient) -> None:
    _call, id_ = side.taken(iris)
    keeps(iris, f"/gesprek/{id_}", 0, verhaal="Verzonnen geheim")
    iris.get(f"/gesprek/{id_}")
    with side.desk.database.reading() as session:
        call = session.get_one(Call, id_)
        assert draft_of(call).get("verhaal") == "Verzonnen geheim"
        assert b"geheim" not in (call.draft_sealed or b"")
        read = select(AuditLine.n).where(AuditLine.action == "read", AuditLine.object == f"contact:{id_}")
        assert session.scalars(read).all()


def test_what_happens_at_twelve_comes_before_the_ladder(side: DeskSide, iris: FlaskClient, clock: FixedClock) -> None:
    _call, id_ = side.taken(iris)
    words = STORY | {"moment": "12.00", "wat": "vader komt", "hoe-snel": "today"}
    ends(iris, f"/gesprek/{id_}", "melding", 0, **words)
    (ticket,) = side.line.tickets()
    assert ticket.due_at == clock.now() + timedelta(hours=2)
    assert "Om 12.00 uur: vader komt." in words_of(iris.get(f"/melding/{ticket.number}"))
    do(iris, ticket.number, "beoordelen", {"hoe-snel": "three_days", "reden": "Toch minder."})
    assert ticket_of(side.desk, ticket.number).due_at == clock.now() + timedelta(hours=2)
    clock.advance(timedelta(hours=3))
    do(iris, ticket.number, "beoordelen", {"hoe-snel": "three_days", "reden": "Vader kwam niet."})
    assert ticket_of(side.desk, ticket.number).due_at > clock.now() + timedelta(days=1)


def test_what_was_typed_about_a_caller_who_was_gone_after_all_stands_in_the_list(
    side: DeskSide, iris: FlaskClient
) -> None:
    call, id_ = side.waiting()
    send(iris, f"/telefoon/neem/{id_}", {})
    assert "Neem uw telefoon op en toets 1." in words_of(iris.get(f"/gesprek/{id_}"))
    keeps(iris, f"/gesprek/{id_}", 0, verhaal="Klonk als een kind.", waar="op straat")
    call.hang_up()
    assert side.line.contact().outcome is Outcome.ABANDONED
    page = words_of(iris.get("/oproepen"))
    assert "Waar is het kind? op straat Klonk als een kind." in page


def test_the_head_of_the_talk_follows_the_line(side: DeskSide, iris: FlaskClient) -> None:
    call, id_ = side.waiting()
    send(iris, f"/telefoon/neem/{id_}", {})
    head, pick_up = f"/gesprek/{id_}/kop", "Neem uw telefoon op en toets 1."
    assert f'hx-get="{head}"' in iris.get(f"/gesprek/{id_}").text
    assert pick_up in words_of(iris.get(head))
    call.wait_round()
    call.leave()
    call.ask(str(call.action), DialCallStatus="no-answer", DialBridged="false")
    declined = words_of(iris.get(head))
    assert pick_up not in declined
    assert "wacht sinds 10.00" in declined
    assert "Niemand is nu met deze beller verbonden." in declined
    call.hang_up()
    gone = words_of(iris.get(head))
    assert "niet meer aan de lijn" in gone
    assert "gesproken" not in gone
    assert iris.get(f"/gesprek/{UUID(int=0)}/kop").status_code == 404


def test_two_clicks_at_the_same_moment_make_one_ticket(both_sides: DeskSide) -> None:
    side = both_sides
    iris = side.colleague()
    side.pause("Iris Bedacht")
    _call, id_ = side.taken(iris)
    browsers = [sign_in(side.app.test_client(), a_colleague(side.desk)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda each: ends(each, f"/gesprek/{id_}", "melding", 0, **STORY), browsers))
    (ticket,) = side.line.tickets()
    assert {answer.headers["Location"] for answer in answers} == {f"/melding/{ticket.number}"}
