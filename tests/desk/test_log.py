"""The log tells what happened, and nothing about people."""

import io
import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest

from desk.log import FIELDS, HIDDEN, start_log

NAME, NUMBER, ADDRESS = "Sem Fictief", "06 - 0000 0142", "hanna@vos.example"
PRIVATE = (NAME, "Fictief", NUMBER, "0000", ADDRESS, "hanna")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log writes, while pytest's own handlers are put aside."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    start_log("info", written)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("meldpunt").setLevel(logging.NOTSET)


def _last(written: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(written.getvalue().splitlines()[-1])
    return line


def _nothing_private(written: io.StringIO) -> bool:
    return not any(word in written.getvalue() for word in PRIVATE)


def test_a_line_is_json_with_time_level_place_and_text(lines: io.StringIO) -> None:
    logging.getLogger("meldpunt.worker").info("a job failed")
    line = _last(lines)
    assert {"level": "info", "log": "meldpunt.worker", "event": "a job failed"}.items() <= line.items()
    assert str(line["at"]).endswith("Z")


@pytest.mark.parametrize("argument", [NAME, NUMBER, ADDRESS, {"naam": NAME}])
@pytest.mark.parametrize("logger", ["meldpunt.mail", "imapclient"])
def test_what_is_put_into_a_message_stays_out(lines: io.StringIO, logger: str, argument: object) -> None:
    logging.getLogger(logger).warning("a mail from %s could not be read", argument)
    assert _last(lines)["event"] == "a mail from %s could not be read"
    assert _nothing_private(lines)


@pytest.mark.parametrize(
    "text", [f"a call from {NUMBER}", f"MAIL FROM:<{ADDRESS}>", f"no such user {ADDRESS}", f"'{NAME}'"]
)
def test_text_that_was_put_together_is_searched(lines: io.StringIO, text: str) -> None:
    logging.getLogger("some.library").error(text)
    assert HIDDEN in str(_last(lines)["event"])
    assert _nothing_private(lines)


@pytest.mark.parametrize("error", [f"Invalid HTTP method: {NAME}", f"it's {NAME}, {NUMBER}\n{ADDRESS}", NAME])
@pytest.mark.parametrize("address", ["192.0.2.77", "2001:db8::77"])
def test_of_a_text_with_what_somebody_sent_only_the_beginning_is_told(
    lines: io.StringIO, error: str, address: str
) -> None:
    text = f"Invalid request from ip={address}: {error}"
    logging.getLogger("gunicorn.error").warning(text)
    assert _last(lines)["event"] == f"Invalid request from ip{HIDDEN}"
    assert _nothing_private(lines)


def test_what_a_library_says_with_arguments_keeps_its_words(lines: io.StringIO) -> None:
    logging.getLogger("gunicorn.error").error("Worker (pid:%s) was sent %s!", 4711, "SIGKILL")
    assert _last(lines)["event"] == "Worker (pid:%s) was sent %s!"


def test_an_error_instead_of_a_text_tells_its_type(lines: io.StringIO) -> None:
    logging.getLogger("gunicorn.error").error(ValueError(NAME))
    assert _last(lines)["event"] == "ValueError"
    assert _nothing_private(lines)


def test_an_error_tells_type_and_place_but_not_its_words(lines: io.StringIO) -> None:
    try:
        _fail(NAME)
    except LookupError:
        logging.getLogger("meldpunt.worker").exception(
            "a job failed", extra={"job": str(uuid4()), "kind": "send_letter"}
        )
    line = _last(lines)
    assert (line["error"], line["causes"], line["kind"]) == ("LookupError", ["ValueError"], "send_letter")
    assert "tests/desk/test_log.py" in str(line["frames"])
    assert "_fail" in str(line["frames"])
    assert _nothing_private(lines)


def _fail(name: str) -> None:
    try:
        int(f"{name} belde met {NUMBER}")
    except ValueError as error:
        raise LookupError(name) from error


def test_a_field_that_is_not_on_the_list_stays_out(lines: io.StringIO) -> None:
    logging.getLogger("meldpunt").warning("x", extra={"caller": NUMBER, "subject": NAME, "body": ADDRESS})
    assert set(_last(lines)) == {"at", "level", "log", "event"}
    assert _nothing_private(lines)


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("value", [NAME, NUMBER, ADDRESS, "+31600000142", "0600000142"])
def test_a_field_of_the_list_holds_only_what_its_name_says(lines: io.StringIO, field: str, value: str) -> None:
    logging.getLogger("meldpunt").warning("x", extra={field: value})
    assert _last(lines)[field] == HIDDEN
    assert _nothing_private(lines)


def test_ids_and_numbers_of_tickets_come_through(lines: io.StringIO) -> None:
    given = {"job": str(uuid4()), "ticket": "48217735", "ms": 12.5, "attempt": 3, "call": "CA" + "0f" * 16}
    logging.getLogger("meldpunt").warning("x", extra=given)
    assert given.items() <= _last(lines).items()


def test_libraries_are_heard_from_warnings_on(lines: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").info("SELECT")
    logging.getLogger("meldpunt").debug("not now")
    assert lines.getvalue() == ""
