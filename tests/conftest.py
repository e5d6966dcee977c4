"""What every test may ask for: a desk on a fresh database of either engine, its clock, and its web pages."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import create_app, metadata, seeds
from desk.database import Database
from desk.desk import Desk
from desk.keyring import KeyRing, write_key_file
from desk.migrate import migrate
from desk.settings import Settings, load_settings
from desk.vault import Vault
from tests.builders import a_colleague, sign_in
from tests.fakes import CollectingSender, FixedClock
from tests.servers.postgres import postgres_url

TUESDAY = datetime(2020, 4, 14, 8, 0, tzinfo=UTC)  # 10.00 in Rotterdam, the first day of the meldpunt
RING = KeyRing.new()

__all__ = ["postgres_url"]


@pytest.fixture
def clock() -> FixedClock:
    """Tuesday 14 April 2020, 10.00 in Rotterdam, until the test sets it."""
    return FixedClock(TUESDAY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated PostgreSQL database that tests copy."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    _execute(postgres_url, f"CREATE DATABASE {name}")
    _migrated(_at(postgres_url, name))
    return name


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database."""
    copy = tmp_path / "desk.db"
    copy.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{copy}"


@pytest.fixture
def postgres_database(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database, dropped afterwards."""
    name = f"desk_{uuid.uuid4().hex[:12]}"
    _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield _at(postgres_url, name)
    _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database, once of each engine."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest.fixture
def desk(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """A whole desk on both engines, one after the other."""
    yield from _desk(database_url, tmp_path, clock)


@pytest.fixture
def sqlite_desk(sqlite_database: str, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """A whole desk on SQLite only, where the engine makes no difference."""
    yield from _desk(sqlite_database, tmp_path, clock)


@pytest.fixture
def app(sqlite_desk: Desk) -> Flask:
    """The web application over `sqlite_desk`."""
    application = create_app(sqlite_desk.settings, sqlite_desk)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def staff(app: Flask, sqlite_desk: Desk) -> Callable[..., FlaskClient]:
    """Makes a signed-in colleague's browser: `staff("Iris Bedacht")`."""

    def signed_in(name: str = "Iris Bedacht", role: str = "medewerker") -> FlaskClient:
        colleague = a_colleague(sqlite_desk, name, role)
        return sign_in(app.test_client(), colleague)

    return signed_in


def some_settings(url: str, folder: Path, **differences: object) -> Settings:
    """Settings of a test desk that reaches nothing outside this machine."""
    given: dict[str, object] = {
        "database_url": url,
        "data_dir": folder,
        "key_file": folder / "desk.keys",
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_tokens": ("token-of-a-test",),
        "twilio_api_url": "http://127.0.0.1:9",
        "smtp_url": "smtp://127.0.0.1:9",
        "mail_from": "meldpunt@meldpunt.example",
    }
    return load_settings(**(given | differences))


def _desk(url: str, folder: Path, clock: FixedClock) -> Iterator[Desk]:
    settings = some_settings(url, folder)
    write_key_file(settings.key_file, RING)
    vault = Vault(RING)
    desk = Desk(settings, clock, vault, Database(url, vault, clock), CollectingSender())
    yield desk
    desk.database.close()


def _migrated(url: str) -> None:
    database = Database(url, Vault(RING), FixedClock(TUESDAY))
    migrate(database, metadata(), seeds())
    if database.on_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _at(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)
