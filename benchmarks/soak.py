"""`make soak`: thousands of calls and mails against running processes, many doubled; then every one is counted."""

import argparse
import random
import secrets
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from functools import partial
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from benchmarks.crowd import AGAIN, COLLEAGUES, LUNCH, SEED, Crowd
from benchmarks.inbox import delivered_again, mails
from demo.carrier.network import DESK_NUMBER
from desk.accounts import User
from desk.base import new_id
from desk.clock import SystemClock
from desk.database import Database
from desk.documents import write
from desk.keyring import read_key_file
from desk.vault import Vault
from intake.mail.models import RawMail, RawState
from intake.phone.duty import sign_off, sign_on
from intake.phone.models import Duty
from intake.phone.texts.prompts import SEED as SEED_TEXTS
from tests.intake.phone.well import faults, was_promised
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.site import Site, make_site
from tests.waiting import until
from triage.models import Attachment, Contact, Ticket
from triage.values import Channel, Direction, Outcome

PATIENCE = 3_600  # seconds for the workers to catch up
CALLS = (Contact.channel == Channel.PHONE, Contact.direction == Direction.IN)
MAILS = (Contact.channel == Channel.MAIL, Contact.direction == Direction.IN)
ANSWERS = (Contact.channel == Channel.MAIL, Contact.direction == Direction.OUT)
NO_WRAP_UP = ("wrap_up_seconds = 60", "wrap_up_seconds = 0")


def main() -> int:
    """Run, count, print; 1 when one contact is lost or stands there twice."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--calls", type=int, default=10_000)
    asked.add_argument("--mails", type=int, default=2_000, help="deliveries, one in six of them a copy")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="meldpunt-soak-") as folder, running_dovecot() as mailbox:
        site = make_site(
            Path(folder), imap_url=mailbox.url("desk"), mail_from="meldpunt@meldpunt.example", phone_number=DESK_NUMBER
        )
        with site.running("serve", "mail", "work"), _opened(site) as database:
            faults = list(_soak(site, mailbox, database, options.calls, options.mails))
    for fault in faults:
        print("FAULT", fault)
    print(f"{len(faults)} faults" if faults else "every contact exactly once")
    return 1 if faults else 0


def _soak(site: Site, mailbox: Dovecot, database: Database, calls: int, deliveries: int) -> Iterator[str]:
    crowd = Crowd()
    database.run(_man)
    distinct = round(deliveries / (1 + AGAIN))
    with crowd.answering(site):
        post = threading.Thread(target=_deliver, args=(mailbox, distinct, deliveries), name="post")
        post.start()
        crowd.dial(site, calls, lambda hour: database.run(partial(_shift, hour=hour)))
        post.join()
        _catch_up(database, mailbox, deliveries, len(crowd.recorded))
    with database.reading() as session:
        yield from _about_calls(session, crowd)
        yield from _about_mails(session, distinct)
        lonely = select(Ticket.id).where(~select(Contact.id).where(Contact.ticket_id == Ticket.id).exists())
        yield from (f"ticket {ticket} has no contact" for ticket in session.scalars(lonely))


def _man(session: Session) -> None:
    """Colleagues take the telephone, and are free at once after a call: the crowd's time is not the desk's."""
    write(session, "prompts", SEED_TEXTS.read_text("utf-8").replace(*NO_WRAP_UP), "soak")
    for n, number in enumerate(COLLEAGUES):
        user = User(
            id=new_id(), email=f"iris.{n}@meldpunt.example", name=f"Iris Verzonnen {n}", active=True,
            password="-",  # noqa: S106  of no use
            fs_uniquifier=secrets.token_hex(16), roles=[],
        )  # fmt: skip
        session.add(user)
        session.flush()
        sign_on(session, user.id, number)


def _shift(session: Session, hour: time) -> None:
    """Everybody is there, but for lunch."""
    for duty in session.scalars(select(Duty)):
        if hour == LUNCH:
            sign_off(session, duty.id)
        else:
            sign_on(session, duty.id, duty.number or "")


def _deliver(mailbox: Dovecot, distinct: int, deliveries: int) -> None:
    """Put mails into the mailbox while the desk empties it."""
    dice = random.Random(SEED)
    raws = mails(distinct)
    raws += [delivered_again(raw, n) for n, raw in enumerate(dice.sample(raws, deliveries - distinct))]
    dice.shuffle(raws)
    mailbox.deliver("desk", *raws)


def _catch_up(database: Database, mailbox: Dovecot, deliveries: int, recordings: int) -> None:
    """Wait until nothing is left to fetch, to file or to listen to. Raises `TimeoutError`."""
    filed = select(func.count()).select_from(RawMail).where(RawMail.state == RawState.PROCESSED)
    kept = select(func.count()).select_from(Attachment).where(Attachment.media_type == "audio/x-wav")

    def done() -> bool:
        with database.reading() as session:
            return _number(session, filed) >= deliveries and _number(session, kept) >= recordings

    until(done, PATIENCE, "the end of the work")
    until(lambda: mailbox.count("desk") == 0, 60, "an empty inbox")


def _about_calls(session: Session, crowd: Crowd) -> Iterator[str]:
    rows = session.execute(select(Contact.provider_ref, Contact.outcome, Contact.ticket_id).where(*CALLS)).all()
    outcomes = Counter(row.outcome.value for row in rows)
    print(f"{len(crowd.calls):,} calls, {len(rows):,} contacts: {dict(outcomes)}; {len(crowd.recorded):,} recordings")
    yield from faults(session, crowd.calls)
    ticketed = {row.provider_ref for row in rows if row.ticket_id is not None}
    promised = {call.sid for call in crowd.calls if was_promised(call)}
    yield from (f"call {sid} left a message and has no ticket" for sid in crowd.recorded - ticketed)
    yield from (f"call {sid} needs nobody and has a ticket" for sid in ticketed - promised - crowd.recorded)
    if not outcomes[Outcome.ANSWERED]:
        yield "no caller met a colleague"
    if crowd.alerts:
        yield f"the carrier complained {crowd.alerts} times"


def _about_mails(session: Session, distinct: int) -> Iterator[str]:
    deliveries = _number(session, select(func.count()).select_from(RawMail))
    contacts = _number(session, select(func.count()).select_from(Contact).where(*MAILS))
    tickets = _number(session, select(func.count(Contact.ticket_id.distinct())).where(*MAILS))
    answers = _number(session, select(func.count()).select_from(Contact).where(*ANSWERS))
    came = f"{contacts:,} contacts, {tickets:,} tickets, {answers:,} answers"
    print(f"{deliveries:,} deliveries of {distinct:,} mails: {came}")
    for name, count in (("contacts", contacts), ("tickets", tickets), ("answers", answers)):
        if count != distinct:
            yield f"{distinct} mails have {count} {name}"


def _number(session: Session, statement: Select[int]) -> int:
    return session.scalar(statement) or 0


@contextmanager
def _opened(site: Site) -> Iterator[Database]:
    database = Database(f"sqlite:///{site.database}", Vault(read_key_file(site.folder / "desk.keys")), SystemClock())
    try:
        yield database
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(main())
