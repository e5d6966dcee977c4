"""Spoken texts as the pages about them show them. It looks at what was read and asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.dates import length_words, written_moment
from intake.phone.texts.prompts import FAULT, STAFF
from intake.phone.texts.recorded import RECORDABLE
from intake.phone.texts.sound_list import Sound
from intake.phone.texts.speech import seconds_to_say
from intake.phone.texts.text_faults import LONGEST, PLACEHOLDER, TextFault, Wrong
from intake.phone.texts.tree import NAMES
from intake.phone.texts.wording import Version

EXAMPLES: Mapping[str, str] = {
    "uiterlijk": "vandaag om vijf uur",
    "nummer": "nul zes, nul nul nul nul, nul één vier twee",
    "sluitingstijd": "drie uur",
    "reden": ": het is Koningsdag",
    "dag": "op dinsdag 28 april",
    "tijd": "negen uur",
}
"""What may stand in each blank."""
SAID: Mapping[Wrong, str] = {
    Wrong.MISSING: "Schrijf op wat de beller hoort.",
    Wrong.TOO_LONG: f"Dit is te lang: hooguit {LONGEST:,} tekens.".replace(",", "."),
    Wrong.BLANK_MISSING: "Zet {{{what}}} in de tekst. Daar zeggen wij bijvoorbeeld: {example}.",
    Wrong.BLANK_UNKNOWN: "{{{what}}} kunnen wij hier niet invullen. Haal het weg.",
    Wrong.KEY_MISSING: "De beller kan hier {what} kiezen. Schrijf: Kies {what}.",
    Wrong.KEY_UNKNOWN: "Toets {what} doet hier niets. Haal die weg.",
    Wrong.DANGER_LATE: "De beller moet binnen acht seconden horen: bel één, één, twee. Begin daarmee.",
}


@dataclass(frozen=True)
class Part:
    """Some words of a text; `blank` when they are an example of what is filled in."""

    words: str
    blank: bool


@dataclass(frozen=True)
class TextRow:
    """One text. `sound` is the recording that callers hear; `old_sound` one of words that have changed since."""

    code: str
    shown_code: str
    name: str
    text: str
    parts: tuple[Part, ...]
    spoken: str
    length: str
    changed: str
    sound: Sound | None
    old_sound: bool
    recordable: bool

    @property
    def by_colleague(self) -> bool:
        """Whether a person says it, not the line."""
        return self.code == STAFF

    @property
    def by_voice(self) -> bool:
        """Whether the machine says it: not a colleague, and no recording."""
        return self.sound is None and not self.by_colleague


def text_row(code: str, text: str, sound: Sound | None, changed: str = "") -> TextRow:
    """A text as it stands, spoken with examples in its blanks."""
    parts, fits = parts_of(text), sound is not None and sound.speaks(text) and code in RECORDABLE
    spoken = "".join(part.words for part in parts)
    seconds = sound.seconds if sound and fits else seconds_to_say(spoken)
    return TextRow(
        code=code,
        shown_code=shown_code(code),
        name=NAMES[code],
        text=text,
        parts=parts,
        spoken=spoken,
        length=length_words(seconds),
        changed=changed,
        sound=sound if fits else None,
        old_sound=sound is not None and not fits,
        recordable=code in RECORDABLE,
    )


def shown_code(code: str) -> str:
    """As people say it: "T6 vraag"."""
    return code.replace("_", " ")


def parts_of(text: str) -> tuple[Part, ...]:
    """The text with an example in each blank."""
    pieces = PLACEHOLDER.split(text)  # words and names of blanks in turn
    parts = [Part(EXAMPLES.get(piece, piece), n % 2 == 1) for n, piece in enumerate(pieces)]
    return tuple(part for part in parts if part.words)


def changed_words(version: Version, names: Mapping[str, str], now: datetime) -> str:
    """When a wording came in force and by whom: "Gewijzigd door Iris Bedacht, do 16 april 9.00 uur"; "" as shipped."""
    if version.by == "seed":
        return ""
    who = names.get(version.by)
    return f"Gewijzigd{f' door {who}' if who else ''}, {written_moment(version.at, now)} uur"


def sentence(fault: TextFault) -> str:
    """What to tell whoever wrote a text with this fault."""
    return SAID[fault.wrong].format(what=fault.what, example=EXAMPLES.get(fault.what, "").lstrip(": "))


def why_not_recorded(code: str) -> str:
    """Why a text cannot be played from a recording; "" when it can."""
    if code in RECORDABLE:
        return ""
    if code == FAULT:
        return "Deze tekst klinkt ook als wij niet bij onze bestanden kunnen. Daarom leest de computerstem hem voor."
    if code == STAFF:
        return "Deze tekst zegt u zelf."
    return "In deze tekst vullen wij elke keer iets anders in. Daarom leest de computerstem hem voor."
