"""What callers hear while the database is away, by the last calendar and texts that this machine knows."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.documents import write
from intake.phone.away.offline import FILE, Offline
from intake.phone.away.standby import Standby
from intake.phone.texts.prompts import fault_text
from tests.conftest import TUESDAY
from tests.intake.phone.away.test_replay import waits
from tests.intake.phone.line import Line, a_line
from tests.intake.phone.test_faults import say, take_table

SUNDAY = datetime(2020, 4, 19, 10, 0, tzinfo=UTC)


def a_new_process(line: Line) -> Offline:
    """One that never reached the database."""
    return Offline(line.desk.settings.data_dir)


def put_in_force(line: Line, name: str, body: str) -> None:
    with line.desk.database.writing() as session:
        write(session, name, body, "test")


def test_a_closed_desk_says_so_and_when_it_opens_and_offers_no_key(sqlite_line: Line) -> None:
    sqlite_line.dial()
    last = a_new_process(sqlite_line).line(SUNDAY)
    assert last.code == "T8"
    assert last.text.startswith("Meldpunt kwetsbare kinderen. Is een kind nu in gevaar? Hang op en bel één, één, twee.")
    assert last.text.endswith("Wij zijn er weer morgen vanaf negen uur.")
    assert "Kies" not in last.text


def test_an_open_desk_speaks_of_a_fault(sqlite_line: Line) -> None:
    sqlite_line.dial()
    last = a_new_process(sqlite_line).line(TUESDAY)
    assert (last.code, last.text) == ("T11", fault_text())


def test_where_nothing_is_known_a_fault_is_all_there_is_to_speak_of(tmp_path: Path) -> None:
    assert Offline(tmp_path / "nowhere").line(SUNDAY).code == "T11"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"newest": 1, "calendar": "[", "prompts": "", "texts": ""}']
)
def test_a_file_that_cannot_be_read_ends_no_call_without_a_word(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert Offline(tmp_path).line(SUNDAY).text == fault_text()


def test_a_calendar_that_never_opens_is_no_reason_to_fail(sqlite_line: Line) -> None:
    put_in_force(sqlite_line, "calendar", "[weekly]\n")
    sqlite_line.dial()
    assert a_new_process(sqlite_line).line(SUNDAY).code == "T11"


def test_a_new_closing_day_is_known_from_the_next_call_on(sqlite_line: Line) -> None:
    sqlite_line.dial()
    put_in_force(sqlite_line, "calendar", '[[special_days]]\nday = 2020-04-14\nwindows = []\nname = "een studiedag"\n')
    sqlite_line.dial()
    assert "Wij zijn gesloten: het is een studiedag." in a_new_process(sqlite_line).line(TUESDAY).text


def test_it_is_known_without_any_call_too(sqlite_line: Line) -> None:
    Standby(sqlite_line.desk)()
    assert a_new_process(sqlite_line).line(SUNDAY).code == "T8"


@pytest.mark.parametrize("name", ["prompts", "calendar", "texts"])
def test_texts_that_cannot_be_read_hold_up_nothing_that_waits(sqlite_line: Line, name: str) -> None:
    put_in_force(sqlite_line, name, "[kapot")
    waits(sqlite_line, "/phone/incoming", "T11")
    Standby(sqlite_line.desk)()
    assert sqlite_line.contact().told == "T11"


def test_what_is_kept_is_about_nobody(sqlite_line: Line) -> None:
    sqlite_line.dial()
    kept = json.loads((sqlite_line.desk.settings.data_dir / FILE).read_text("ascii"))
    assert kept.keys() == {"newest", "calendar", "prompts", "texts"}
    assert "+316" not in str(kept)


@pytest.mark.parametrize("in_the_way", [Path.mkdir, lambda path: path.symlink_to(path)])
def test_a_disk_that_refuses_costs_no_call(sqlite_line: Line, in_the_way: Callable[[Path], None]) -> None:
    in_the_way(sqlite_line.desk.settings.data_dir / FILE)
    assert sqlite_line.dial().verbs == ["Gather"]
    take_table(sqlite_line)
    assert say(sqlite_line.dial().again().data) == [fault_text()]


def test_an_unchanged_text_is_not_written_again(sqlite_line: Line) -> None:
    sqlite_line.dial()
    before = (sqlite_line.desk.settings.data_dir / FILE).stat().st_ino
    a_line(sqlite_line.desk).dial()
    assert (sqlite_line.desk.settings.data_dir / FILE).stat().st_ino == before
