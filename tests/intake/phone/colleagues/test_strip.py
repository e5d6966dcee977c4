"""The strip above every page: who is on the line, who takes the telephone, and taking a caller who waits."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, select

from desk.desk import Desk
from intake.concern import Reporter
from intake.phone.colleagues.line_now import fingerprint, line_now
from intake.phone.colleagues.roster import coordinators
from intake.phone.models import Ring
from intake.phone.values import Leaving
from tests.builders import a_colleague, a_ticket, sign_in
from tests.fakes import FixedClock
from tests.intake.phone.desk_side import NUMBERS, DeskSide, a_side
from tests.intake.phone.line import NUMBER, TO
from tests.triage.pages import OURS, send, words_of
from triage.number import spaced

PLAN = "EXPLAIN QUERY PLAN"


def strip_of(side: DeskSide, name: str) -> str:
    client = side.colleague(name, None)
    return words_of(client.get("/telefoon/strook"))


def keys_of(client: FlaskClient) -> dict[str, str]:
    """What each key of the strip does."""
    return dict(re.findall(r'data-key="(.)"[^>]*>([^<]*\w)', client.get("/telefoon/strook").text))


def test_a_desk_that_is_open_says_when_nobody_takes_the_telephone(side: DeskSide, clock: FixedClock) -> None:
    iris = side.colleague(number=None)
    warning = "Niemand neemt de telefoon op. Bellers horen alleen de voicemail."
    assert warning in words_of(iris.get("/werklijst"))
    clock.advance(timedelta(hours=10))
    assert warning not in words_of(iris.get("/werklijst"))
    clock.advance(timedelta(hours=-10))
    send(iris, "/telefoon/aan", {"nummer": "06 0000 0201"})
    assert warning not in words_of(iris.get("/werklijst"))
    assert "U: vrij" in words_of(iris.get("/werklijst"))


def test_a_desk_where_everybody_has_a_pause_says_so(side: DeskSide, clock: FixedClock) -> None:
    lotte = side.colleague("Lotte Denkbeeld", None)
    side.colleague("Bas Verzonnen")
    warning = "Iedereen heeft pauze. Bellers wachten."
    side.pause("Bas Verzonnen")
    assert warning in words_of(lotte.get("/telefoon/strook"))
    assert words_of(lotte.get("/telefoon")).count(warning) == 2  # in the strip, and on the page itself
    clock.advance(timedelta(hours=10))
    assert warning not in words_of(lotte.get("/telefoon"))
    clock.advance(timedelta(hours=-10))
    side.colleague("Iris Bedacht", NUMBERS[1])
    assert warning not in words_of(lotte.get("/telefoon"))


def test_the_strip_says_what_a_caller_does_who_asks_for_nobody(side: DeskSide, clock: FixedClock) -> None:
    first = side.line.dial(From="+31600000171")
    assert "1 beller kiest in het menu." in strip_of(side, "Iris Bedacht")
    first.press("0")
    assert "1 beller spreekt in." in strip_of(side, "Iris Bedacht")
    second = side.line.dial(From="+31600000172")
    second.press("0")
    assert "2 bellers spreken in." in strip_of(side, "Iris Bedacht")
    first.hang_up()
    second.hang_up()
    third = side.line.dial(From="+31600000173")
    third.ask_for_a_call()
    assert "1 beller vraagt om terugbellen." in strip_of(side, "Iris Bedacht")
    third.hang_up()
    clock.advance(timedelta(hours=10))
    side.line.dial(From="+31600000174")
    assert "1 beller hoort dat wij dicht zijn." in strip_of(side, "Iris Bedacht")


def test_a_caller_is_shown_with_what_is_known_of_the_number(side: DeskSide) -> None:
    side.colleague("Bas Verzonnen")
    side.pause("Bas Verzonnen")
    first = side.line.dial()
    first.ask_for_a_call()
    first.press("0600000142")
    first.press("1")
    first.hang_up()
    known = side.line.tickets()[0].number
    side.waiting(From="+31600000142")
    page = strip_of(side, "Iris Bedacht")
    assert f"eerdere melding {spaced(known)}" in page
    assert "wacht sinds 10.00" in page
    assert "Neem deze beller" in page


def test_a_reporter_who_mailed_or_was_noted_is_known_by_the_telephone_too(side: DeskSide) -> None:
    side.colleague("Bas Verzonnen")
    side.pause("Bas Verzonnen")
    reported = a_ticket(side.desk)
    a_ticket(side.desk, text="Bel 0600000142 niet.", reporter=Reporter(name="Omar Bedacht"))
    side.waiting(From="+31600000142")
    page = strip_of(side, "Iris Bedacht")
    assert "Hanna Papier" in page
    assert "Omar Bedacht" not in page
    assert f"eerdere melding {spaced(reported)}" in page


def test_a_number_of_the_contact_centre_says_nothing_of_who_calls(side: DeskSide) -> None:
    settings = side.desk.settings.model_copy(update={"contact_centre_numbers": (NUMBER,)})
    other = a_side(replace(side.desk, settings=settings))
    other.colleague("Bas Verzonnen")
    other.pause("Bas Verzonnen")
    other.waiting(From=NUMBER)
    page = strip_of(other, "Iris Bedacht")
    assert "via 14 010, doorverbonden" in page
    assert "eerdere melding" not in page


def test_a_keyed_number_is_shown_with_a_warning(side: DeskSide) -> None:
    number = a_ticket(side.desk)
    side.colleague("Bas Verzonnen")
    side.pause("Bas Verzonnen")
    call = side.line.dial()
    call.press("1")
    call.press(number)
    call.wait_round()
    page = strip_of(side, "Iris Bedacht")
    assert f"Toetste nummer {spaced(number)}: vraag naam en organisatie; vertel niets tot die kloppen." in page


def test_whoever_waits_longest_stands_first(side: DeskSide, clock: FixedClock) -> None:
    side.colleague("Bas Verzonnen")
    side.pause("Bas Verzonnen")
    side.waiting(From="+31600000171")
    clock.advance(timedelta(minutes=3))
    side.waiting(From="+31600000172")
    with side.desk.database.reading() as session:
        assert [each.words for each in line_now(session).callers] == [
            "wacht sinds 10.00, al 3 min",
            "wacht sinds 10.03",
        ]


def test_exactly_one_colleague_wins_a_caller(both_sides: DeskSide) -> None:
    side = both_sides
    names = ("Iris Bedacht", "Lotte Denkbeeld", "Yusuf Verzonnen")
    clients = [side.colleague(name, number) for name, number in zip(names, NUMBERS, strict=True)]
    for name in names:
        side.pause(name)
    _call, id_ = side.waiting()

    def click(number: int) -> str:
        answer = clients[number % 3].post(f"/telefoon/neem/{id_}", headers=OURS | {"HX-Request": "true"})
        assert answer.status_code == 200
        return words_of(answer)

    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(click, range(3)))
    with side.desk.database.reading() as session:
        rings = session.scalars(select(Ring)).all()
        winner = rings[0].user.name
    assert len(rings) == 1
    assert sum("Neem uw telefoon op en toets 1." in each for each in said) == 1
    assert sum(f"{winner} heeft deze beller al." in each for each in said) == 2


def test_a_second_click_changes_nothing(side: DeskSide) -> None:
    iris = side.colleague()
    side.pause("Iris Bedacht")
    _call, id_ = side.waiting()
    for _ in range(2):
        answer = send(iris, f"/telefoon/neem/{id_}", {})
        assert answer.headers["Location"] == f"/gesprek/{id_}"
    with side.desk.database.reading() as session:
        assert len(session.scalars(select(Ring)).all()) == 1


def test_whoever_took_a_caller_has_the_way_to_the_conversation_at_once(side: DeskSide) -> None:
    iris = side.colleague()
    side.pause("Iris Bedacht")
    _call, id_ = side.waiting()
    answer = iris.post(f"/telefoon/neem/{id_}", headers=OURS | {"HX-Request": "true"})
    assert f'href="/gesprek/{id_}" data-go' in answer.text
    assert "data-go" not in side.colleague("Lotte Denkbeeld", None).get("/werklijst").text


def test_a_caller_who_hung_up_cannot_be_taken(side: DeskSide) -> None:
    iris = side.colleague()
    side.pause("Iris Bedacht")
    call, id_ = side.waiting()
    call.hang_up()
    answer = iris.post(f"/telefoon/neem/{id_}", headers=OURS | {"HX-Request": "true"})
    assert "De beller hing op of koos iets anders." in words_of(answer)


def test_whoever_takes_no_calls_is_told_so(side: DeskSide) -> None:
    side.colleague("Bas Verzonnen")
    side.pause("Bas Verzonnen")
    _call, id_ = side.waiting()
    lotte = side.colleague("Lotte Denkbeeld", None)
    answer = lotte.post(f"/telefoon/neem/{id_}", headers=OURS | {"HX-Request": "true"})
    assert "U neemt de telefoon nog niet op, of u bent al in gesprek." in words_of(answer)


def test_a_number_that_costs_more_is_not_taken_for_ones_own(side: DeskSide) -> None:
    iris = side.colleague(number=None)
    for wrong in ("0906 0000", "geen nummer", "0900-1234567", ""):
        answer = send(iris, "/telefoon/aan", {"nummer": wrong})
        assert answer.status_code == 422, wrong
    assert send(iris, "/telefoon/aan", {"nummer": "06 - 0000 0201"}).status_code == 303
    assert "06 - 0000 0201" in iris.get("/telefoon").text


def test_a_colleague_is_not_rung_on_the_number_of_the_desk_itself(sqlite_desk: Desk) -> None:
    own = sqlite_desk.settings.model_copy(update={"phone_number": TO})
    iris = a_side(replace(sqlite_desk, settings=own)).colleague(number=None)
    assert send(iris, "/telefoon/aan", {"nummer": TO}).status_code == 422


def test_only_the_demonstration_names_the_telephones_that_it_has(sqlite_desk: Desk) -> None:
    hint = "In de demonstratie: 06 - 0000 0201 tot en met 0204, zie Neem op."
    shown = sqlite_desk.settings.model_copy(update={"demo": True})
    assert hint in words_of(a_side(replace(sqlite_desk, settings=shown)).colleague(number=None).get("/telefoon"))
    assert hint not in words_of(a_side(sqlite_desk).colleague(number=None).get("/telefoon"))


def test_p_is_a_pause_whatever_one_does_and_k_ends_the_time_to_write(side: DeskSide) -> None:
    iris = side.colleague()
    assert keys_of(iris) == {"p": "Pauze"}
    send(iris, "/telefoon/langer", {})
    assert keys_of(iris) == {"k": "Klaar", "p": "Pauze"}
    send(iris, "/telefoon/pauze", {})
    assert keys_of(iris) == {"p": "Weer beschikbaar"}


def test_a_pause_and_the_time_to_write_are_one_click(side: DeskSide, clock: FixedClock) -> None:
    iris = side.colleague()
    send(iris, "/telefoon/pauze", {})
    assert "U: pauze sinds 10.00" in words_of(iris.get("/werklijst"))
    send(iris, "/telefoon/verder", {})
    send(iris, "/telefoon/langer", {})
    assert "U: nawerktijd tot 10.02" in words_of(iris.get("/werklijst"))
    send(iris, "/telefoon/langer", {})
    assert "U: nawerktijd tot 10.04" in words_of(iris.get("/werklijst"))
    clock.advance(timedelta(minutes=5))
    assert "U: vrij" in words_of(iris.get("/werklijst"))
    send(iris, "/telefoon/af", {})
    send(iris, "/telefoon/aan", {})  # the number is remembered
    assert "U: vrij" in words_of(iris.get("/werklijst"))


def test_whoever_is_available_again_has_the_caller_who_waits_longest(side: DeskSide) -> None:
    iris = side.colleague()
    side.pause("Iris Bedacht")
    side.waiting()
    assert side.line.calls()[0].leaving is None
    send(iris, "/telefoon/verder", {})
    assert side.line.calls()[0].leaving is Leaving.COLLEAGUE


def test_an_act_without_scripts_leads_back_to_the_page_it_was_done_on(side: DeskSide) -> None:
    iris = side.colleague()
    answer = iris.post("/telefoon/pauze", headers=OURS | {"Referer": "http://localhost/werklijst?weergave=mijn"})
    assert answer.headers["Location"] == "/werklijst?weergave=mijn"
    answer = iris.post("/telefoon/pauze", headers=OURS | {"Referer": "https://elders.example/x"})
    assert answer.headers["Location"] == "/telefoon"


def test_a_coordinator_is_known_by_a_number_without_taking_the_telephone(side: DeskSide) -> None:
    anna = side.colleague("Anna Overzicht", None, role="coordinator")
    assert "U bent coördinator." in words_of(anna.get("/telefoon"))
    send(anna, "/telefoon/alarmnummer", {"nummer": "0600000209"})
    side.colleague("Bas Verzonnen")
    with side.desk.database.reading() as session:
        assert [each.number for each in coordinators(session)] == ["+31600000209"]
        assert line_now(session).takers[0].name == "Bas Verzonnen"


def test_the_line_looks_different_after_anything_that_people_see(side: DeskSide, clock: FixedClock) -> None:
    seen = []

    def look() -> None:
        with side.desk.database.reading() as session:
            seen.append(repr(fingerprint(session)))

    look()
    side.colleague()
    look()
    side.pause("Iris Bedacht")
    look()
    call, id_ = side.waiting()
    look()
    clock.advance(timedelta(minutes=1))
    look()
    send(sign_in(side.app.test_client(), a_colleague(side.desk)), f"/telefoon/neem/{id_}", {})
    look()
    call.hang_up()
    look()
    assert len(set(seen)) == len(seen)
    look()
    assert seen[-1] == seen[-2]


def test_the_list_of_calls_shows_the_last_sentence_that_a_caller_heard(side: DeskSide, clock: FixedClock) -> None:
    call = side.line.dial()
    clock.advance(timedelta(seconds=8))
    call.hang_up()
    iris = side.colleague(number=None)
    page = words_of(iris.get("/oproepen"))
    assert "Laatste zin: ‘Een medewerker spreken?’" in page


def test_the_watcher_reads_no_tries_and_calls_that_are_long_over(side: DeskSide) -> None:
    """It looks several times a second, and the tries of years are many more than those that go on."""
    asked: list[tuple[str, Any]] = []
    with side.desk.database.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda _c, _k, sql, values, *_: asked.append((sql, values)))
        fingerprint(session)
        plans = [row[-1] for sql, values in list(asked) for row in connection.exec_driver_sql(f"{PLAN} {sql}", values)]
    assert any("uq_phone_ring_open" in step for step in plans)
    assert not [step for step in plans if step.startswith(("SCAN phone_call", "SCAN contact"))]
