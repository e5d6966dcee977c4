"""The document `texts`: what is told without a person, with places to fill in. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

PLACE = re.compile(r"\{(\w*)\}")
CHOICE = "T8_keuze"
PLACES: dict[str, frozenset[str]] = {
    "T8": frozenset({"reden", "dag", "tijd"}),
    CHOICE: frozenset(),
    "M1": frozenset({"kenmerk", "meldnummer", "sluit", "lezen", "reactie"}),
    "M2": frozenset({"kenmerk", "meldnummer", "dag", "tijd", "reactie"}),
    "M4": frozenset({"kenmerk", "meldnummer"}),
}
"""The texts there are, and what each may have filled in."""
OPTIONAL = frozenset({CHOICE})
"""A document of before may lack these: its T8 ends with the choice itself."""


class BadTexts(ValueError):
    """A document of texts that cannot be told; `faults` names everything wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Wording:
    """One text. A letter has a subject; what is spoken has none."""

    subject: str
    text: str

    def filled(self, **words: str) -> "Wording":
        """The same text with its places filled; every place it names must be given."""
        return Wording(*(PLACE.sub(lambda place: words[place[1]], part) for part in (self.subject, self.text)))


def read_texts(body: str) -> Mapping[str, Wording]:
    """The texts in a TOML document, by code. Raises `BadTexts` for a missing one, a wrong key or an unknown place."""
    try:
        table = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        raise BadTexts([str(error)]) from error
    faults = [fault for code in PLACES.keys() - OPTIONAL | table.keys() for fault in _faults(code, table.get(code))]
    if faults:
        raise BadTexts(sorted(faults))
    return {code: Wording(row.get("subject", ""), row["text"].strip()) for code, row in table.items()}


def _faults(code: str, row: object) -> list[str]:
    if code not in PLACES:
        return [f"{code}: no such text"]
    match row:
        case {"text": str() as text, **rest} if text.strip() and not rest.keys() - {"subject"}:
            subject = rest.get("subject", "")
        case _:
            return [f"{code}: expected a text, and a subject if it is a letter"]
    if not isinstance(subject, str) or bool(subject) != code.startswith("M") or "\n" in subject:
        return [f"{code}: a letter has a subject of one line, a spoken text none"]
    unknown = {place[1] for place in PLACE.finditer(subject + text)} - PLACES[code]
    return [f"{code}: {{{place}}} is not known here" for place in sorted(unknown)]
