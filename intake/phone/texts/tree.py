"""The whole script in the order of a call: which texts are spoken where, and which key leads on to what; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.dates import length_words
from intake.phone.texts.line_rules import LineRules

NAMES: Mapping[str, str] = {
    "T1": "Begroeting",
    "T10": "Vandaag eerder dicht",
    "T2": "Menu",
    "T2a": "Nummer intoetsen",
    "T2b": "Nummer niet bekend",
    "T3": "Verwijzing",
    "F1": "Oproep aan een collega",
    "T4": "Wachten",
    "T5": "Nog steeds wachten",
    "T6_vraag": "Terugbellen: welk nummer",
    "T6_controle": "Terugbellen: klopt het nummer",
    "T6_belofte": "Terugbellen: de belofte",
    "T7": "Inspreken",
    "T14": "Bericht opgenomen",
    "T13": "Na het gesprek",
    "T9": "Wij gaan dicht",
    "T8": "Gesloten",
    "T8_keuze": "Gesloten: de keuze",
    "T8_nogmaals": "Gesloten: nog een keer",
    "T11": "Storing",
    "F2": "Terugbellen: bij de collega",
    "T12": "Doorverbinden met Veilig Thuis",
}
"""Every spoken text, in the order of a call, by what people call it."""


@dataclass(frozen=True)
class Way:
    """What a key or an event leads to; `to` is the anchor of another stop, if it leads to one."""

    key: str
    words: str
    to: str = ""


@dataclass(frozen=True)
class Stop:
    """One place in the call."""

    anchor: str
    title: str
    hint: str
    codes: tuple[str, ...]
    ways: tuple[Way, ...] = ()


def stops(line: LineRules) -> tuple[Stop, ...]:
    """Every place that a call can come to, with the times that hold now."""
    return (*_opening(), *_reaching(line), *_without_a_person(line), *_otherwise())


def _opening() -> tuple[Stop, ...]:
    menu = (
        Way("0", "een collega wordt gebeld", "bellen"),
        Way("1", "een nummer van ons intoetsen", "nummer"),
        Way("2", "verwijzen", "verwijzen"),
        Way("Niets", "na vijf seconden wordt een collega gebeld", "bellen"),
        Way("Andere toets", "het menu nog één keer; daarna wordt een collega gebeld", "bellen"),
    )
    number = (
        Way("Nummer bekend", "een collega wordt gebeld en ziet de melding", "bellen"),
        Way("Niet bekend", "T2b, en dan wordt een collega gebeld", "bellen"),
    )
    refer = (
        Way("0", "een collega wordt gebeld", "bellen"),
        Way("Niets", "het gesprek eindigt"),
        Way("Andere toets", "de tekst nog één keer; daarna wordt een collega gebeld", "bellen"),
    )
    return (
        Stop(
            "open", "Wij zijn open", "Dit hoort elke beller eerst. T10 klinkt alleen als wij die dag eerder sluiten.",
            ("T1", "T10", "T2"), menu,
        ),
        Stop(
            "nummer", "Een nummer van ons", "Het nummer zegt niet wie er belt. Vraag altijd naam en organisatie.",
            ("T2a", "T2b"), number,
        ),
        Stop(
            "verwijzen", "Verwijzen", "Voor wie niet in de zorg, het onderwijs of de kinderopvang werkt.",
            ("T3",), refer,
        ),
    )  # fmt: skip


def _reaching(line: LineRules) -> tuple[Stop, ...]:
    ring = (
        Way("1", "de collega neemt aan en spreekt de beller"),
        Way("Niets", "de volgende collega wordt gebeld"),
        Way("Niemand is vrij", "de beller wacht", "wachten"),
        Way(f"Al {line.most_waiting} wachten", "terugbellen", "terugbellen"),
        Way("Niemand bereikbaar", "inspreken", "inspreken"),
    )
    wait = (
        Way("9", "terugbellen", "terugbellen"),
        Way("Collega vrij", "die collega wordt gebeld", "bellen"),
        Way(f"Na {length_words(line.longest_wait * 60)}", "inspreken", "inspreken"),
        Way("Wij gaan dicht", "de beller hoort dat wij terugbellen", "sluiten"),
    )
    one = f"Eén collega tegelijk, {line.ring_seconds} seconden lang. Wie het langst geen gesprek had, komt eerst."
    return (
        Stop("bellen", "Een collega wordt gebeld", f"{one} F1 hoort alleen de collega.", ("F1",), ring),
        Stop("wachten", "Wachten", "T5 klinkt na één minuut en daarna elke twee minuten.", ("T4", "T5"), wait),
    )


def _without_a_person(line: LineRules) -> tuple[Stop, ...]:
    callback = (
        Way("1", "het nummer klopt en wij beloven een tijd"),
        Way("Andere toets", "het nummer nog een keer; na drie keer inspreken, of T8 als wij dicht zijn", "inspreken"),
    )
    closing = (
        Way("Een nummer", "het nummer wordt voorgelezen", "terugbellen"),
        Way("Niets", "wij bellen het nummer dat wij zagen"),
    )
    tries = (
        f"Wij proberen het {line.callback_tries} keer, met {length_words(line.callback_retry_minutes * 60)} ertussen."
    )
    return (
        Stop(
            "terugbellen", "Terugbellen", f"Wij vragen het nummer altijd: veel mensen bellen via een centrale. {tries}",
            ("T6_vraag", "T6_controle", "T6_belofte"), callback,
        ),
        Stop(
            "inspreken", "Inspreken", "Alleen als wij open zijn. Wij nemen alleen het bericht op.", ("T7", "T14"),
            (Way("Hekje", "het bericht is klaar en het gesprek eindigt"), Way("Stilte", "het gesprek eindigt")),
        ),
        Stop("einde", "Na het gesprek", "Als onze collega als eerste ophangt.", ("T13",)),
        Stop("sluiten", "Wij gaan dicht", "Voor wie dan nog wacht. Daarna klinkt T6 vraag.", ("T9",), closing),
    )  # fmt: skip


def _otherwise() -> tuple[Stop, ...]:
    closed = (
        Way("1", "terugbellen", "terugbellen"),
        Way("Andere toets", "de tekst nog een keer"),
        Way("Niets", "het gesprek eindigt"),
    )
    evenings = "’s Avonds, in het weekend, op feestdagen en op andere dagen dat wij dicht zijn."
    return (
        Stop("gesloten", "Wij zijn gesloten", evenings, ("T8", "T8_keuze", "T8_nogmaals"), closed),
        Stop("storing", "Storing", "Als onze computer het niet doet. De computerstem leest dit altijd voor.", ("T11",)),
        Stop(
            "zelf", "Voor collega’s", "F2 hoort een collega die een melder terugbelt. T12 zegt u zelf.",
            ("F2", "T12"),
        ),
    )  # fmt: skip
