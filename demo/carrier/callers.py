"""Who phones: the people one may be on the telephone page, and the odd numbers that a real network hands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """Somebody one may phone as. `number`: what the network reports, E.164 or anything else."""

    key: str
    name: str
    number: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What the network says besides, with every request."""


def sip_caller(key: str, name: str, uri: str) -> Caller:
    """A caller over SIP. https://www.twilio.com/docs/voice/api/sip-twiml."""
    user, _, domain = uri.removeprefix("sip:").partition("@")
    said = {
        "SipDomain": domain.partition(":")[0].partition(";")[0],
        "SipUsername": user,
        "SipCallId": f"{key}@192.0.2.1",
        "SipSourceIp": "192.0.2.1",
    }
    return Caller(key, name, uri, said)


CALLERS = (
    Caller("hanna", "Hanna Papier, bekend", "+31600000142"),
    Caller("onbekend", "06 - 0000 0777, onbekend", "+31600000777"),
    Caller("centrale", "Contactcentrum 14 010", "+31100000010"),
    Caller("afgeschermd", "Nummer afgeschermd", "anonymous"),
    sip_caller("sip", "SIP-telefoon van een school", "sip:conciergerie@verzonnenvos.example"),
    Caller("belgie", "Nummer uit België", "+3220000100"),
)

LONG = 500
ODD_CALLERS = (
    Caller("anonymous", "withheld", "anonymous"),
    Caller("anonymous-cased", "withheld, as some carriers write it", "Anonymous"),
    Caller("unknown", "withheld, in another word", "unknown"),
    Caller("restricted", "withheld, in a third word", "Restricted"),
    Caller("anonymous-digits", "ANONYMOUS keyed as digits", "+266696687"),
    Caller("restricted-digits", "RESTRICTED keyed as digits", "+7378742883"),
    Caller("blocked-digits", "BLOCKED keyed as digits", "+2562533"),
    Caller("unknown-digits", "UNKNOWN keyed as digits", "+8656696"),
    Caller("unavailable-digits", "UNAVAILABLE keyed as digits", "+86282452253"),
    Caller("letters", "letters that are no word for withheld", "MELDPUNT"),
    sip_caller("sip-name", "a SIP URI with a name", "sip:burger@verzonnen.example"),
    sip_caller("sip-number", "a SIP URI with number and port", "sip:+31600000142@pbx.example:5061;user=phone"),
    sip_caller("sip-anonymous", "a SIP URI that withholds who calls", "sip:anonymous@anonymous.invalid"),
    Caller("client", "a browser", "client:verzonnen_balie"),
    Caller("belgium", "a number of another country", "+3220000100"),
    Caller("united-states", "a number of a third country", "+12025550100"),
    Caller("national", "not in E.164", "0600000142"),
    Caller("spaced", "with decoration", "+31 6 0000 0142"),
    Caller("nothing", "no number at all", ""),
    Caller("long", "five hundred characters", "9" * LONG),
    Caller("markup", "markup", "<script>alert(1)</script>"),
    Caller("right-to-left", "an override of the writing direction", "+31600000142\u202e241"),
    Caller("control", "a control character", "+3160000\x0b0142"),
    Caller("emoji", "no digits", "\N{TELEPHONE RECEIVER}\N{SLIGHTLY SMILING FACE}"),
    Caller("plus", "a plus and nothing else", "+"),
)  # fmt: skip
"""Numbers that the desk must bear; each has `key` as its name in tests."""
