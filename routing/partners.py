"""The document `partners`: whom the desk hands over to. Pure."""

import enum
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from triage.values import Area

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE, LONGEST_NAME = 60, 120  # what a handover holds of its partner


class Kind(enum.StrEnum):
    """What a partner is."""

    EMERGENCY = "emergency"
    POLICE = "police"
    VEILIG_THUIS = "veilig_thuis"
    CRISIS_SERVICE = "crisis_service"
    CERTIFIED_INSTITUTION = "certified_institution"
    NEIGHBOURHOOD_TEAM = "neighbourhood_team"
    YOUTH_HEALTH_CARE = "youth_health_care"
    SCHOOL_ATTENDANCE = "school_attendance"
    SCHOOL_SOCIAL_WORK = "school_social_work"
    YOUTH_WORK = "youth_work"
    SCHOOL_BOARD = "school_board"
    CHILDCARE = "childcare"


@dataclass(frozen=True)
class Partner:
    """One organisation. `phone` is as people read it and empty when unknown; `spoken` as a voice says it."""

    code: str
    name: str
    kind: Kind
    phone: str = ""
    spoken: str = ""
    email: str = ""
    hours: str = ""
    note: str = ""
    area: Area | None = None

    @property
    def tel(self) -> str:
        """The number as a telephone dials it: digits only, empty when unknown."""
        return re.sub(r"\D", "", self.phone)


Directory = Mapping[str, Partner]
"""Partners by code, in the order of the document."""


class BadPartners(ValueError):
    """A directory that cannot be read; `faults` names everything wrong."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_partners(body: str) -> Directory:
    """The directory in a TOML document. Raises `BadPartners`."""
    try:
        rows = tomllib.loads(body).get("partners", [])
    except tomllib.TOMLDecodeError as error:
        raise BadPartners([str(error)]) from error
    found: dict[str, Partner] = {}
    faults: list[str] = []
    for n, row in enumerate(rows, 1):
        try:
            partner = _partner(row)
        except (TypeError, ValueError) as error:
            faults.append(f"partner {n}: {error}")
            continue
        if partner.code in found:
            faults.append(f"partner {n}: {partner.code} stands there twice")
        found[partner.code] = partner
    if faults or not found:
        raise BadPartners(faults or ["no partners"])
    return found


def without_number(directory: Directory) -> list[str]:
    """The names of partners whose telephone number is not known yet."""
    return [partner.name for partner in directory.values() if not partner.tel]


def _partner(row: Mapping[str, Any]) -> Partner:
    if wrong := [key for key, value in row.items() if not isinstance(value, str)]:
        raise TypeError(f"{wrong[0]} is not a text")
    code = row.get("code", "")
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise ValueError("code must be lower case letters, digits and dashes")
    if not 0 < len(row.get("name", "")) <= LONGEST_NAME:
        raise ValueError(f"{code} has no name, or one of more than {LONGEST_NAME} characters")
    area = Area(row["area"]) if "area" in row else None
    return Partner(**{**row, "kind": Kind(row.get("kind", "")), "area": area})
