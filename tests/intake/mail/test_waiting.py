"""What `doctor` says of mails that were stored and not read."""

from datetime import timedelta

import pytest

from desk.check import Fault
from desk.desk import Desk
from intake.mail.reader import Reader
from intake.mail.waiting import stored_mails
from tests.fakes import FixedClock
from tests.intake.mail.inbox import fetch, process
from tests.intake.mail.mails import a_mail


def test_a_mail_that_nobody_reads_is_a_fault_until_it_is_read(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    fetch(desk, a_mail())
    assert stored_mails(desk.database) == "all read"
    clock.advance(timedelta(minutes=11))
    with pytest.raises(Fault, match="1 wait longer than ten minutes, taken up to 0 times; is `meldpunt mail` running"):
        stored_mails(desk.database)
    process(desk, reader)
    assert stored_mails(desk.database) == "all read"
