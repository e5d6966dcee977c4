"""`meldpunt doctor`: one line about everything, each fault named, none hiding another."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, request

from app import metadata
from desk.check import Fault
from desk.checks import file_system, mounted_as
from desk.database import Database
from desk.desk import Desk
from desk.migrate import downgrade
from desk.reach import leaves_the_folder
from tests.desk.conftest import Command
from tests.intake.phone.servers import served
from tests.servers.dovecot import PASSWORD, Dovecot, running_dovecot
from tests.servers.post_office import post_office
from tests.servers.postgres import as_if_for_real

LINES = (
    "settings", "keys", "database", "migrations", "proxy", "file system", "disk", "clock", "jobs", "stored calls",
    "stored mails",
)  # fmt: skip
OUTSIDE = ("mailbox meldpunt", "outgoing mail", "telephone")


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running_dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def smtp_url() -> Iterator[str]:
    with post_office("desk@meldpunt.example", lambda _raw: None) as office:
        yield f"smtp://127.0.0.1:{office.port}"


@pytest.fixture(scope="module")
def carrier_url() -> Iterator[str]:
    app = Flask("carrier")

    @app.get("/2010-04-01/Accounts/<account>.json")
    def account(account: str) -> Response | tuple[Response, int]:
        given = request.authorization
        if given is None or (given.username, given.password) != (account, "token-of-a-test"):
            return jsonify(code=20003), 401
        return jsonify(status="suspended" if account.endswith("5") else "active")

    with served(app) as url:
        yield url


@pytest.fixture
def around(dovecot: Dovecot, smtp_url: str, carrier_url: str) -> dict[str, str]:
    """Everything that the desk reaches, well."""
    return {"imap_url": dovecot.url("desk"), "smtp_url": smtp_url, "twilio_api_url": carrier_url}


def _marks(output: str) -> dict[str, str]:
    """The mark of every line by its name."""
    return {line[7:26].strip(): line[:5].strip() for line in output.splitlines()}


def test_all_is_well(desk: Desk, command: Command, around: dict[str, str]) -> None:
    url = desk.settings.database_url
    with as_if_for_real(url) if url.startswith("postgresql") else nullcontext():
        said = command("doctor", **around)
    assert _marks(said.output) == dict.fromkeys((*LINES, *OUTSIDE), "ok"), said.output
    assert said.exit_code == 0


def test_nothing_is_changed_or_sent_by_looking(
    sqlite_command: Command, around: dict[str, str], dovecot: Dovecot
) -> None:
    dovecot.deliver("desk", b"Subject: een\r\n\r\ntwee")
    sqlite_command("doctor", **around)
    with dovecot.client("desk") as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") != []
        assert [name for _flags, _sep, name in client.list_folders()] == ["INBOX"]


def test_a_bare_site_hears_what_is_missing(sqlite_command: Command) -> None:
    said = sqlite_command("doctor", twilio_account_sid="", twilio_auth_tokens="")
    assert said.exit_code == 1
    assert "MELDPUNT_IMAP_URL" in said.output
    assert "MELDPUNT_TWILIO_ACCOUNT_SID" in said.output


def test_wrong_settings_are_all_named_and_nothing_else_is_tried(sqlite_command: Command) -> None:
    said = sqlite_command("doctor", threads="many", session_hours="0")
    assert said.exit_code == 1
    assert "MELDPUNT_THREADS" in said.output
    assert "MELDPUNT_SESSION_HOURS" in said.output
    assert "keys" not in _marks(said.output)


def _bad_password(around: dict[str, str]) -> dict[str, str]:
    return around | {"imap_url": around["imap_url"].replace(PASSWORD, "geheim-maar-fout")}


@pytest.mark.parametrize(
    ("differences", "line", "about"),
    [
        ({"imap_url": "imap://desk:x@127.0.0.1:9/INBOX"}, "mailbox meldpunt", "cannot be reached"),
        ({"smtp_url": "smtp://127.0.0.1:9"}, "outgoing mail", "cannot be reached"),
        ({"smtp_url": "smtp://user:geheim@127.0.0.1:{smtp}"}, "outgoing mail", "no sensible answer"),
        ({"twilio_api_url": "http://127.0.0.1:9"}, "telephone", "no sensible answer"),
        ({"twilio_auth_tokens": "geheim-maar-fout"}, "telephone", "refuses"),
        ({"twilio_account_sid": "AC" + "5" * 32}, "telephone", "suspended"),
        ({"key_file": "nowhere.keys"}, "keys", "meldpunt keys new"),
    ],
)
def test_each_fault_is_named_in_its_own_line(
    sqlite_command: Command, around: dict[str, str], differences: dict[str, str], line: str, about: str
) -> None:
    port = around["smtp_url"].rpartition(":")[2]
    said = sqlite_command("doctor", **(around | {name: value.format(smtp=port) for name, value in differences.items()}))
    assert said.exit_code == 1
    assert _marks(said.output)[line] == "FAULT"
    assert about in next(text for text in said.output.splitlines() if text[7:].startswith(line))
    assert set(_marks(said.output)) >= {*LINES, *OUTSIDE}
    assert "geheim" not in said.output


def test_https_without_a_known_proxy_is_a_fault(sqlite_command: Command) -> None:
    said = sqlite_command("doctor", public_url="https://meldpunt.example")
    assert _marks(said.output)["proxy"] == "FAULT"
    assert "MELDPUNT_TRUSTED_PROXIES" in said.output
    said = sqlite_command("doctor", public_url="https://meldpunt.example", trusted_proxies="1")
    assert _marks(said.output)["proxy"] == "ok"


def test_a_refused_password_is_not_shown(sqlite_command: Command, around: dict[str, str]) -> None:
    said = sqlite_command("doctor", **_bad_password(around))
    assert _marks(said.output)["mailbox meldpunt"] == "FAULT"
    assert "geheim" not in said.output


def test_one_valid_token_of_two_is_enough(sqlite_command: Command, around: dict[str, str]) -> None:
    said = sqlite_command("doctor", **around, twilio_auth_tokens="oud,token-of-a-test")
    assert "1 of 2 tokens valid" in said.output
    assert said.exit_code == 0


def test_a_key_file_that_everybody_may_read_is_a_fault(sqlite_desk: Desk, sqlite_command: Command) -> None:
    sqlite_desk.settings.key_file.chmod(0o644)
    assert _marks(sqlite_command("doctor").output)["keys"] == "FAULT"


def test_waiting_migrations_and_foreign_keys_are_told_apart(desk: Desk, command: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.keys"
    command("keys", "new", key_file=str(other))
    said = command("doctor", key_file=str(other))
    assert "does not belong to this database" in said.output
    downgrade(desk.database, metadata(), "0001")
    said = command("doctor")
    assert "run: meldpunt migrate" in said.output
    assert _marks(said.output)["migrations"] == "FAULT"


def test_an_unmigrated_database_is_a_fault(sqlite_command: Command, empty: Database, empty_url: str) -> None:
    empty.engine.connect().close()  # which makes the file; doctor does not
    said = sqlite_command("doctor", database_url=empty_url)
    assert "at nothing instead of" in said.output


def test_a_database_that_is_away_hides_nothing_else(sqlite_command: Command, around: dict[str, str]) -> None:
    said = sqlite_command("doctor", **around, database_url="postgresql://desk:geheim@127.0.0.1:9/desk")
    marks = _marks(said.output)
    assert [name for name in LINES if marks[name] == "FAULT"] == [
        "database",
        "migrations",
        "clock",
        "jobs",
        "stored mails",
    ]
    assert [marks[name] for name in OUTSIDE] == ["ok", "ok", "ok"]
    assert "geheim" not in said.output


def test_a_server_that_would_lose_confirmed_contacts_is_a_fault(
    postgres_database: str, sqlite_command: Command
) -> None:
    for setting, about in (("synchronous_commit=off", "power cut"), ("default_transaction_read_only=on", "read-only")):
        url = f"{postgres_database}&options=-c%20{setting.replace('=', '%3D')}"
        said = sqlite_command("doctor", database_url=url)
        assert about in said.output, setting


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
35 22 0:30 / /srv/desk rw shared:9 - nfs4 server.example:/desk rw
36 35 8:2 / /srv/desk/with\\040space rw shared:9 - xfs /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/desk.db", "ext4"),
        ("/srv/desk/desk.db", "nfs4"),
        ("/srv/desk/with space/desk.db", "xfs"),
        ("/srv/desktop/desk.db", "ext4"),
    ],
)
def test_a_path_lies_on_the_deepest_mount_above_it(path: str, kind: str) -> None:
    assert mounted_as(Path(path), MOUNTS) == kind


def test_a_network_file_system_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    with pytest.raises(Fault, match="nfs4, a network file system"):
        file_system("sqlite:////srv/desk/desk.db", mounts)
    assert file_system("sqlite:////srv/desk.db", mounts) == "ext4"
    assert file_system("postgresql+psycopg://server/desk", mounts) == "not used by the database"
    assert file_system("sqlite:////srv/desk/desk.db", tmp_path / "none").startswith("unknown")


def test_the_mailbox_line_says_how_mail_leaves_the_folder(sqlite_command: Command, around: dict[str, str]) -> None:
    assert "mail is moved" in sqlite_command("doctor", **around).output
    assert "copied and removed" in leaves_the_folder({"UIDPLUS"}.__contains__)
    assert "STAYS" in leaves_the_folder({"IMAP4REV1"}.__contains__)
