"""Settings: documented, checked before the start, every fault at once."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from desk.settings import Mailbox, Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[2] / "settings.example.toml"
KEY = re.compile(r"^# (\w+) = |^# \[\[(\w+)\]\]")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _documented() -> list[str]:
    found = (KEY.match(line) for line in EXAMPLE.read_text("utf-8").splitlines())
    return [match[1] or match[2] for match in found if match]


def _faults(**given: object) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)
    return caught.value.faults


def test_the_example_names_every_setting_and_no_other() -> None:
    assert sorted(_documented()) == sorted([*Settings.model_fields, *Mailbox.model_fields])


def test_every_key_of_the_example_has_a_sentence_above_it() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    bare = [line for before, line in pairwise(lines) if KEY.match(line) and not before.startswith("# ")]
    assert bare == []


def test_the_example_loads_as_it_is_and_with_every_line_in_use(nowhere: Path) -> None:
    example = EXAMPLE.read_text("utf-8")
    (nowhere / "settings.toml").write_text(example)
    assert load_settings() == Settings()
    used = "\n".join(line.removeprefix("# ") if KEY.match(line) else line for line in example.splitlines())
    (nowhere / "settings.toml").write_text(used)
    (nowhere / "thema.css").touch()
    settings = load_settings()
    assert [box.name for box in settings.mailboxes] == ["meldpunt", "meldpunt"]
    assert settings.mail_from == "meldpunt@example.nl"


def test_the_example_shows_the_true_defaults() -> None:
    lines = [line.removeprefix("# ") for line in EXAMPLE.read_text("utf-8").splitlines() if KEY.match(line)]
    shown = tomllib.loads("\n".join(line for line in lines[: lines.index("[[mailbox]]")]))
    plain = Settings().model_dump(mode="json")
    examples = {
        "twilio_account_sid",
        "twilio_auth_tokens",
        "contact_centre_numbers",
        "imap_url",
        "smtp_url",
        "mail_from",
    }
    examples |= {"theme_css"}
    assert {name: value for name, value in shown.items() if name not in examples} == {
        name: value for name, value in plain.items() if name in shown and name not in examples
    }


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DATABASE_URL": "mysql://x",
        "THREADS": "many",
        "PUBLIC_URL": "http://desk.example.nl",
        "IMAP_URL": "imap://imap.example.nl/INBOX",
        "SMTP_URL": "smtp://smtp.example.nl",
        "NO_SUCH_THING": "1",
    }.items():
        monkeypatch.setenv(f"MELDPUNT_{name}", value)
    told = {fault.partition(":")[0] for fault in _faults()}
    assert told >= {
        "MELDPUNT_DATABASE_URL",
        "MELDPUNT_THREADS",
        "MELDPUNT_PUBLIC_URL",
        "MELDPUNT_IMAP_URL",
        "MELDPUNT_SMTP_URL",
        "MELDPUNT_NO_SUCH_THING",
    }


@pytest.mark.parametrize(
    ("given", "about"),
    [
        ({"twilio_account_sid": "AC1"}, "twilio_auth_tokens is empty"),
        ({"smtp_url": "smtps://smtp.example.nl"}, "mail_from is empty"),
        ({"mail_from": "Meldpunt <meldpunt@" + "a" * 60 + ".example.nl>"}, "at most 70 characters"),
        ({"twilio_api_url": "https://twilio.com.example.nl"}, "loopback only"),
        ({"twilio_api_url": "http://api.twilio.com"}, "loopback only"),
        ({"mailbox": [{"url": "imap://imap.example.nl"}]}, "loopback only"),
        ({"mailbox": [{"url": "imaps://imap.example.nl", "folder": "x"}]}, "MAILBOX.0.FOLDER"),
        ({"session_hours": 0}, "SESSION_HOURS"),
        ({"twilio_account_sid": "AC1", "twilio_auth_tokens": [""]}, "a token is blank"),
        ({"twilio_account_sid": "AC1", "twilio_auth_tokens": ["good", " "]}, "a token is blank"),
        ({"twilio_account_sid": "AC1", "twilio_auth_tokens": " , "}, "twilio_auth_tokens is empty"),
        ({"twilio_auth_tokens": "good"}, "twilio_account_sid is empty"),
        ({"twilio_account_sid": " ", "twilio_auth_tokens": "good"}, "twilio_account_sid is empty"),
        ({"imap_url": "IMAP://imap.example.nl/INBOX"}, "loopback only"),
        ({"smtp_url": " SMTP://smtp.example.nl", "mail_from": "desk@example.nl"}, "loopback only"),
        ({"public_url": "HTTP://desk.example.nl"}, "loopback only"),
        ({"twilio_api_url": " HTTP://api.twilio.com"}, "loopback only"),
        ({"database_url": "sqlite:///"}, "expected sqlite:///file"),
        ({"database_url": "sqlite:///:memory:"}, "expected sqlite:///file"),
        ({"threads": 76}, "THREADS"),
        ({"bind": "8000"}, "HOST:PORT"),
        ({"bind": "127.0.0.1:0"}, "HOST:PORT"),
        ({"bind": "127.0.0.1:65536"}, "HOST:PORT"),
        ({"bind": "::1"}, "HOST:PORT"),
        ({"bind": "unix:/run/desk"}, "HOST:PORT"),
        ({"theme_css": "nowhere.css"}, "no file here"),
        ({"theme_css": "."}, "no file here"),
    ],
)
def test_what_would_be_unsafe_stops_the_start(given: dict[str, object], about: str) -> None:
    assert any(about in fault for fault in _faults(**given))


@pytest.mark.parametrize(
    "given",
    [
        {"imap_url": "imap://user:word@127.0.0.1:1143/INBOX"},
        {"smtp_url": "smtp://localhost:1025", "mail_from": "desk@example.nl"},
        {"public_url": "http://[::1]:8000"},
        {"twilio_api_url": "http://127.0.0.1:8001"},
        {"bind": "[::1]:8000"},
    ],
)
def test_plain_text_is_harmless_on_loopback(given: dict[str, object]) -> None:
    assert load_settings(**given).public_url


NEAR: dict[str, object] = {"demo": True, "twilio_api_url": "http://127.0.0.1:8001", "mail_from": "desk@example.nl"}


@pytest.mark.parametrize(
    ("given", "about"),
    [
        ({"imap_url": "imaps://desk@imap.example.nl"}, "imap_url"),
        ({"mailbox": [{"url": "imaps://desk@imap.example.nl"}]}, "mailbox"),
        ({"smtp_url": "smtps://smtp.example.nl"}, "smtp_url"),
        ({"twilio_api_url": "https://api.twilio.com"}, "twilio_api_url"),
        ({"public_url": "https://desk.example.nl"}, "public_url"),
    ],
)
def test_a_demonstration_reaches_nobody_outside_this_machine(given: dict[str, object], about: str) -> None:
    assert load_settings(**NEAR).demo
    (fault,) = _faults(**(NEAR | given))
    assert fault.startswith("demo: ")
    assert about in fault


@pytest.mark.parametrize("password", ["ge#heim", "ge?heim", "ge/heim", "/geheim", "1/ge@heim", "[geheim"])
@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("imap_url", "imaps://desk:{}@imap.example.nl:993/INBOX"),
        ("smtp_url", "smtps://desk:{}@smtp.example.nl"),
        ("database_url", "postgresql://desk:{}@db.example.nl:geheim/desk"),
        ("database_url", "sqlite:///{}?geheim=#"),
    ],
)
def test_a_password_that_breaks_its_url_is_refused_and_not_repeated(name: str, url: str, password: str) -> None:
    told = "\n".join(_faults(**{name: url.format(password)}, mail_from="desk@example.nl"))
    assert "percent-encode # ? / in the password" in told
    assert not re.search("heim|\\[ge", told)


def test_a_database_password_with_an_at_sign_must_not_become_part_of_the_host() -> None:
    assert "@ as well" in _faults(database_url="postgresql://desk:een@twee@db.example.nl/desk")[0]


@pytest.mark.parametrize("url", ["mysql://db/desk", "sqlite://db/desk", "nothing", "", "postgresql://db:99999/desk"])
def test_a_database_that_cannot_be_is_a_fault(url: str) -> None:
    assert _faults(database_url=url)[0].startswith("MELDPUNT_DATABASE_URL: expected sqlite:///file")


def test_space_and_capitals_around_a_pasted_url_mean_nothing() -> None:
    settings = load_settings(
        public_url=" HTTPS://desk.example.nl/ ",
        imap_url=" IMAPS://desk@imap.example.nl\n",
        database_url=" PostgreSQL://desk@db.example.nl/desk ",
    )
    assert settings.public_url == "https://desk.example.nl"
    assert settings.mailboxes[0].url.get_secret_value() == "imaps://desk@imap.example.nl"
    assert settings.database_url == "postgresql+psycopg://desk@db.example.nl/desk"


def test_a_mailbox_of_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MELDPUNT_MAILBOX", '[{"name": "zorgen", "url": "imaps://desk:x@imap.example.nl"}]')
    assert [box.name for box in load_settings().mailboxes] == ["zorgen"]
    monkeypatch.setenv("MELDPUNT_MAILBOX", '[{"url": "imaps://desk:geheim@imap.example.nl"')
    (fault,) = _faults()
    assert fault.startswith("MELDPUNT_MAILBOX: expected JSON")
    assert "geheim" not in fault


def test_the_environment_wins_over_secret_files_and_those_over_toml(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "settings.toml").write_text('bind = "toml:1"\nvoice = "toml"\nmail_from = "toml"\n')
    for name in ("bind", "voice"):
        (nowhere / f"meldpunt_{name}").write_text("secret")
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", str(nowhere))
    monkeypatch.setenv("MELDPUNT_BIND", "environment:1")
    settings = load_settings()
    assert (settings.bind, settings.voice, settings.mail_from) == ("environment:1", "secret", "toml")


def test_a_named_file_that_is_not_there_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MELDPUNT_SETTINGS", "nowhere.toml")
    assert _faults() == ["MELDPUNT_SETTINGS: nowhere.toml is not a file"]


def test_a_file_that_is_no_toml_is_a_fault(nowhere: Path) -> None:
    (nowhere / "settings.toml").write_text("bind = = 1")
    assert "settings.toml" in _faults()[0]


def test_a_file_that_is_not_utf8_is_a_fault(nowhere: Path) -> None:
    (nowhere / "settings.toml").write_bytes("mail_from = 'geheim\u00e9'".encode("latin-1"))
    assert _faults() == ["settings.toml: not UTF-8"]


def test_a_file_that_cannot_be_read_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MELDPUNT_SETTINGS", "/proc/self/mem")  # a file that even root cannot read from its beginning
    assert _faults() == ["/proc/self/mem: cannot be read (Input/output error)"]


def test_secrets_that_are_no_directory_are_a_fault_beside_the_others(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "secrets").write_text("geheim")
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", "secrets")
    faults = _faults(threads=1)
    assert faults[0] == "MELDPUNT_SECRETS_DIR: secrets is not a directory"
    assert "MELDPUNT_THREADS" in faults[1]


def test_nothing_of_a_fault_leads_back_to_what_was_read() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(imap_url="imaps://desk:geheim/x@imap.example.nl", smtp_url="smtp://desk:geheim@smtp.example.nl")
    assert "geheim" not in str(caught.value)
    assert "geheim" not in str(caught.value.__context__)
    assert caught.value.__suppress_context__


def test_tokens_and_passwords_do_not_show_when_settings_are_printed() -> None:
    settings = load_settings(
        twilio_account_sid="AC1",
        twilio_auth_tokens="geheim-een, geheim-twee",
        imap_url="imaps://user:geheim@imap.example.nl",
        smtp_url="smtps://user:geheim@smtp.example.nl",
        mail_from="desk@example.nl",
    )
    assert len(settings.twilio_auth_tokens) == 2
    assert "geheim" not in repr(settings)


def test_a_database_url_of_postgresql_gets_its_driver() -> None:
    settings = load_settings(database_url="postgresql://desk:x@db.example.nl/desk")
    assert settings.database_url == "postgresql+psycopg://desk:x@db.example.nl/desk"


def test_a_database_of_postgresql_may_be_told_how_to_encrypt() -> None:
    url = "postgresql+psycopg://desk:x%23y@db.example.nl/desk?sslmode=verify-full"
    assert load_settings(database_url=url).database_url == url


@pytest.mark.parametrize(
    ("folder", "processed"), [("INBOX", "inbox"), ("", "INBOX"), ("Inbox", "INBOX"), ("Zorgen", "Zorgen")]
)
def test_a_folder_is_not_emptied_into_itself(folder: str, processed: str) -> None:
    box = {"name": "zorg", "url": f"imaps://desk:geheim@imap.example.nl/{folder}", "processed": processed}
    assert _faults(mailbox=[box]) == ["mailbox zorg: processed must be another folder than those that the desk empties"]


def test_one_mailbox_is_not_emptied_into_another_of_the_same_account() -> None:
    one = {"url": "imaps://desk:geheim@imap.example.nl/INBOX", "processed": "Zorgen"}
    other = {"url": "imaps://desk:geheim@imap.example.nl:993/Zorgen"}
    assert len(_faults(mailbox=[one, other])) == 1
    elsewhere = {"url": "imaps://bureau:geheim@imap.example.nl/Zorgen"}
    assert len(load_settings(mailbox=[one, elsewhere]).mailboxes) == 2
