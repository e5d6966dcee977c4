"""A ticket's timeline as it is read: who did what, when, in whose words. It looks at rows and asks for none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from desk.dates import long_day, written_day, written_time
from triage.files import File
from triage.models import Contact, Entry
from triage.rows import Sign, signs
from triage.telephone import shown
from triage.told import told_words
from triage.values import Category, Channel, CloseReason, Direction, EntryKind, Outcome, Urgency
from triage.words import CALL_ENDS, CALLBACKS, CALLED_ENDS, CLOSE_REASONS, ENTRY_ICONS, MAIL_ENDS, Pace, pace
from triage.written import Passage, newly_written, passages_of, whole

LONG = 1_200  # characters: more than this is folded, so that one pasted mail does not hide the rest of the day
PREVIEW = 280


@dataclass(frozen=True)
class Line:
    """One line. `passages` are what a person said or wrote; `preview` stands before them when they are folded."""

    key: str
    at: datetime
    time: str
    icon: str
    title: str
    hint: str = ""
    passages: tuple[Passage, ...] = ()
    preview: str = ""
    change: tuple[Pace, Pace] | None = None
    signs: tuple[Sign, ...] = ()
    files: tuple[File, ...] = ()
    ours: bool = False
    """Written by the desk, not told to it."""
    fault: bool = False


@dataclass(frozen=True)
class Day:
    """The lines of one day, newest first."""

    heading: str
    lines: tuple[Line, ...]


def days_of(lines: Iterable[Line], now: datetime) -> tuple[Day, ...]:
    """Lines (newest first) under the day they belong to: "Vandaag, dinsdag 14 april"."""
    return tuple(
        Day(heading, tuple(members)) for heading, members in groupby(lines, lambda line: _heading(line.at, now))
    )


def lines_of(
    entries: Sequence[Entry], contacts: Sequence[Contact], files: Mapping[UUID | None, tuple[File, ...]]
) -> list[Line]:
    """Every line, newest first: the entries, and contacts that no entry tells of (a letter that is on its way)."""
    known = {contact.id: contact for contact in contacts}
    told = {entry.contact_id for entry in entries}
    shown_files: set[UUID] = set()
    lines = []
    for entry in sorted(entries, key=lambda entry: entry.n):
        contact = known.get(entry.contact_id) if entry.contact_id else None
        with_files = () if contact is None or contact.id in shown_files else files.get(contact.id, ())
        shown_files |= {contact.id} if contact else set()
        lines.append((entry.at, entry.n, _line(entry, contact, with_files)))
    lines += [(each.started_at, 0, _of_contact(str(each.id), each, each.started_at, files.get(each.id, ())))
              for each in contacts if each.id not in told]  # fmt: skip
    return [line for _at, _n, line in sorted(lines, key=lambda item: item[:2], reverse=True)]


def _line(entry: Entry, contact: Contact | None, files: tuple[File, ...]) -> Line:
    if contact is not None and entry.kind in {EntryKind.OPENED, EntryKind.JOINED, EntryKind.WROTE}:
        return _of_contact(str(entry.n), contact, entry.at, files, opened=entry.kind is EntryKind.OPENED)
    passages = whole(entry.text or "")
    return Line(
        key=str(entry.n),
        at=entry.at,
        time=written_time(entry.at),
        icon=ENTRY_ICONS.get(entry.kind, "note"),
        title=_title(entry),
        hint=_hint(entry),
        passages=passages,
        preview=_preview(passages),
        change=_change(entry),
        signs=_signs(entry),
        files=files,
        ours=entry.kind is EntryKind.DESCRIBED or entry.after in CALLBACKS,
    )


def _of_contact(key: str, contact: Contact, at: datetime, files: tuple[File, ...], *, opened: bool = False) -> Line:
    out = contact.direction is Direction.OUT
    call = contact.channel is Channel.PHONE
    text = "" if opened else contact.text or ""
    passages = whole(text) if out or call else passages_of(text, contact.subject or "")
    ends = (CALLED_ENDS if out else CALL_ENDS) if call else MAIL_ENDS
    hints = [ends.get(contact.outcome, "")]
    if call and contact.told:
        hints.append("kwam tot: " + "; ".join(told_words(contact.told)))
    if opened and contact.text:
        hints.append("luister naar de opname" if contact.outcome is Outcome.VOICEMAIL else "de tekst staat hierboven")
    return Line(
        key=key,
        at=at,
        time=written_time(at),
        icon="phone" if call else "mail",
        title=_call_title(contact) if call else _mail_title(contact, out=out),
        hint=" ".join(f"{hint[0].upper()}{hint[1:]}." for hint in hints if hint),
        passages=passages,
        preview=_preview(passages, PREVIEW if out and not call else LONG),
        files=files,
        ours=out,
        fault=contact.outcome.value in {"failed", "uncertain", "unreadable"} and not (call and out),
    )


def _call_title(contact: Contact) -> str:
    if contact.direction is Direction.OUT:
        return f"Wij belden {shown(contact.to_address or '') or 'een onbekend nummer'}"
    known = [contact.from_name, shown(contact.from_address) if contact.from_address else None]
    return f"{', '.join(part for part in known if part) or 'Nummer onbekend'} belde"


def _mail_title(contact: Contact, *, out: bool) -> str:
    subject = f": {contact.subject}" if contact.subject else ""
    if out:
        return f"E-mail aan {contact.to_address or 'onbekend adres'}{subject}"
    return f"E-mail van {contact.from_name or contact.from_address or 'onbekende afzender'}{subject}"


WORDS = {
    EntryKind.OPENED: "Binnengekomen",
    EntryKind.JOINED: "Hoort hierbij",
    EntryKind.RECORDING: "Ingesproken bericht",
    EntryKind.CALLBACK: "Teruggebeld",
    EntryKind.NOTE: "Notitie",
    EntryKind.CLAIMED: "Opgepakt",
    EntryKind.RELEASED: "Teruggezet",
    EntryKind.RATED: "Beoordeeld",
    EntryKind.CATEGORISED: "Categorie en gebied gekozen",
    EntryKind.DESCRIBED: "Titel of melder aangepast",
    EntryKind.HANDED_OVER: "Overgedragen",
    EntryKind.CONFIRMED: "Overdracht bevestigd, genoteerd",
    EntryKind.DECLINED: "Niet overgenomen, genoteerd",
    EntryKind.WITHDRAWN: "Overdracht ingetrokken",
    EntryKind.WROTE: "E-mail verstuurd",
    EntryKind.CLOSED: "Afgesloten",
    EntryKind.REOPENED: "Heropend",
}


def _title(entry: Entry) -> str:
    """What was done, and by whom: "Overgedragen aan Veilig Thuis door Iris Bedacht"."""
    words = WORDS[entry.kind]
    if entry.kind is EntryKind.CALLBACK and entry.after in CALLBACKS:
        words = f"{CALLBACKS[entry.after]}{',' if entry.actor else ''}"
    if entry.kind is EntryKind.HANDED_OVER and entry.after:
        words = f"{words} aan {entry.after}"
    if entry.actor is None:
        return "Heropend, want er kwam iets bij" if entry.kind is EntryKind.REOPENED else words
    return f"{words} {'van' if entry.kind is EntryKind.NOTE else 'door'} {entry.actor.name}"


def _hint(entry: Entry) -> str:
    if entry.kind is EntryKind.CLOSED and entry.after:
        return CLOSE_REASONS[CloseReason(entry.after)]
    if entry.kind is EntryKind.RELEASED and entry.before and not (entry.actor and entry.actor.name == entry.before):
        return f"was van {entry.before}"
    if entry.kind is EntryKind.CATEGORISED and entry.after:
        return " ".join(word for word in entry.after.split() if not _is_category(word))
    return ""


def _change(entry: Entry) -> tuple[Pace, Pace] | None:
    if entry.kind is not EntryKind.RATED or not entry.after:
        return None
    return pace(Urgency(entry.before) if entry.before else None), pace(Urgency(entry.after))


def _signs(entry: Entry) -> tuple[Sign, ...]:
    if entry.kind is not EntryKind.CATEGORISED or not entry.after:
        return ()
    return signs([Category(word) for word in entry.after.split() if _is_category(word)])


def _is_category(word: str) -> bool:
    return word in set(Category)


def _preview(passages: Sequence[Passage], most: int = LONG) -> str:
    """The words that stand before a text that is too long to show at once."""
    new = newly_written(passages)
    return _first(new) if len(new) > most else ""


def _first(text: str) -> str:
    cut = " ".join(text[: PREVIEW + 1].split())
    return cut if len(text) <= PREVIEW else cut.rsplit(" ", 1)[0] + " …"


def _heading(at: datetime, now: datetime) -> str:
    near = written_day(at, now)
    if near in {"vandaag", "gisteren", "morgen"}:
        return f"{near.capitalize()}, {long_day(at)}"
    return near
