"""The only module that reads the environment: every setting of a process, checked before anything starts."""

import os
import tomllib
import warnings
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as SourceError,
)

from desk.mailbox_settings import Mailbox, check_mailboxes, every_mailbox, read_mailboxes
from desk.setting_types import CarrierAccount, Listening, Numbers, OwnNumber, ReadableFile, Sender
from desk.urls import CarrierUrl, DatabaseUrl, FallbackUrl, ImapUrl, PublicUrl, SmtpUrl, on_loopback

PREFIX = "MELDPUNT_"
NAMED = ("public_url", "twilio_api_url", "phone_fallback_url")
WHERE = {f"{PREFIX}SETTINGS", f"{PREFIX}SECRETS_DIR"}

Together = Field(validate_default=True)
"""A setting that is looked at beside those above it, also when it is not given. A wrong one of those is not there."""


class SettingsError(Exception):
    """Settings with which the desk must not start; `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Every setting of the desk. Environment first, then secret files, then the TOML file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl = "sqlite:///meldpunt.db"
    data_dir: Path = Path("data")
    key_file: Path = Path("meldpunt.keys")
    public_url: PublicUrl = "http://127.0.0.1:8000"
    bind: Listening = "127.0.0.1:8000"
    threads: Annotated[int, Field(ge=4, le=75)] = 64
    """Never more than the database can serve at once: its pool holds 80 connections (`desk.engine.POOL`)."""
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0

    twilio_account_sid: CarrierAccount = ""
    twilio_auth_tokens: Annotated[tuple[SecretStr, ...], NoDecode, Together] = ()
    twilio_api_url: CarrierUrl = "https://api.dublin.ie1.twilio.com"
    phone_number: OwnNumber = ""
    phone_fallback_url: FallbackUrl = ""
    voice: str = "Polly.Laura-Neural"
    delete_recordings_after_backup: bool = True
    contact_centre_numbers: Annotated[Numbers, NoDecode] = ()

    imap_url: ImapUrl | None = None
    mailbox: Annotated[tuple[Mailbox, ...], NoDecode, Together] = ()
    mail_poll_seconds: Annotated[float, Field(ge=0.2, le=300)] = 20
    mail_max_bytes: Annotated[int, Field(ge=100_000, le=200_000_000)] = 50_000_000
    smtp_url: SmtpUrl | None = None
    mail_from: Annotated[Sender, Together] = ""

    theme_css: ReadableFile | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    session_hours: Annotated[float, Field(gt=0, le=24)] = 10
    demo: Annotated[bool, Together] = False

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

    @field_validator("twilio_auth_tokens")
    @classmethod
    def _none_blank(cls, tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        # Anybody can sign with an empty key.
        if not all(token.get_secret_value().strip() for token in tokens):
            raise ValueError("a token is blank: whoever signs with nothing would be believed")
        return tokens

    @field_validator("mailbox", mode="before")
    @classmethod
    def _from_json(cls, value: object) -> object:
        return read_mailboxes(value) if isinstance(value, str) else value

    @field_validator("twilio_auth_tokens")
    @classmethod
    def _with_their_account(cls, tokens: tuple[SecretStr, ...], above: ValidationInfo) -> tuple[SecretStr, ...]:
        account = above.data.get("twilio_account_sid")
        if account and not tokens:
            raise ValueError("empty: webhooks could not be checked")
        if tokens and account == "":
            raise ValueError("twilio_account_sid is empty: tokens belong to an account")
        return tokens

    @field_validator("mailbox")
    @classmethod
    def _each_once_and_never_in_a_circle(cls, boxes: tuple[Mailbox, ...], above: ValidationInfo) -> tuple[Mailbox, ...]:
        check_mailboxes(every_mailbox(above.data | {"mailbox": boxes}))
        return boxes

    @field_validator("mail_from")
    @classmethod
    def _with_its_server(cls, address: str, above: ValidationInfo) -> str:
        if above.data.get("smtp_url") and not address:
            raise ValueError("empty: the desk needs an address to write from")
        return address

    @field_validator("demo")
    @classmethod
    def _kept_on_this_machine(cls, demo: bool, above: ValidationInfo) -> bool:  # noqa: FBT001  the signature is pydantic's
        """Its people are invented and its passwords known, so it must not touch a real mailbox, carrier or visitor."""
        away = sorted({name for name, url in _reaching(above.data) if not on_loopback(url)})
        if demo and away:
            raise ValueError(
                f"{', '.join(away)} must be on loopback; a demonstration reaches nobody outside this machine"
            )
        return demo

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes to empty: those of the TOML file, and the one of `MELDPUNT_IMAP_URL`."""
        return every_mailbox({"imap_url": self.imap_url, "mailbox": self.mailbox})


def settings_file() -> Path | None:
    """The TOML file named by MELDPUNT_SETTINGS, else settings.toml in the working directory if it is there."""
    named = os.environ.get(f"{PREFIX}SETTINGS")
    path = Path(named or "settings.toml")
    return path if named or path.is_file() else None


def _reaching(valid: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The settings that say whom the desk reaches, and who it."""
    yield from ((name, valid[name]) for name in NAMED if valid.get(name))
    if "bind" in valid:
        yield "bind", f"//{valid['bind']}"
    if valid.get("smtp_url"):
        yield "smtp_url", valid["smtp_url"].get_secret_value()
    yield from (("imap_url or mailbox", box.url.get_secret_value()) for box in every_mailbox(valid))


def load_settings(**given: Any) -> Settings:
    """Read and check every setting; `given` wins over all sources (used by the demonstration and by tests).

    Raises `SettingsError` with a line for every fault, never just the first.
    """
    faults = _unknown_names()
    secrets = os.environ.get(f"{PREFIX}SECRETS_DIR") or None
    if secrets and not (Path(secrets).is_dir() and os.access(secrets, os.R_OK | os.X_OK)):
        faults.append(f"{PREFIX}SECRETS_DIR: {secrets} is not a directory that the desk can read")
        secrets = None
    faults += _unknown_secrets(Path(secrets)) if secrets else []
    path = settings_file()
    if path is not None and not path.is_file():
        faults.append(f"{PREFIX}SETTINGS: {path} is not a file")
    settings, further = _read(path, secrets, given)
    if settings is None or faults or further:
        raise SettingsError(faults + further)
    return settings


def _read(path: Path | None, secrets: str | None, given: dict[str, Any]) -> tuple[Settings | None, list[str]]:
    with warnings.catch_warnings(record=True) as passed_over:
        warnings.simplefilter("always")  # the library only warns of a secret that it passes over
        settings, faults = _checked(path, secrets, given)
    return settings, [str(warning.message) for warning in passed_over] + faults


def _checked(path: Path | None, secrets: str | None, given: dict[str, Any]) -> tuple[Settings | None, list[str]]:
    read = " or ".join(str(place) for place in (path, secrets) if place)
    # Nothing is raised on from here: what the libraries raise holds what they read, and so passwords.
    try:
        return Settings(_secrets_dir=secrets, **given), []
    except ValidationError as error:
        return None, [_fault(item) for item in error.errors()]
    except tomllib.TOMLDecodeError as error:
        return None, [f"{path}: {error}"]
    except UnicodeDecodeError:
        return None, [f"{read}: not UTF-8"]
    except OSError as error:
        return None, [f"{read}: cannot be read ({error.strerror})"]
    except SourceError as error:
        return None, [f"{read}: {error} ({type(error.__cause__).__name__})"]


def _unknown_names() -> list[str]:
    return [f"{name}: no such setting" for name in sorted(os.environ) if _ours(name) and not _known(name, WHERE)]


def _unknown_secrets(secrets: Path) -> list[str]:
    return [
        f"{path}: no such setting" for path in sorted(secrets.iterdir()) if _ours(path.name) and not _known(path.name)
    ]


def _ours(name: str) -> bool:
    return name.upper().startswith(PREFIX)


def _known(name: str, exactly: AbstractSet[str] = frozenset()) -> bool:
    """Whether this names a setting, in capitals or not, or is one of the others to the letter."""
    return name in exactly or name.upper().removeprefix(PREFIX).lower() in Settings.model_fields


def _fault(item: Any) -> str:
    where = ".".join(str(part) for part in item["loc"])
    message = item["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{where.upper()}: {message}" if where else message


def child_environment(**settings: object) -> dict[str, str]:
    """The environment for a child process: this one's, with exactly these settings of the desk and no others."""
    kept = {name: value for name, value in os.environ.items() if not _ours(name)}
    return kept | {PREFIX + name.upper(): str(value) for name, value in settings.items()}
