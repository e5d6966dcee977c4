"""What the values of the desk are called on the screen (lexicon: domain 7)."""

from dataclasses import dataclass

from triage.values import Category, Channel, CloseReason, EntryKind, Outcome, Status, Urgency


@dataclass(frozen=True)
class Pace:
    """How an urgency looks: its word, the name of its colour, how many of four bars are full, and when it is due."""

    word: str
    look: str
    bars: int
    meaning: str


UNREAD = Pace("Nog te beoordelen", "new", 0, "binnen 1 werkuur gelezen door een mens")
PACES = {
    Urgency.ACUTE: Pace("Acuut", "acute", 4, "direct gevaar, of het kind vertelde het zelf"),
    Urgency.TODAY: Pace("Vandaag", "today", 3, "vóór sluitingstijd een besluit"),
    Urgency.ONE_DAY: Pace("Binnen 1 werkdag", "day1", 2, "onbereikbaar, zonder tekenen van gevaar"),
    Urgency.THREE_DAYS: Pace("Binnen 3 werkdagen", "day3", 1, "extra begeleiding nodig"),
}
CATEGORIES = {
    Category.EXTRA_GUIDANCE: "Extra begeleiding nodig",
    Category.UNSAFE_HOME: "Onveilige thuissituatie",
    Category.UNREACHABLE: "Kind onbereikbaar",
}
CHANNELS = {Channel.PHONE: "telefoon", Channel.MAIL: "e-mail"}
STATES = {
    Status.NEW: "niet opgepakt",
    Status.CLAIMED: "opgepakt",
    Status.WAITING: "wacht op iemand",
    Status.HANDED_OVER: "overgedragen",
    Status.CLOSED: "afgesloten",
    Status.MERGED: "samengevoegd",
}
CLOSE_REASONS = {
    CloseReason.HANDED_OVER: "Overgedragen en bevestigd",
    CloseReason.HELP_ARRANGED: "Hulp of onderwijs is geregeld",
    CloseReason.ADVISED: "Advies gegeven",
    CloseReason.REFERRED: "Doorverwezen",
    CloseReason.DOUBLE: "Dubbel: staat bij een andere melding",
    CloseReason.NO_CONCERN: "Geen zorg over een kind",
}
CALL_ENDS = {
    Outcome.IN_PROGRESS: "is nog aan de lijn",
    Outcome.ANSWERED: "gesproken",
    Outcome.VOICEMAIL: "sprak een bericht in",
    Outcome.CALLBACK: "vroeg om terugbellen",
    Outcome.ABANDONED: "hing op voordat iemand opnam",
    Outcome.TOLD_CLOSED: "belde toen wij dicht waren",
    Outcome.REFERRED: "is doorverwezen",
    Outcome.FAILED: "verbinding mislukt",
}
CALLED_ENDS = {
    Outcome.QUEUED: "wordt gebeld",
    Outcome.SENT: "opgenomen",
    Outcome.FAILED: "niet bereikt",
    Outcome.UNCERTAIN: "niet zeker of er gebeld is",
}
"""Calls that the desk made."""
MAIL_ENDS = {
    Outcome.JOINED: "hoort bij deze melding",
    Outcome.PROPOSED: "hoort misschien bij deze melding",
    Outcome.MACHINE: "automatisch bericht",
    Outcome.UNREADABLE: "onleesbaar bericht; het origineel staat hieronder",
    Outcome.QUEUED: "nog niet verstuurd",
    Outcome.SENT: "verstuurd",
    Outcome.FAILED: "niet aangekomen",
    Outcome.UNCERTAIN: "misschien niet aangekomen",
}
CALLBACKS = {
    "not_reached": "Teruggebeld, niet bereikt",
    "again": "Besloten: nog een keer terugbellen",
    "written": "Besloten: schrijven in plaats van terugbellen",
    "given_up": "Besloten: niet meer terugbellen",
}
"""What became of a promise to call back, other than that it was kept."""
ENTRY_ICONS = {
    EntryKind.RECORDING: "voice",
    EntryKind.CALLBACK: "phone",
    EntryKind.NOTE: "note",
    EntryKind.CLAIMED: "check",
    EntryKind.RELEASED: "back",
    EntryKind.CATEGORISED: "tag",
    EntryKind.DESCRIBED: "pen",
    EntryKind.HANDED_OVER: "hand",
    EntryKind.CONFIRMED: "hand",
    EntryKind.DECLINED: "back",
    EntryKind.WITHDRAWN: "back",
    EntryKind.WROTE: "mail",
    EntryKind.CLOSED: "lid",
    EntryKind.REOPENED: "open",
}


def pace(urgency: Urgency | None) -> Pace:
    """How this urgency looks; None is what nobody rated yet."""
    return PACES[urgency] if urgency else UNREAD


def category_digit(category: Category) -> str:
    """The digit on its sign: 1, 2 or 3."""
    return category.value[-1]
