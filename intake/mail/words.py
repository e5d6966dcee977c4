"""What a ticket says about a mail whose form needs a word, in Dutch."""

import enum

from intake.mail.machine import Writer
from intake.mail.parsed import Defect
from triage.number import spaced


class Lack(enum.Enum):
    """What the desk does not have of a mail."""

    TOO_BIG = enum.auto()
    REST = enum.auto()
    """The server gave its start and no more."""
    ALL = enum.auto()
    """The server gave nothing of it."""
    DAMAGED = enum.auto()
    """It was fetched, and what was stored does not open."""


UNREADABLE = "Onleesbaar bericht"
NO_SUBJECT = "Bericht zonder onderwerp"
NO_TEXT = "Dit bericht heeft geen tekst."
UNREADABLE_TEXT = "Wij konden dit bericht niet lezen. Het hele bericht zit erbij als bestand."
NOT_ANSWERED = "Er is geen ontvangstbevestiging gestuurd."
LETTER_CAME_BACK = "Onze brief kwam niet aan."

_PROCESSED = "Het hele bericht staat in de postbus, in de map voor verwerkte berichten."
_TITLES = {
    Lack.TOO_BIG: "Te groot bericht",
    Lack.REST: "Bericht niet helemaal opgehaald",
    Lack.ALL: "Bericht niet opgehaald",
    Lack.DAMAGED: UNREADABLE,
}
_LACKS = {
    Lack.TOO_BIG: f"Dit bericht is niet helemaal opgehaald: het is {{megabytes}} MB groot. {_PROCESSED}",
    Lack.REST: f"De mailserver gaf ons alleen het begin van dit bericht. {_PROCESSED}",
    Lack.ALL: f"De mailserver gaf ons dit bericht niet. Wij weten niet wie het stuurde en wat erin staat. {_PROCESSED}",
    Lack.DAMAGED: f"Dit bericht is in onze opslag beschadigd. Wij kunnen het niet meer lezen. {_PROCESSED}",
}
_WRITERS = {
    Writer.PERSON: "",
    Writer.BOUNCE: "Melding van een mailsysteem, bijvoorbeeld dat een brief niet aankwam.",
    Writer.AUTO_REPLY: "Automatisch antwoord, bijvoorbeeld omdat iemand afwezig is.",
    Writer.SILENT: "Bericht van een systeem, een mailinglijst of een adres dat niemand leest.",
}
_DEFECTS = {
    Defect.GUESSED_LETTERS: "De letters waren niet goed aangegeven. Misschien kloppen enkele letters niet.",
    Defect.REPAIRED_HEADER: "De eerste regels van het bericht waren beschadigd.",
    Defect.BROKEN_STRUCTURE: "Het bericht is beschadigd. Er kan iets ontbreken. Alles zit erbij als bestand.",
    Defect.BROKEN_FILE: "Een bijlage is beschadigd. Het hele bericht zit erbij als bestand.",
    Defect.NO_SENDER: "De afzender is niet te lezen.",
    Defect.LONG_TEXT: "De tekst is ingekort. De hele tekst zit erbij als bestand.",
    Defect.CUT_TEXT: "Het bericht is te lang om helemaal te tonen. Het hele bericht zit erbij als bestand.",
    Defect.OTHER_VERSION: "Dit bericht heeft twee versies die verschillen. De andere zit erbij als bestand.",
}


def about_writer(writer: Writer) -> str:
    """Who wrote, when it was no person; empty for a person."""
    return f"{_WRITERS[writer]} {NOT_ANSWERED}" if _WRITERS[writer] else ""


def about_defect(defect: Defect) -> str:
    """What was wrong with the form of a mail."""
    return _DEFECTS[defect]


def about_mention(number: str) -> str:
    """Why a mail that names a ticket did not join it."""
    return f"Noemt melding {spaced(number)}. De afzender hoort niet bij die melding. Daarom is dit een nieuwe melding."


def lacking_title(lack: Lack, subject: str) -> str:
    """The title of a ticket for a mail that is not all there."""
    return f"{_TITLES[lack]}: {subject}" if subject else _TITLES[lack]


def lacking_text(lack: Lack, size: int, text: str) -> str:
    """The text of a ticket for a mail that is not all there; `size` in bytes, `text` what its start says."""
    said = _LACKS[lack].format(megabytes=f"{size / 1_000_000:.1f}".replace(".", ","))
    return f"{said}\n\nHet begin van het bericht:\n\n{text}" if text else said
