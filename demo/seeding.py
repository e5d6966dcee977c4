"""Puts the 25 sample concerns in, along the same roads that people take: mail, telephone, and a colleague's browser."""

import re
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import requests

from demo import mailbox
from demo.folder import Folder
from demo.forms import Browser
from demo.people import STAFF, Person, person
from demo.samples import SAMPLES, Sample, Via
from hours import Calendar, at_local, local

Say = Callable[[str], None]
Dial = Callable[[Person, str], None]
"""Phones the desk as somebody, leaves a message, and returns when the call is over."""

PATIENCE = 60.0  # seconds until a mail must have been answered
NUMBER = re.compile(r"\[melding (\d{4}) (\d{4})\]")
UNREAD = {19, 22}  # left as they came in, so that there is something to read
TAKEN = {1: 0, 3: 1, 4: 1, 7: 2, 12: 3, 17: 0}  # who of the staff took which


def put_in(folder: Folder, dial: Dial, say: Say, stop: threading.Event) -> None:
    """Put in what is not there yet. Twice is once: a file says that it was done."""
    if folder.samples_done.exists():
        return
    wait_for_desk(folder, stop)
    mailbox.wait_for_server(folder)
    say("The 25 sample concerns are coming in …")
    if _all_in(folder, dial, stop):
        folder.samples_done.touch()
        say("All 25 sample concerns are in.")


def wait_for_desk(folder: Folder, stop: threading.Event, seconds: float = 60) -> None:
    """Wait until the desk answers. Raises `TimeoutError`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stop.is_set():
        try:
            requests.get(f"{folder.desk_url}/healthz", timeout=2)
            return
        except requests.RequestException:
            stop.wait(0.1)
    if not stop.is_set():
        raise TimeoutError("the desk does not answer")


def _all_in(folder: Folder, dial: Dial, stop: threading.Event) -> bool:
    started = folder.clock.now()
    numbers: dict[int, str] = {}
    browser = Browser(folder.desk_url, STAFF[0])
    for at, samples in _rounds(started):
        if stop.is_set():
            return False
        folder.clock.set(at)
        numbers |= _mailed(folder, [one for one in samples if one.via in {Via.MAIL, Via.NIGHT_MAIL}])
        numbers |= {one.n: _noted(browser, one) for one in samples if one.via is Via.TALK}
        for one in samples:
            if one.via is Via.VOICEMAIL:
                dial(person(one.who), one.text)
    folder.clock.set(None if abs(started - folder.clock.real()) < timedelta(minutes=1) else started)
    _rated(folder, numbers, stop)
    return not stop.is_set()


def _rounds(now: datetime) -> Iterable[tuple[datetime, list[Sample]]]:
    """When which samples come in: yesterday, last night, and this morning."""
    calendar = Calendar()
    day = local(now).date()
    before = next(d for n in range(1, 9) if calendar.windows_on(d := day - timedelta(days=n)))
    yield (
        at_local(before, datetime.min.time().replace(hour=14, minute=10)),
        [s for s in SAMPLES if s.n in {3, 6, 8, 13, 21}],
    )
    yield (
        at_local(before, datetime.min.time().replace(hour=19, minute=12)),
        [s for s in SAMPLES if s.via is Via.NIGHT_MAIL],
    )
    rest = [s for s in SAMPLES if s.n not in {3, 6, 8, 13, 21} and s.via is not Via.NIGHT_MAIL]
    yield now - timedelta(minutes=35), rest[: len(rest) // 2]
    yield now - timedelta(minutes=12), rest[len(rest) // 2 :]


def _mailed(folder: Folder, samples: list[Sample]) -> dict[int, str]:
    """Send mails and read their numbers from the desk's acknowledgements."""
    sent = {}
    for one in samples:
        message = mailbox.write(person(one.who), one.title, one.text)
        mailbox.send(folder, message)
        sent[str(message["Message-ID"])] = one
    numbers: dict[int, str] = {}
    until = time.monotonic() + PATIENCE
    while len(numbers) < len(sent) and time.monotonic() < until:
        for address in {person(one.who).email for one in samples if one.n not in numbers}:
            numbers |= _answered(folder, address, sent)
        time.sleep(0.2)
    return numbers


def _answered(folder: Folder, address: str, sent: dict[str, Sample]) -> dict[int, str]:
    found = {}
    for mail in mailbox.inbox(folder, address):
        number = NUMBER.search(mail.subject)
        if number and mail.answers in sent:
            found[sent[mail.answers].n] = "".join(number.groups())
    return found


def _noted(browser: Browser, one: Sample) -> str:
    who = person(one.who)
    fields = {
        "titel": one.title,
        "verhaal": one.text,
        "naam": who.name,
        "organisatie": who.organisation,
        "telefoon": who.shown_phone,
        "email": who.email,
        "gebied": one.area,
    }
    return browser.fill("/noteren", "/noteren", fields).rpartition("/")[2]


def _rated(folder: Folder, numbers: dict[int, str], stop: threading.Event) -> None:
    browsers = [Browser(folder.desk_url, colleague) for colleague in STAFF]
    for one in SAMPLES:
        if one.n not in numbers or one.n in UNREAD or stop.is_set():
            continue
        page, browser = f"/melding/{numbers[one.n]}", browsers[TAKEN.get(one.n, 0)]
        _send(browser, page, "categoriseren", _categories(one))
        _send(browser, page, "beoordelen", _rating(one))
        if one.n in TAKEN:
            _send(browser, page, "oppakken", {})


def _send(browser: Browser, page: str, act: str, fields: dict[str, str | bool]) -> None:
    browser.fill(f"{page}/{act}", f"{page}/{act}", fields)


def _categories(one: Sample) -> dict[str, str | bool]:
    leading, *others = one.categories
    return {"leidend": leading, "gebied": one.area} | {f"ook-{other}": True for other in others}


def _rating(one: Sample) -> dict[str, str | bool]:
    reasons = {
        "acute": "Direct gevaar: het kind is nu niet veilig.",
        "today": "Vermoeden van onveiligheid thuis.",
        "one_day": "Geen contact, geen teken van gevaar.",
        "three_days": "Vraag om hulp bij het leren thuis.",
    }
    fields: dict[str, str | bool] = {"hoe-snel": one.urgency, "reden": reasons[one.urgency]}
    if one.urgency == "acute":
        fields["gebeld"] = "gebeld door de melder"
    return fields
