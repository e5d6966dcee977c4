"""The only module that reads the environment: every setting of a process, checked before anything starts."""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "MELDPUNT_"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """Settings with which the desk must not start; `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def on_loopback(url: str) -> bool:
    """Whether a URL points at this machine itself, where plain text is harmless."""
    return urlsplit(url).hostname in LOOPBACK


def _url(value: str, schemes: set[str]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"expected a URL that begins with {' or '.join(sorted(schemes))}://")
    return value


class Mailbox(BaseModel, extra="forbid", frozen=True):
    """One IMAP mailbox that the desk empties."""

    name: str = "meldpunt"
    url: SecretStr
    """`imaps://user:password@host:port/INBOX`; plain `imap://` on loopback only."""
    processed: str = "Processed"
    """The folder that a mail moves to once it is stored; made when absent."""
    oauth2_token_command: str | None = None
    """A command that prints an access token (XOAUTH2) for the user in `url`; one is asked for at each connection."""
    own_addresses: tuple[str, ...] = ()
    """Addresses of the desk itself: mail from these is never answered."""

    @field_validator("url")
    @classmethod
    def _is_imap(cls, value: SecretStr) -> SecretStr:
        url = _url(value.get_secret_value(), {"imap", "imaps"})
        if url.startswith("imap:") and not on_loopback(url):
            raise ValueError("plain imap:// is allowed on loopback only; use imaps://")
        return value


class Settings(BaseSettings):
    """Every setting of the desk. Environment first, then secret files, then the TOML file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = "sqlite:///meldpunt.db"
    data_dir: Path = Path("data")
    key_file: Path = Path("meldpunt.keys")
    public_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    threads: Annotated[int, Field(ge=4, le=512)] = 64
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0

    twilio_account_sid: str = ""
    twilio_auth_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    twilio_api_url: str = "https://api.dublin.ie1.twilio.com"
    voice: str = "Polly.Laura-Neural"
    contact_centre_numbers: Annotated[tuple[str, ...], NoDecode] = ()

    imap_url: SecretStr | None = None
    mailbox: tuple[Mailbox, ...] = ()
    mail_poll_seconds: Annotated[float, Field(ge=0.2, le=300)] = 20
    mail_max_bytes: Annotated[int, Field(ge=100_000, le=200_000_000)] = 50_000_000
    smtp_url: SecretStr | None = None
    mail_from: str = ""

    theme_css: Path | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    session_hours: Annotated[float, Field(gt=0, le=24)] = 10
    demo: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment > secret files > TOML, as the design orders them."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=settings_file())
        return init_settings, env_settings, file_secret_settings, toml

    @field_validator("twilio_auth_tokens", "contact_centre_numbers", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _is_public(cls, value: str) -> str:
        url = _url(value, {"http", "https"}).rstrip("/")
        if url.startswith("http:") and not on_loopback(url):
            raise ValueError("plain http:// is allowed on loopback only; use https://")
        return url

    @field_validator("twilio_api_url")
    @classmethod
    def _is_carrier(cls, value: str) -> str:
        url = _url(value, {"http", "https"}).rstrip("/")
        host = urlsplit(url).hostname or ""
        trusted = url.startswith("https:") and (host == "twilio.com" or host.endswith(".twilio.com"))
        if not trusted and not on_loopback(url):
            raise ValueError("a carrier outside https://….twilio.com is allowed on loopback only")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = _url(value.get_secret_value(), {"smtp", "smtps", "smtp+starttls"})
        if url.startswith("smtp:") and not on_loopback(url):
            raise ValueError("plain smtp:// is allowed on loopback only; use smtps:// or smtp+starttls://")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise ValueError("expected sqlite:///file or postgresql://user:password@host/name")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    @model_validator(mode="after")
    def _phone_is_guarded(self) -> "Settings":
        if self.twilio_account_sid and not self.twilio_auth_tokens:
            raise ValueError("twilio_auth_tokens is empty: webhooks could not be checked")
        if self.smtp_url and not self.mail_from:
            raise ValueError("mail_from is empty: the desk needs an address to write from")
        return self

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes to empty: those of the TOML file, and the one of `MELDPUNT_IMAP_URL`."""
        if self.imap_url is None:
            return self.mailbox
        return (Mailbox(url=self.imap_url), *self.mailbox)


def settings_file() -> Path | None:
    """The TOML file named by MELDPUNT_SETTINGS, else settings.toml in the working directory if it is there."""
    named = os.environ.get(f"{PREFIX}SETTINGS")
    path = Path(named or "settings.toml")
    return path if named or path.is_file() else None


def load_settings(**given: Any) -> Settings:
    """Read and check every setting; `given` wins over all sources (used by the demonstration and by tests).

    Raises `SettingsError` with a line for every fault, never just the first.
    """
    secrets = os.environ.get(f"{PREFIX}SECRETS_DIR")
    faults = _unknown_names()
    path = settings_file()
    if path is not None and not path.is_file():
        faults.append(f"{PREFIX}SETTINGS: {path} is not a file")
    try:
        settings = Settings(_secrets_dir=secrets, **given)
    except ValidationError as error:
        raise SettingsError(faults + [_fault(item) for item in error.errors()]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([*faults, f"{path}: {error}"]) from error
    if faults:
        raise SettingsError(faults)
    return settings


def _unknown_names() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}SETTINGS", f"{PREFIX}SECRETS_DIR"}
    return [f"{name}: no such setting" for name in sorted(os.environ) if name.startswith(PREFIX) and name not in known]


def _fault(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{where.upper()}: {message}" if where else message


def child_environment(**settings: object) -> dict[str, str]:
    """The environment for a child process: this one's, with exactly these settings of the desk and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {PREFIX + name.upper(): str(value) for name, value in settings.items()}
