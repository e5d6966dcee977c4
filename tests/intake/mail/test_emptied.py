"""What *Toestand* says of mail that comes in."""

from datetime import timedelta

from pydantic import SecretStr

from desk.condition import Condition, State
from desk.desk import Desk
from desk.mailbox_settings import Mailbox
from desk.settings import Settings
from intake.mail.emptied import Emptied, conditions
from tests.fakes import FixedClock
from tests.intake.mail.inbox import fetch
from tests.intake.mail.mails import a_mail

BOX = Mailbox(url=SecretStr("imaps://desk%40example.nl:geheim@imap.example.nl/INBOX"))
SAME_NAME = Mailbox(url=SecretStr("imaps://desk%40example.nl:geheim@imap.example.nl/Zorgen"))

UNREAD = timedelta(minutes=11)


def _said(desk: Desk, settings: Settings) -> list[Condition]:
    with desk.database.reading() as session:
        return conditions(session, settings, desk.clock.real())


def test_each_mailbox_is_watched(sqlite_desk: Desk, clock: FixedClock) -> None:
    settings = sqlite_desk.settings.model_copy(update={"mailbox": (BOX, SAME_NAME)})
    emptied = Emptied(sqlite_desk.database, BOX)
    for _ in range(2):
        emptied.note()
    first, second, _unread = _said(sqlite_desk, settings)
    assert (first.state, first.since, second.state) == (State.OK, clock.real(), State.ATTENTION)
    clock.advance(timedelta(minutes=20))
    assert _said(sqlite_desk, settings)[0].state is State.ALARM


def test_a_mail_that_nobody_reads_is_an_alarm(desk: Desk, clock: FixedClock) -> None:
    fetch(desk, a_mail(), internaldate=clock.real())
    assert [each.state for each in _said(desk, desk.settings)] == [State.ATTENTION, State.OK]
    clock.advance(UNREAD)
    unread = _said(desk, desk.settings)[1]
    assert (unread.state, unread.sentence) == (State.ALARM, "1 mail is opgehaald, maar nog geen melding.")
