"""What tests of the foundations ask for: the command itself, and databases that hold nothing yet."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import meldpunt
from desk.database import Database
from desk.desk import Desk
from desk.settings import Settings
from desk.vault import Vault
from tests.conftest import RING, TUESDAY
from tests.fakes import FixedClock


class Command(Protocol):
    """Runs `meldpunt` with words, what is typed, and settings that differ from the desk's."""

    def __call__(self, *words: str | Path, typed: str = "", **differences: str) -> Result: ...


@pytest.fixture
def command(desk: Desk) -> Command:
    """`meldpunt` as an operator of `desk` types it, once on each engine."""
    return command_of(desk.settings)


@pytest.fixture
def sqlite_command(sqlite_desk: Desk) -> Command:
    """The same where the engine makes no difference."""
    return command_of(sqlite_desk.settings)


def command_of(settings: Settings) -> Command:
    """`meldpunt` in the environment that these settings came from."""

    def run(*words: str | Path, typed: str = "", **differences: str) -> Result:
        given = environment_of(settings) | {f"MELDPUNT_{name.upper()}": value for name, value in differences.items()}
        return CliRunner().invoke(meldpunt, [str(word) for word in words], input=typed, env=given)

    return run


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without a single table, once of each engine."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """The same, opened."""
    yield from _opened(empty_url)


@pytest.fixture
def empty_sqlite(empty_sqlite_url: str) -> Iterator[Database]:
    """An SQLite file without tables, opened."""
    yield from _opened(empty_sqlite_url)


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _opened(url: str) -> Iterator[Database]:
    database = Database(url, Vault(RING), FixedClock(TUESDAY))
    yield database
    database.close()


def environment_of(settings: Settings) -> dict[str, str | None]:
    """The environment that makes these settings; None for what must not be in it."""
    shown: dict[str, str | None] = {"MELDPUNT_SETTINGS": None, "MELDPUNT_SECRETS_DIR": None}
    for name in (
        "database_url",
        "data_dir",
        "key_file",
        "public_url",
        "twilio_account_sid",
        "twilio_api_url",
        "phone_number",
        "mail_from",
    ):
        shown[f"MELDPUNT_{name.upper()}"] = str(getattr(settings, name))
    shown["MELDPUNT_TWILIO_AUTH_TOKENS"] = ",".join(token.get_secret_value() for token in settings.twilio_auth_tokens)
    shown["MELDPUNT_SMTP_URL"] = settings.smtp_url.get_secret_value() if settings.smtp_url else None
    return shown
