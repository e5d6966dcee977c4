"""What people fill in when they hand over: read, tidied and checked, every fault at once."""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from hours import at_local, local
from routing.handover import Giving
from routing.models import HandoverStatus
from routing.partners import Directory
from triage.act_forms import Missing, line_of, text_of

Form = Mapping[str, str]
CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
ENDS = {
    HandoverStatus.DECLINED: "De partner neemt het niet over",
    HandoverStatus.WITHDRAWN: "Wij trekken de overdracht in",
}
JUST_BEFORE_MIDNIGHT = timedelta(hours=3)


def giving(form: Form, directory: Directory, now: datetime) -> Giving:
    """To whom, who was spoken to and when (desk time), and why. Raises `Missing`."""
    faults = {}
    partner = directory.get(form.get("partner", ""))
    person, clock = line_of(form, "gesproken"), line_of(form, "hoe-laat")
    spoken_at = moment_of(clock, now) if clock else now
    if partner is None:
        faults["partner"] = "Kies aan wie u overdraagt."
    elif not person and not partner.email:
        faults["gesproken"] = f"Schrijf op met wie u sprak. {partner.name} krijgt geen e-mail van ons."
    if spoken_at is None:
        faults["hoe-laat"] = "Schrijf de tijd van het gesprek zo: 9.33. De tijd kan niet later zijn dan nu."
    if faults or partner is None:
        raise Missing(faults)
    return Giving(
        partner,
        person=person or None,
        spoken_at=spoken_at if person else None,
        why=text_of(form, "waarom") or None,
        emergency_call=line_of(form, "gebeld") or None,
    )


def confirmation(form: Form) -> str:
    """Name and function of who took it. Raises `Missing`."""
    who = line_of(form, "bevestigd")
    if not who:
        raise Missing({"bevestigd": "Schrijf de naam en de functie op van wie het overneemt."})
    return who


def ending(form: Form) -> tuple[HandoverStatus, str]:
    """Whether the partner said no or the desk takes it back, and why. Raises `Missing`."""
    how, why, faults = form.get("hoe", ""), text_of(form, "waarom"), {}
    if how not in ENDS:
        faults["hoe"] = "Kies wat er gebeurde."
    if not why:
        faults["waarom"] = "Schrijf op wie dat zei, of waarom u de overdracht intrekt."
    if faults:
        raise Missing(faults)
    return HandoverStatus(how), why


def moment_of(clock: str, now: datetime) -> datetime | None:
    """The last moment at which the clock said so ("9.33", "09:33"), UTC; None for no time, or one still to come.

    Shortly after midnight "23.50" is a few minutes ago; otherwise a later time is a slip of the keys.
    """
    found = CLOCK.fullmatch(clock)
    if found is None:
        return None
    today, said = local(now).date(), time(int(found[1]), int(found[2]))
    moment = at_local(today, said)
    if moment > now:
        moment = at_local(today - timedelta(days=1), said)
        return moment if now - moment <= JUST_BEFORE_MIDNIGHT else None
    return moment
