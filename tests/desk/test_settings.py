"""Settings: documented, checked before the start, every fault at once."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from desk.mailbox_settings import Mailbox
from desk.settings import Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parents[2] / "settings.example.toml"
ACCOUNT = "AC" + "0" * 32
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
        "phone_number",
        "phone_fallback_url",
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
        ({"twilio_account_sid": ACCOUNT}, "TWILIO_AUTH_TOKENS: empty"),
        ({"smtp_url": "smtps://smtp.example.nl"}, "MAIL_FROM: empty"),
        ({"mail_from": "Meldpunt <meldpunt@" + "a" * 60 + ".example.nl>"}, "at most 70 characters"),
        ({"twilio_api_url": "https://twilio.com.example.nl"}, "loopback only"),
        ({"twilio_api_url": "http://api.twilio.com"}, "loopback only"),
        ({"mailbox": [{"url": "imap://imap.example.nl"}]}, "loopback only"),
        ({"mailbox": [{"url": "imaps://imap.example.nl", "folder": "x"}]}, "MAILBOX.0.FOLDER"),
        ({"session_hours": 0}, "SESSION_HOURS"),
        ({"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": [""]}, "a token is blank"),
        ({"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": ["good", " "]}, "a token is blank"),
        ({"twilio_account_sid": ACCOUNT, "twilio_auth_tokens": " , "}, "TWILIO_AUTH_TOKENS: empty"),
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
        ({"mail_from": "not an address"}, "MAIL_FROM: expected one mail address"),
        ({"mail_from": "desk@example.nl, other@example.nl"}, "expected one mail address"),
        ({"mail_from": "Meldpunt desk@example.nl"}, "expected one mail address"),
        ({"mail_from": "desk@"}, "expected one mail address"),
        ({"contact_centre_numbers": "hello, 14010"}, "hello, 14010: expected numbers"),
        ({"contact_centre_numbers": ["+31 10 267 16 25", "+0"]}, "NUMBERS: +0: expected numbers"),
        ({"phone_number": "010 123 45 67"}, "PHONE_NUMBER: expected the number as the carrier"),
        ({"phone_number": "14010"}, "PHONE_NUMBER: expected the number as the carrier"),
        ({"phone_fallback_url": "http://elsewhere.example.nl/t11.xml"}, "FALLBACK_URL: plain http://"),
        ({"phone_fallback_url": "handler.twilio.com/x"}, "FALLBACK_URL: expected a URL"),
        ({"twilio_account_sid": "AC1", "twilio_auth_tokens": "good"}, "ACCOUNT_SID: expected AC and 32"),
        ({"twilio_account_sid": "SK" + "0" * 32, "twilio_auth_tokens": "good"}, "ACCOUNT_SID: expected AC and 32"),
        ({"public_url": "https://desk.example.nl/loket"}, "without a path"),
        ({"public_url": "https://iris:geheim@desk.example.nl"}, "without a path"),
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
    assert fault.startswith("MELDPUNT_DEMO: ")
    assert about in fault


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "192.0.2.7:8000", "[::]:8000", "desk.example.nl:80"])
def test_a_demonstration_listens_to_nobody_outside_this_machine(bind: str) -> None:
    (fault,) = _faults(**NEAR, bind=bind)
    assert fault == "MELDPUNT_DEMO: bind must be on loopback; a demonstration reaches nobody outside this machine"


def test_one_mailbox_under_two_names_is_a_fault() -> None:
    box = "imaps://desk:geheim@imap.example.nl/INBOX"
    told = _faults(imap_url=box, mailbox=[{"url": "imaps://desk:geheim-2@IMAP.example.nl:993"}])
    assert told == ["MELDPUNT_MAILBOX: two, or one and imap_url, name the same folder of the same user; leave one out"]
    (told_of_blocks,) = _faults(mailbox=[{"url": box}, {"url": "imaps://a@imap.example.nl"}, {"url": box}])
    assert "same folder" in told_of_blocks
    assert load_settings(imap_url=box, mailbox=[{"url": f"{box}/Zorg"}]).mailboxes[1:]


@pytest.mark.parametrize("written", ["meldpunt@example.nl", "Meldpunt kinderen <meldpunt@example.nl>"])
def test_mail_comes_from_an_address_with_or_without_a_name(written: str) -> None:
    assert load_settings(mail_from=written).mail_from == written


def test_numbers_of_the_contact_centre_may_be_written_with_spaces_or_nationally() -> None:
    assert len(load_settings(contact_centre_numbers="+31 10 267 16 25, 010 - 267 16 25").contact_centre_numbers) == 2


def test_what_does_not_fit_together_is_named_beside_what_is_wrong_by_itself() -> None:
    told = _faults(
        threads="many",
        smtp_url="smtps://smtp.example.nl",
        twilio_auth_tokens="good",
        mailbox=[{"url": "imaps://desk@imap.example.nl"}, {"url": "imaps://desk@imap.example.nl"}],
    )
    assert [fault.partition(":")[0] for fault in told] == [
        "MELDPUNT_THREADS",
        "MELDPUNT_TWILIO_AUTH_TOKENS",
        "MELDPUNT_MAILBOX",
        "MELDPUNT_MAIL_FROM",
    ]


def test_what_was_wrong_by_itself_is_not_told_a_second_time_as_missing() -> None:
    told = _faults(smtp_url="smtps://smtp.example.nl", mail_from="not an address", twilio_account_sid="nonsense")
    assert sorted(fault.partition(":")[0] for fault in told) == ["MELDPUNT_MAIL_FROM", "MELDPUNT_TWILIO_ACCOUNT_SID"]


def test_a_demonstration_with_a_wrong_value_is_still_kept_on_this_machine() -> None:
    told = _faults(**NEAR, threads="many", public_url="https://desk.example.nl")
    assert any(fault.startswith("MELDPUNT_DEMO: public_url") for fault in told)


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
    (nowhere / "settings.toml").write_text('bind = "toml:1"\nvoice = "toml"\nmail_from = "toml@example.nl"\n')
    for name in ("bind", "voice"):
        (nowhere / f"meldpunt_{name}").write_text("secret")
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", str(nowhere))
    monkeypatch.setenv("MELDPUNT_BIND", "environment:1")
    settings = load_settings()
    assert (settings.bind, settings.voice, settings.mail_from) == ("environment:1", "secret", "toml@example.nl")


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
    assert faults[0] == "MELDPUNT_SECRETS_DIR: secrets is not a directory that the desk can read"
    assert "MELDPUNT_THREADS" in faults[1]


@pytest.mark.parametrize("name", ["meldpunt_smtp_ulr", "MELDPUNT_SMTP_ULR", "Meldpunt_smtp_ulr"])
def test_a_secret_with_a_misspelt_name_is_a_fault(nowhere: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (nowhere / name).write_text("geheim")
    (nowhere / "meldpunt_voice").write_text("secret")
    (nowhere / "other-program").write_text("geheim")
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", str(nowhere))
    assert _faults() == [f"{nowhere / name}: no such setting"]


def test_a_secret_that_is_no_file_is_a_fault(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "secrets" / "meldpunt_smtp_url").mkdir(parents=True)
    (nowhere / "elsewhere").write_text("geheim")
    (nowhere / "secrets" / "meldpunt_voice").symlink_to(nowhere / "elsewhere")
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", "secrets")
    told = " ".join(_faults(threads=1))
    assert sorted(re.findall(r"meldpunt_\w+|THREADS", told)) == ["THREADS", "meldpunt_smtp_url", "meldpunt_voice"]


def test_a_secret_that_is_not_utf8_is_a_fault(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "meldpunt_voice").write_bytes("geheim\u00e9".encode("latin-1"))
    monkeypatch.setenv("MELDPUNT_SECRETS_DIR", str(nowhere))
    (fault,) = _faults()
    assert "voice" in fault
    assert "geheim" not in fault


@pytest.mark.parametrize("name", ["meldpunt_bogus", "Meldpunt_Bogus", "MELDPUNT_BOGUS"])
def test_an_unknown_name_is_a_fault_in_small_letters_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    assert _faults() == [f"{name}: no such setting"]


def test_nothing_of_a_fault_leads_back_to_what_was_read() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(imap_url="imaps://desk:geheim/x@imap.example.nl", smtp_url="smtp://desk:geheim@smtp.example.nl")
    assert "geheim" not in str(caught.value)
    assert "geheim" not in str(caught.value.__context__)


def test_tokens_and_passwords_do_not_show_when_settings_are_printed() -> None:
    settings = load_settings(
        twilio_account_sid=ACCOUNT,
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
    assert _faults(mailbox=[box]) == [
        "MELDPUNT_MAILBOX: zorg: processed must be another folder than those that the desk empties"
    ]


def test_one_mailbox_is_not_emptied_into_another_of_the_same_account() -> None:
    one = {"url": "imaps://desk:geheim@imap.example.nl/INBOX", "processed": "Zorgen"}
    other = {"url": "imaps://desk:geheim@imap.example.nl:993/Zorgen"}
    assert len(_faults(mailbox=[one, other])) == 1
    elsewhere = {"url": "imaps://bureau:geheim@imap.example.nl/Zorgen"}
    assert len(load_settings(mailbox=[one, elsewhere]).mailboxes) == 2
