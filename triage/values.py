"""The words of the desk as values: what a ticket, a contact and an entry can be."""

import enum


class Status(enum.StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    CLAIMED = "claimed"
    WAITING = "waiting"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    MERGED = "merged"


class Urgency(enum.StrEnum):
    """How soon a decision is due; none yet (unread) is None."""

    ACUTE = "acute"
    TODAY = "today"
    ONE_DAY = "one_day"
    THREE_DAYS = "three_days"


class Category(enum.StrEnum):
    """The three categories of the meldpunt; they never set urgency."""

    EXTRA_GUIDANCE = "cat1"
    UNSAFE_HOME = "cat2"
    UNREACHABLE = "cat3"


class Channel(enum.StrEnum):
    """How somebody reached the desk, or the desk somebody."""

    PHONE = "phone"
    MAIL = "mail"


class Direction(enum.StrEnum):
    """To the desk or from it."""

    IN = "in"
    OUT = "out"


class Outcome(enum.StrEnum):
    """How a contact ended: calls in, mails in, and anything out."""

    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"
    ABANDONED = "abandoned"
    TOLD_CLOSED = "told_closed"
    REFERRED = "referred"
    FAILED = "failed"

    TICKET = "ticket"
    JOINED = "joined"
    PROPOSED = "proposed"
    MACHINE = "machine"
    UNREADABLE = "unreadable"

    QUEUED = "queued"
    SENT = "sent"
    UNCERTAIN = "uncertain"


class EntryKind(enum.StrEnum):
    """What a line of the timeline tells."""

    OPENED = "opened"
    JOINED = "joined"
    RECORDING = "recording"
    CALLBACK = "callback"
    NOTE = "note"
    CLAIMED = "claimed"
    RELEASED = "released"
    RATED = "rated"
    CATEGORISED = "categorised"
    DESCRIBED = "described"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    WROTE = "wrote"
    CLOSED = "closed"
    REOPENED = "reopened"


class CloseReason(enum.StrEnum):
    """Why a ticket is closed."""

    HANDED_OVER = "handed_over"
    ADVISED = "advised"
    HELP_ARRANGED = "help_arranged"
    REFERRED = "referred"
    DOUBLE = "double"
    NO_CONCERN = "no_concern"


class Area(enum.StrEnum):
    """The fourteen areas of Rotterdam."""

    CENTRUM = "Centrum"
    CHARLOIS = "Charlois"
    DELFSHAVEN = "Delfshaven"
    FEIJENOORD = "Feijenoord"
    HILLEGERSBERG_SCHIEBROEK = "Hillegersberg-Schiebroek"
    HOEK_VAN_HOLLAND = "Hoek van Holland"
    HOOGVLIET = "Hoogvliet"
    IJSSELMONDE = "IJsselmonde"
    KRALINGEN_CROOSWIJK = "Kralingen-Crooswijk"
    NOORD = "Noord"
    OVERSCHIE = "Overschie"
    PERNIS = "Pernis"
    PRINS_ALEXANDER = "Prins Alexander"
    ROZENBURG = "Rozenburg"
