"""What a caller hears, and what is kept, when something here is broken."""

import logging
import xml.etree.ElementTree as ET

import pytest
from sqlalchemy import text

from desk.documents import write
from intake.phone.away.replay import Replay
from intake.phone.away.spool import FOLDER
from intake.phone.texts.prompts import SEED, fault_text
from tests.intake.phone.line import Line, new_sid
from triage.values import Outcome


def say(document: bytes) -> list[str | None]:
    return [each.text for each in ET.fromstring(document).iter("Say")]


def break_document(line: Line, name: str) -> None:
    with line.desk.database.writing() as session:
        write(session, name, "[kapot", "test")


@pytest.mark.parametrize("name", ["prompts", "calendar", "texts"])
def test_a_text_that_cannot_be_read_costs_no_contact(
    sqlite_line: Line, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    break_document(sqlite_line, name)
    answer = sqlite_line.tell(new_sid(), "/phone/incoming", CallStatus="ringing")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert say(answer.data) == [fault_text()]
    assert sqlite_line.contact().outcome is Outcome.IN_PROGRESS
    assert "+316" not in caplog.text


def test_a_text_that_breaks_during_a_call_leaves_the_caller_listed(sqlite_line: Line) -> None:
    call = sqlite_line.dial()
    break_document(sqlite_line, "prompts")
    call.press("1")
    assert call.said[-1] == fault_text()
    assert call.verbs == ["Say", "Hangup"]
    call.hang_up()
    contact = sqlite_line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.FAILED, True, "T1 T2 T11")


def test_a_caller_whom_the_desk_could_not_greet_is_listed_with_what_was_told(sqlite_line: Line) -> None:
    break_document(sqlite_line, "calendar")
    call = sqlite_line.dial()
    call.again()
    call.hang_up()
    contact = sqlite_line.contact()
    assert (contact.outcome, contact.to_tick_off, contact.told) == (Outcome.FAILED, True, "T11")


def test_a_text_that_is_mended_in_time_lets_the_call_go_on(sqlite_line: Line) -> None:
    call = sqlite_line.dial()
    break_document(sqlite_line, "prompts")
    answer = call.action
    call.press("1")
    with sqlite_line.desk.database.writing() as session:
        write(session, "prompts", SEED.read_text("utf-8"), "test")
    call.action = answer
    call.press("1")
    call.hang_up()
    contact = sqlite_line.contact()
    assert (contact.outcome, contact.told) == (Outcome.ABANDONED, "T1 T2 T11 T2a")


PATHS = pytest.mark.parametrize("path", ["/phone/incoming", "/phone/status", "/phone/turn/1", "/phone/recording"])


def take_table(line: Line) -> None:
    with line.desk.database.writing() as session:
        session.execute(text("ALTER TABLE phone_call RENAME TO phone_call_away"))


def give_back_table(line: Line) -> None:
    with line.desk.database.writing() as session:
        session.execute(text("ALTER TABLE phone_call_away RENAME TO phone_call"))


@PATHS
def test_what_the_database_cannot_take_is_answered_once_it_is_safe_beside_it(line: Line, path: str) -> None:
    take_table(line)
    answer = line.tell(new_sid(), path)
    last = [] if path in {"/phone/status", "/phone/recording"} else [fault_text()]
    assert (answer.status_code, answer.mimetype, say(answer.data)) == (200, "text/xml", last)
    give_back_table(line)
    assert line.contacts() == []
    Replay(line.desk)()
    assert line.contact().told == ("T11" if last else "")


@PATHS
def test_what_can_be_kept_nowhere_is_answered_so_that_the_carrier_falls_back(
    sqlite_line: Line, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    take_table(sqlite_line)
    in_the_way = sqlite_line.desk.settings.data_dir / FOLDER
    in_the_way.write_text("Geen map.")
    with caplog.at_level(logging.ERROR):
        answer = sqlite_line.tell(new_sid(), path)
    assert (answer.status_code, answer.mimetype) == (503, "text/xml")
    assert say(answer.data) == [fault_text()]
    assert "could not be recorded" in caplog.text
    give_back_table(sqlite_line)
    assert sqlite_line.contacts() == []
    assert sqlite_line.tell(new_sid(), path).status_code == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_no_webhook(sqlite_line: Line, method: str) -> None:
    answer = sqlite_line.app.test_client().open("/phone/incoming", method=method)
    assert answer.status_code == 405


def test_an_answer_is_never_kept_by_anybody_on_the_way(sqlite_line: Line) -> None:
    answer = sqlite_line.tell(new_sid(), "/phone/incoming")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
