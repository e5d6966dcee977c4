"""Connection overrides: the fragment of a webhook's URL that says how patient and how stubborn the carrier is.

https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Pure.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

WHOLE = 15.0  # seconds; no request of a call ever takes longer
BOUNDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
FAULTS = frozenset({"4xx", "5xx", "ct", "rt"})


class BadOverride(ValueError):
    """A fragment that the carrier does not understand."""


@dataclass(frozen=True)
class Overrides:
    """Seconds to connect, to read, in all; how many more tries, and after which faults."""

    connect: float = 5.0
    read: float = WHOLE
    total: float = WHOLE
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})


def split(url: str) -> tuple[str, Overrides]:
    """The URL as it is requested and signed, without its fragment, and what the fragment asks.

    Raises `BadOverride`.
    """
    bare, fragment = urldefrag(url)
    asked = dict(parse_qsl(fragment, keep_blank_values=True))
    unknown = set(asked) - {*BOUNDS, "rp", "sni", "e"}
    if unknown:
        raise BadOverride(f"unknown override {sorted(unknown)}")
    number = {name: _number(name, asked[name]) for name in BOUNDS if name in asked}
    return bare, Overrides(
        connect=number.get("ct", 5000) / 1000,
        read=number.get("rt", 15_000) / 1000,
        total=number.get("tt", 15_000) / 1000,
        retries=number.get("rc", 1),
        retried=_faults(asked.get("rp", "ct")),
    )


def _number(name: str, text: str) -> int:
    least, most = BOUNDS[name]
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise BadOverride(f"{name}={text} is not between {least} and {most}")
    return int(text)


def _faults(text: str) -> frozenset[str]:
    words = frozenset(text.split(","))
    if not words <= FAULTS | {"all"}:
        raise BadOverride(f"rp={text} is not known")
    return FAULTS if "all" in words else words
