"""Where this network connects nobody to, and where it only warns. Pure.

Emergency calls are not offered for the Netherlands: the desk speaks 112, it never dials it.
https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice
"""

import re

EMERGENCY = frozenset(
    {"112", "911", "999", "000", "110", "113", "116", "117", "118", "119", "133", "144", "190", "995"}
)
SHORT = 3  # digits; no subscriber has so short a number
SHORT_WITH_COUNTRY = 6
SERVICE = re.compile(r"(?:\+31|0)(?P<kind>800|900|906|909)")


def refused(number: str) -> str | None:
    """Why nobody is connected to this destination (a number as dialled, or a SIP URI); None if somebody may be."""
    dialled = _dialled(number)
    digits = dialled.lstrip("+")
    if not digits.isdigit():
        return None
    if digits in EMERGENCY or (len(digits) <= SHORT_WITH_COUNTRY and digits[-SHORT:] in EMERGENCY):
        return "emergency numbers cannot be called from here"
    return "so short a number is nobody's" if len(digits) <= SHORT else None


def doubtful(number: str) -> str | None:
    """Why a call to this destination may not come through; None if nothing is known against it."""
    found = SERVICE.match(_dialled(number))
    return f"0{found['kind']} numbers choose who may call them: many refuse calls from here" if found else None


def _dialled(number: str) -> str:
    """Without its decoration: `sip:112@pbx` is 112, `+31 (0)112` and `0031112` are +31112."""
    user = re.sub(r"^(?:sips?|tel):", "", number.strip(), flags=re.IGNORECASE).partition("@")[0].partition(";")[0]
    bare = re.sub(r"[\s().-]", "", user.replace("(0)", ""))
    return re.sub(r"^00(?=[1-9])", "+", bare)
