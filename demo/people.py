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
        """As people write it: `06 - 0000 0142`."""
        return f"06 - {self.phone[4:8]} {self.phone[8:]}"


@dataclass(frozen=True)
class Colleague:
    """Somebody at the desk."""

    name: str
    email: str
    role: str


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
    Colleague("Iris Bedacht", "iris@meldpunt.example", "coordinator"),
    Colleague("Lotte Denkbeeld", "lotte@meldpunt.example", "medewerker"),
    Colleague("Yusuf Verzonnen", "yusuf@meldpunt.example", "medewerker"),
    Colleague("Samira Voorbeeld", "samira@meldpunt.example", "medewerker"),
)


def person(key: str) -> Person:
    """The person of that key. Raises `KeyError`."""
    return {one.key: one for one in PEOPLE}[key]
