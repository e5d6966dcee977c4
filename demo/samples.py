"""The 25 sample concerns: who tells what, by which channel, and how the desk rated it. All invented."""

from dataclasses import dataclass
from enum import StrEnum


class Via(StrEnum):
    """How a sample comes in."""

    TALK = "T"  # a call that a colleague took and typed
    VOICEMAIL = "V"
    MAIL = "M"
    NIGHT_MAIL = "N"  # a mail after closing


@dataclass(frozen=True)
class Sample:
    """One concern. `urgency` and `categories` use the values of the desk's forms; empty is left unread."""

    n: int
    via: Via
    who: str
    title: str
    text: str
    categories: tuple[str, ...]
    urgency: str
    area: str


def _sample(n: int, via: str, who: str, cats: str, urgency: str, area: str, title: str, text: str) -> Sample:
    urgencies = {"A": "acute", "V": "today", "1": "one_day", "3": "three_days"}
    return Sample(n, Via(via), who, title, text, tuple(f"cat{c}" for c in cats), urgencies[urgency], area)


# fmt: off
SAMPLES = (
    _sample(1, "T", "hanna", "2", "A", "Feijenoord", "Meisje (9) zegt dat vader slaat; hij haalt haar om twaalf uur",
            "Directeur: Mila Verzonnen (9) zegt dat vader slaat. Hij haalt haar om twaalf uur."),
    _sample(2, "M", "joris", "1", "A", "Noord", "Even over een leerling",
            "Geen haast hoor. Bo Voorbeeld (11) zegt dat ze niet meer wakker wil worden."),
    _sample(3, "M", "mo", "3", "1", "Charlois", "Geen contact met een leerling",
            "Al tien dagen geen contact met Noor Testman. Bellen, mailen: niets."),
    _sample(4, "T", "tess", "32", "V", "Charlois", "Broertje komt niet op de opvang, moeder klonk bang",
            "Kinderopvang: broertje van Noor Testman komt niet. Moeder klonk bang."),
    _sample(5, "T", "omar", "2", "V", "Charlois", "Huisarts zag moeder met een blauw oog",
            "Huisarts: moeder van Noor Testmann had een blauw oog."),
    _sample(6, "M", "ans", "1", "3", "Delfshaven", "Leerling zonder laptop",
            "Sem Fictief (7) werkt op moeders telefoon. Er is geen laptop."),
    _sample(7, "T", "lisa", "1", "1", "IJsselmonde", "Moeder van vier trekt het niet meer",
            "Moeder van vier huilt bij elk gesprek. Ze trekt het niet meer."),
    _sample(8, "M", "bart", "3", "V", "Overschie", "Graag overleg na twee deurbezoeken",
            "Twee deurbezoeken bij gezin Nepstra, niemand bereikt. Graag overleg."),
    _sample(9, "T", "noa", "2", "V", "Noord", "Advies: kleuter heeft steeds blauwe plekken",
            "Advies, zonder naam: een kleuter heeft steeds blauwe plekken."),
    _sample(10, "N", "hanna", "2", "A", "Prins Alexander", "Appje van een leerling",
            "Jip Dummie appt: ik durf niet naar huis. Belt u maandag?"),
    _sample(11, "V", "lisa", "2", "V", "Hillegersberg-Schiebroek", "Ingesproken: leerling vertelde iets over thuis",
            "Met Verzinsel, intern begeleider. Een leerling vertelde iets over thuis. Bel mij vandaag terug."),
    _sample(12, "M", "joris", "3", "1", "Hoogvliet", "Jongen (14) logt nooit in",
            "Daan Nepmans (14) logt nooit in, hangt 's nachts op het plein."),
    _sample(13, "M", "bart", "1", "1", "Kralingen-Crooswijk", "Onze hulp stopt maandag",
            "Onze hulp bij gezin Voorbeeldsma stopt maandag. Geen vervanging."),
    _sample(14, "T", "tess", "3", "1", "Feijenoord", "Baby komt niet op de opvang",
            "Baby Dummiema komt niet op de opvang. Ouders nemen niet op."),
    _sample(15, "M", "fenna", "2", "V", "Delfshaven", "Meisje liep weer weg",
            "Lotte Fictief liep weer weg, is nu bij oma. Jeugdbeschermer belt niet terug."),
    _sample(16, "M", "ans", "2", "V", "Noord", "Ruzie tijdens de videoles",
            "Ouders vechten tijdens de videoles. De kinderen verstijven."),
    _sample(17, "T", "ans", "2", "A", "IJsselmonde", "Vader schreeuwt nu bij het hek van de school",
            "Vader schreeuwt nu bij ons hek en wil zijn dochter meenemen."),
    _sample(18, "M", "noa", "2", "V", "Charlois", "Kinderen zijn 's nachts alleen",
            "Vader werkt 's nachts. Kinderen (6 en 8) zijn dan alleen."),
    _sample(19, "M", "lisa", "1", "3", "Prins Alexander", "Leren thuis lukt niet",
            "Leren thuis loopt elke ochtend uit de hand. Ouders vragen hulp."),
    _sample(20, "M", "mo", "1", "3", "Rozenburg", "Leerling zorgt voor haar moeder",
            "Kyra Testman (16) zorgt voor zieke moeder en mist alle lessen."),
    _sample(21, "T", "mo", "3", "1", "Delfshaven", "Gezin lijkt vertrokken, huis staat leeg",
            "Gezin Nergenshuizen lijkt vertrokken. Huis staat leeg, school weet niets."),
    _sample(22, "M", "fenna", "1", "3", "Centrum", "Kind slaapt op een bank bij kennissen",
            "Kind (8) slaapt op een bank bij kennissen. Geen werkplek."),
    _sample(23, "N", "bart", "2", "A", "Hoek van Holland", "Geschreeuw beneden",
            "Begeleider: weer geschreeuw beneden, een kind gilt nu."),
    _sample(24, "M", "fenna", "23", "V", "Pernis", "Ouders weigeren contact",
            "Sinds wij naar blauwe plekken vroegen, weigeren ouders contact."),
    _sample(25, "V", "joris", "1", "3", "Hillegersberg-Schiebroek", "Ingesproken: jongen (12) zit zonder school",
            "Met Papier, mentor. Levi Fictief is twaalf en zit zonder school. Moeder moet werken."),
)
# fmt: on
