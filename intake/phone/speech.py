"""How long a text takes to say; pure. Near enough: fitted to a slow voice that took 7.7 s for T1 and 35 s for T8."""

import re

A_SIGN = 0.06  # seconds
A_PAUSE = 0.75  # seconds between two sentences
PAUSES = re.compile(r"[.?!](?=\s|$)")


def seconds_to_say(text: str) -> float:
    """From the first word to the pause after the last."""
    return len(text) * A_SIGN + len(PAUSES.findall(text)) * A_PAUSE


def length_words(seconds: float) -> str:
    """A length as people read it: "8 seconden", "1.05 minuut"."""
    whole = max(1, round(seconds))
    if whole < 60:  # noqa: PLR2004  a minute
        return f"{whole} {'seconde' if whole == 1 else 'seconden'}"
    return f"{whole // 60}.{whole % 60:02} minuut"
