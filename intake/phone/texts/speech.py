"""How long a text takes to say; pure. Near enough: fitted to a slow voice that took 7.7 s for T1 and 35 s for T8."""

import re

A_SIGN = 0.06  # seconds
A_PAUSE = 0.75  # seconds between two sentences
PAUSES = re.compile(r"[.?!](?=\s|$)")


def seconds_to_say(text: str) -> float:
    """From the first word to the pause after the last."""
    return len(text) * A_SIGN + len(PAUSES.findall(text)) * A_PAUSE
