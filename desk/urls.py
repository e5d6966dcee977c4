"""The URLs of the settings: types that check themselves, with faults that never repeat a value and its password."""

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ENCODE = "percent-encode # ? / in the password"
DATABASE = "expected sqlite:///file or postgresql://user:password@host/name"
DRIVERS = dict.fromkeys(("postgresql", "postgresql+psycopg"), "postgresql+psycopg") | {"sqlite": "sqlite"}
LAST_PORT = 65535


def on_loopback(url: str) -> bool:
    """Whether a URL points at this machine itself, where plain text is harmless."""
    return urlsplit(url).hostname in LOOPBACK


def without_secrets(url: str) -> str:
    """Somebody's URL for a screen: neither user and password nor the query, where keys stand."""
    return re.sub(r"\?[^#]*", "?…", re.sub(r"//[^/?#]*@", "//…@", url))


def _parts(value: str, *schemes: str) -> SplitResult:
    """Raises `ValueError` for what whoever connects would read otherwise than it was meant."""
    try:
        parts = urlsplit(value.strip())
        parts.port  # noqa: B018  read to have it checked; the library's own words would repeat a piece of the password
    except ValueError:
        raise ValueError(f"this URL cannot be read; {ENCODE}, and let the port be a number") from None
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"expected a URL that begins with {_either(schemes)}")
    if {"?", "#"} & set(value) or "@" in parts.path:
        raise ValueError(f"a URL without ? and #, and without @ in its path; {ENCODE}")
    return parts


def _either(schemes: tuple[str, ...]) -> str:
    return " or ".join(f"{scheme}://" for scheme in schemes)


def _sealed_or_near(value: str, plain: str, *sealed: str) -> str:
    parts = _parts(value, *sealed, plain)
    if parts.scheme == plain and parts.hostname not in LOOPBACK:
        raise ValueError(f"plain {plain}:// is allowed on loopback only; use {_either(sealed)}")
    return parts.geturl()


def _imap(value: SecretStr) -> SecretStr:
    return SecretStr(_sealed_or_near(value.get_secret_value(), "imap", "imaps"))


def _smtp(value: SecretStr) -> SecretStr:
    return SecretStr(_sealed_or_near(value.get_secret_value(), "smtp", "smtps", "smtp+starttls"))


def _public(value: str) -> str:
    url = _sealed_or_near(value, "http", "https").rstrip("/")
    parts = urlsplit(url)
    if parts.path or parts.username is not None:
        # Pages, cookies and webhooks stand at the root: under a path most links would lead nowhere.
        raise ValueError("expected https://NAME without a path, a user or a password")
    return url


def _carrier(value: str) -> str:
    parts = _parts(value, "https", "http")
    trusted = parts.scheme == "https" and f".{parts.hostname}".endswith(".twilio.com")
    if not trusted and parts.hostname not in LOOPBACK:
        raise ValueError("a carrier outside https://….twilio.com is allowed on loopback only")
    return parts.geturl().rstrip("/")


def _fallback(value: str) -> str:
    return _sealed_or_near(value, "http", "https") if value else value


def _database(value: str) -> str:
    """A query stays allowed for PostgreSQL alone: `?sslmode=verify-full` is how it is told to encrypt."""
    scheme, _, rest = value.strip().partition("://")
    driver = DRIVERS.get(scheme.lower())
    try:
        url = make_url(f"{driver}://{rest}")
    except (ArgumentError, ValueError):
        raise ValueError(f"{DATABASE}, with a number for the port; {ENCODE}") from None
    if driver == "sqlite":
        # Without a file SQLite keeps everything in memory, and nothing after a restart.
        sound = not url.host and url.database not in {None, "", ":memory:"} and not {"?", "#"} & set(rest)
    else:
        sound = bool(driver) and not {"@", "#"} & set(f"{url.host}{url.database}")
    if not sound or not 0 < (url.port or 1) <= LAST_PORT:
        raise ValueError(f"{DATABASE}; {ENCODE}, and @ as well")
    return f"{driver}://{rest}"


ImapUrl = Annotated[SecretStr, AfterValidator(_imap)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp)]
PublicUrl = Annotated[str, AfterValidator(_public)]
CarrierUrl = Annotated[str, AfterValidator(_carrier)]
FallbackUrl = Annotated[str, AfterValidator(_fallback)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
