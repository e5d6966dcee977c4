"""Telephone numbers: what a carrier says about the caller, and what a caller keys in, made comparable."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

HOME = "NL"
LONGEST = 120  # of an address that is no number; the carrier's own text is kept whole with the call

WITHHELD_WORDS = ("anonymous", "unknown", "unavailable", "restricted", "blocked", "withheld", "private", "afgeschermd")
# Carriers once keyed such words as digits: +266696687 spells ANONYMOUS.
KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
WITHHELD_NUMBERS = frozenset(f"+{word.translate(KEYPAD)}" for word in WITHHELD_WORDS[:5])

ADDRESS = re.compile(r"(?P<kind>sip|client)s?:(?P<user>[^@]*)(@(?P<host>[^:;?]*).*)?", re.IGNORECASE | re.DOTALL)
NOWHERE = "anonymous.invalid"  # RFC 3323, section 4.1.1.3

# A promise to call back must not cost the gemeente a premium rate, or reach a switchboard of machines.
NEVER_CALLED_BACK = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.PAGER,
    }
)
# The European Union, the European Economic Area, Switzerland and the United Kingdom: there is no code for a satellite,
# a ship or a far island among them, which cost as much a minute as a premium number.
NEIGHBOURS = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NO PL PT RO SE SI SK"
CALLED_BACK = frozenset(phonenumbers.country_code_for_region(region) for region in (HOME, *NEIGHBOURS.split()))
EMERGENCY = "112"


class CallerKind(enum.StrEnum):
    """What the carrier calls the caller by."""

    E164 = "e164"
    SIP = "sip"
    CLIENT = "client"
    WITHHELD = "withheld"
    RAW = "raw"


@dataclass(frozen=True)
class Caller:
    """Who calls. `address` is None when withheld; only a `recognisable` one says anything about the person."""

    kind: CallerKind
    address: str | None
    recognisable: bool = False


NOBODY = Caller(CallerKind.WITHHELD, None)


def caller_of(raw: str, contact_centre: frozenset[str]) -> Caller:
    """Read a carrier's From. The numbers of the contact centre (E.164) stand for everybody it puts through."""
    text = clean(raw)
    address = ADDRESS.fullmatch(text)
    if address is not None:
        return _of_address(CallerKind(address["kind"].lower()), text, address)
    if not text or text in WITHHELD_NUMBERS or any(part in text.casefold() for part in WITHHELD_WORDS):
        return NOBODY
    number = e164(text)
    if number is None:
        return Caller(CallerKind.RAW, text[:LONGEST])
    return Caller(CallerKind.E164, number, recognisable=number not in contact_centre)


def _of_address(kind: CallerKind, text: str, address: re.Match[str]) -> Caller:
    """A school or a practice may well have such a word in its name; only the user as a whole says "withheld"."""
    user, host = address["user"].casefold(), (address["host"] or "").casefold()
    if user in WITHHELD_WORDS or user in WITHHELD_NUMBERS or host == NOWHERE:
        return NOBODY
    return Caller(kind, text[:LONGEST], recognisable=kind is CallerKind.SIP)


def number_to_call(keyed: str, never: frozenset[str]) -> str | None:
    """A number that somebody keyed or typed, as E.164; None when it cannot be one or must not be called."""
    number = e164(keyed)
    if number is None or number in never or phonenumbers.connects_to_emergency_number(keyed, HOME):
        return None
    read = phonenumbers.parse(number, HOME)
    emergency = str(read.national_number).startswith(EMERGENCY)  # no area and no mobile network of these begins so
    if emergency and read.country_code == phonenumbers.country_code_for_region(HOME):
        return None
    far = read.country_code not in CALLED_BACK
    return None if far or phonenumbers.number_type(read) in NEVER_CALLED_BACK else number


def e164(text: str) -> str | None:
    """A number in international form, read as somebody in the Netherlands writes it; None when it is none."""
    if not re.fullmatch(r"\+?[0-9 ().\-]{6,30}", text):
        return None
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None
    # No Dutch number goes on with a zero after its first; the library asks for the length alone.
    more_zeros = number.country_code == phonenumbers.country_code_for_region(HOME) and number.italian_leading_zero
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if more_zeros or not possible:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def numbers_of(written_numbers: Iterable[str]) -> frozenset[str]:
    """Numbers from the settings in international form, so that they can be compared; what is none is passed over."""
    return frozenset(number for text in written_numbers if (number := e164(text)))


def clean(text: str) -> str:
    """Text without what cannot be seen: controls, marks that turn the writing direction, halves of characters."""
    return "".join(sign for sign in text if sign.isprintable()).strip()
