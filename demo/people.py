"""Everybody in the demonstration. All invented, and visibly so."""

from dataclasses import dataclass

PASSWORD = "verzonnen-wachtwoord"  # noqa: S105  shown on the page; the demonstration refuses every other database
DESK_ADDRESS = "meldpunt@meldpunt.example"
DESK_NUMBER = "+31100000010"


@dataclass(frozen=True)
class Person:
    """A professional who phones or mails. `phone` is E.164."""

    key: str
    name: str
    role: str
    organisation: str
    email: str
    phone: str

    @property
    def signature(self) -> str:
        """As it stands under a mail."""
        return f"{self.name}\n{self.role}, {self.organisation}\n{self.shown_phone}"

    @property
    def shown_phone(self) -> str:
        """As people write it."""
        return shown(self.phone)


@dataclass(frozen=True)
class Colleague:
    """Somebody at the desk, with a telephone (E.164) on which the desk can ring them."""

    name: str
    email: str
    role: str
    phone: str

    @property
    def shown_phone(self) -> str:
        """As people write it."""
        return shown(self.phone)


def shown(phone: str) -> str:
    """A mobile number as people write it: `06 - 0000 0142`; any other as it is."""
    return f"06 - {phone[4:8]} {phone[8:]}" if phone.startswith("+316") else phone


def _person(key: str, name: str, role: str, organisation: str, domain: str, digits: str) -> Person:
    return Person(key, name, role, organisation, f"{key}@{domain}.example", f"+316{digits}")


PEOPLE = (
    _person("hanna", "Hanna Papier", "intern begeleider", "Basisschool De Verzonnen Vos", "verzonnenvos", "00000142"),
    _person("joris", "Joris Papier", "mentor", "Vakcollege Nergenshoek", "nergenshoek", "00000199"),
    _person("ans", "Ans van der Zin", "leerkracht", "Basisschool De Verzonnen Vos", "verzonnenvos", "00000143"),
    _person(
        "tess", "Tess Dummie", "pedagogisch medewerker", "Kinderopvang Het Luchtkasteel", "luchtkasteel", "00000155"
    ),
    _person("omar", "Omar Bedacht", "huisarts", "Huisartsenpraktijk Nepstraat", "nepstraat", "00000161"),
    _person(
        "lisa", "Lisa Verzinsel", "intern begeleider", "Kindcentrum Het Papieren Bootje", "papierenbootje", "00000166"
    ),
    _person("mo", "Mo Denkbeeld", "schoolmaatschappelijk werker", "Daltonschool De Denkbrug", "denkbrug", "00000171"),
    _person("fenna", "Fenna Testma", "jeugdverpleegkundige", "CJG Nergenshuizen", "cjgnergens", "00000178"),
    _person("bart", "Bart Voorbeeldsma", "gezinsbegeleider", "Jeugdhulp Overmorgen", "overmorgen", "00000183"),
    _person("noa", "Noa Nepstra", "leerkracht", "Daltonschool De Denkbrug", "denkbrug", "00000186"),
)

STAFF = (
    Colleague("Iris Bedacht", "iris@meldpunt.example", "coordinator", "+31600000201"),
    Colleague("Lotte Denkbeeld", "lotte@meldpunt.example", "medewerker", "+31600000202"),
    Colleague("Yusuf Verzonnen", "yusuf@meldpunt.example", "medewerker", "+31600000203"),
    Colleague("Samira Voorbeeld", "samira@meldpunt.example", "medewerker", "+31600000204"),
)


def person(key: str) -> Person:
    """The person of that key. Raises `KeyError`."""
    return {one.key: one for one in PEOPLE}[key]
