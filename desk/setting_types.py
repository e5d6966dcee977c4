"""The settings that are no URLs: types that check themselves, with faults that an operator can act on."""

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from desk.urls import LAST_PORT

LONGEST_MAIL_DOMAIN = 70  # of our own address; a Message-ID with a longer one does not fit into its column
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d-]+\.)+[a-z\d-]+", re.ASCII | re.IGNORECASE)
ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
NUMBER = re.compile(r"(?:\+|00)[1-9]\d{7,14}|0[1-9]\d{8}", re.ASCII)  # E.164, or as written in the Netherlands
E164 = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
BETWEEN_DIGITS = str.maketrans("", "", " ().-")


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


def _sender(value: str) -> str:
    """An address, or a name and an address. Python's own reading of one finds something in nearly everything."""
    address = parseaddr(value)[1]
    whole = value == address or value.endswith(f"<{address}>")
    if value and not (whole and value.isprintable() and ADDRESS.fullmatch(address)):
        raise ValueError("expected one mail address, like meldpunt@example.nl or Meldpunt <meldpunt@example.nl>")
    if len(address.rpartition("@")[2]) > LONGEST_MAIL_DOMAIN:
        raise ValueError(f"its domain must have at most {LONGEST_MAIL_DOMAIN} characters: our Message-IDs carry it")
    return value


def _account(value: str) -> str:
    if value and not ACCOUNT.fullmatch(value):
        raise ValueError("expected AC and 32 characters of 0-9 and a-f, as Twilio's console shows it")
    return value


def _own_number(value: str) -> str:
    if value and not E164.fullmatch(value):
        raise ValueError("expected the number as the carrier writes it, like +31101234567; 14 010 itself is none")
    return value


def _numbers(values: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [value for value in values if not NUMBER.fullmatch(value.translate(BETWEEN_DIGITS))]
    if wrong:
        raise ValueError(
            f"{', '.join(wrong)}: expected numbers as a carrier shows them, like +31101234567; 14 010 itself is none"
        )
    return values


Listening = Annotated[str, AfterValidator(_listening)]
ReadableFile = Annotated[Path, AfterValidator(_readable)]
Sender = Annotated[str, AfterValidator(_sender)]
CarrierAccount = Annotated[str, AfterValidator(_account)]
OwnNumber = Annotated[str, AfterValidator(_own_number)]
Numbers = Annotated[tuple[str, ...], AfterValidator(_numbers)]
