"""The only module that reads the environment: every setting of a process, checked before anything starts."""

import json
import os
import tomllib
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from desk.urls import LAST_PORT, CarrierUrl, DatabaseUrl, ImapUrl, PublicUrl, SmtpUrl, on_loopback

PREFIX = "MELDPUNT_"
LONGEST_MAIL_DOMAIN = 70  # of our own address; a Message-ID with a longer one does not fit into its column


class SettingsError(Exception):
    """Settings with which the desk must not start; `faults` names every one of them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _listening(value: str) -> str:
    host, _, port = value.rpartition(":")
    named = bool(host) and "/" not in host and (":" not in host or (host.startswith("[") and host.endswith("]")))
    if not named or not (port.isascii() and port.isdecimal() and 0 < int(port) <= LAST_PORT):
        raise ValueError(f"expected HOST:PORT, with a port from 1 to {LAST_PORT}")
    return value


def _readable(path: Path) -> Path:
    try:
        path.read_bytes()
    except OSError:
        raise ValueError("there is no file here that the desk can read") from None
    return path


def _short_enough(value: str) -> str:
    if len(parseaddr(value)[1].rpartition("@")[2]) > LONGEST_MAIL_DOMAIN:
        raise ValueError(f"its domain must have at most {LONGEST_MAIL_DOMAIN} characters: our Message-IDs carry it")
    return value


class Mailbox(BaseModel, extra="forbid", frozen=True, str_strip_whitespace=True):
    """One IMAP mailbox that the desk empties."""

    name: str = "meldpunt"
    url: ImapUrl
    """`imaps://user:password@host:port/INBOX`; plain `imap://` on loopback only."""
    processed: str = "Processed"
    """The folder that a mail moves to once it is stored; made when absent."""
    oauth2_token_command: str | None = None
    """A command that prints an access token (XOAUTH2) for the user in `url`; one is asked for at each connection."""
    own_addresses: tuple[str, ...] = ()
    """Addresses of the desk itself: mail from these is never answered."""

    @property
    def account(self) -> str:
        """`user@host:port`, the port also when the URL leaves it out."""
        url = urlsplit(self.url.get_secret_value())
        return f"{unquote(url.username or '')}@{url.hostname}:{url.port or (993 if url.scheme == 'imaps' else 143)}"

    @property
    def folder(self) -> str:
        """The folder that the URL names, INBOX when it names none."""
        return unquote(urlsplit(self.url.get_secret_value()).path.strip("/")) or "INBOX"


class Settings(BaseSettings):
    """Every setting of the desk. Environment first, then secret files, then the TOML file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl = "sqlite:///meldpunt.db"
    data_dir: Path = Path("data")
    key_file: Path = Path("meldpunt.keys")
    public_url: PublicUrl = "http://127.0.0.1:8000"
    bind: Annotated[str, AfterValidator(_listening)] = "127.0.0.1:8000"
    threads: Annotated[int, Field(ge=4, le=75)] = 64
    """Never more than the database can serve at once: its pool holds 80 connections (`desk.database.POOL`)."""
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0

    twilio_account_sid: str = ""
    twilio_auth_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    twilio_api_url: CarrierUrl = "https://api.dublin.ie1.twilio.com"
    voice: str = "Polly.Laura-Neural"
    contact_centre_numbers: Annotated[tuple[str, ...], NoDecode] = ()

    imap_url: ImapUrl | None = None
    mailbox: Annotated[tuple[Mailbox, ...], NoDecode] = ()
    mail_poll_seconds: Annotated[float, Field(ge=0.2, le=300)] = 20
    mail_max_bytes: Annotated[int, Field(ge=100_000, le=200_000_000)] = 50_000_000
    smtp_url: SmtpUrl | None = None
    mail_from: Annotated[str, AfterValidator(_short_enough)] = ""

    theme_css: Annotated[Path, AfterValidator(_readable)] | None = None
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
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError('expected JSON, like [{"url": "imaps://user:password@host/INBOX"}]') from None

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        faults = [*self._half_told(), *self._in_a_circle(), *self._out_of_the_demonstration()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _half_told(self) -> Iterator[str]:
        if self.twilio_account_sid and not self.twilio_auth_tokens:
            yield "twilio_auth_tokens is empty: webhooks could not be checked"
        if self.twilio_auth_tokens and not self.twilio_account_sid:
            yield "twilio_account_sid is empty: tokens belong to an account"
        if self.smtp_url and not self.mail_from:
            yield "mail_from is empty: the desk needs an address to write from"

    def _in_a_circle(self) -> Iterator[str]:
        """What is moved into a folder that is emptied comes as new mail at every scan."""
        emptied = {(box.account, _one_inbox(box.folder)) for box in self.mailboxes}
        for box in self.mailboxes:
            if (box.account, _one_inbox(box.processed)) in emptied:
                yield f"mailbox {box.name}: processed must be another folder than those that the desk empties"

    def _out_of_the_demonstration(self) -> Iterator[str]:
        """Its people are invented and its passwords known, so it must not touch a real mailbox, carrier or visitor."""
        if not self.demo:
            return
        urls = [("public_url", self.public_url), ("twilio_api_url", self.twilio_api_url)]
        urls += [("smtp_url", self.smtp_url.get_secret_value())] if self.smtp_url else []
        urls += [("imap_url or mailbox", box.url.get_secret_value()) for box in self.mailboxes]
        away = sorted({name for name, url in urls if not on_loopback(url)})
        if away:
            yield f"demo: {', '.join(away)} must be on loopback; a demonstration reaches nobody outside this machine"

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The mailboxes to empty: those of the TOML file, and the one of `MELDPUNT_IMAP_URL`."""
        if self.imap_url is None:
            return self.mailbox
        return (Mailbox(url=self.imap_url), *self.mailbox)


def _one_inbox(folder: str) -> str:
    """INBOX is the one name of a folder in which case means nothing (RFC 3501, 5.1)."""
    return "INBOX" if folder.upper() == "INBOX" else folder


def settings_file() -> Path | None:
    """The TOML file named by MELDPUNT_SETTINGS, else settings.toml in the working directory if it is there."""
    named = os.environ.get(f"{PREFIX}SETTINGS")
    path = Path(named or "settings.toml")
    return path if named or path.is_file() else None


def load_settings(**given: Any) -> Settings:
    """Read and check every setting; `given` wins over all sources (used by the demonstration and by tests).

    Raises `SettingsError` with a line for every fault, never just the first.
    """
    faults = _unknown_names()
    secrets = os.environ.get(f"{PREFIX}SECRETS_DIR") or None
    if secrets and not Path(secrets).is_dir():
        faults.append(f"{PREFIX}SECRETS_DIR: {secrets} is not a directory")
        secrets = None
    path = settings_file()
    if path is not None and not path.is_file():
        faults.append(f"{PREFIX}SETTINGS: {path} is not a file")
    read = " or ".join(str(place) for place in (path, secrets) if place)
    # `from None` everywhere: what the libraries raise holds what they read, and so passwords.
    try:
        settings = Settings(_secrets_dir=secrets, **given)
    except ValidationError as error:
        raise SettingsError(faults + [_fault(item) for item in error.errors()]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([*faults, f"{path}: {error}"]) from None
    except UnicodeDecodeError:
        raise SettingsError([*faults, f"{read}: not UTF-8"]) from None
    except OSError as error:
        raise SettingsError([*faults, f"{read}: cannot be read ({error.strerror})"]) from None
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
