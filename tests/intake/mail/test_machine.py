"""Who is answered and who never is."""

import pytest

from intake.mail.machine import Writer, writer_of
from intake.mail.parse import parse
from tests.intake.mail.mails import a_mail, sample

OWN = frozenset({"meldpunt@meldpunt.example"})


@pytest.mark.parametrize(
    ("name", "writer"),
    [
        ("html_only", Writer.PERSON),
        ("no_charset", Writer.PERSON),
        ("absence", Writer.AUTO_REPLY),
        ("bounce", Writer.BOUNCE),
        ("list", Writer.SILENT),
        ("truncated", Writer.SILENT),
    ],
)
def test_samples_are_told_apart(name: str, writer: Writer) -> None:
    assert writer_of(parse(sample(name)), OWN) is writer


@pytest.mark.parametrize(
    ("headers", "writer"),
    [
        ({}, Writer.PERSON),
        ({"auto_submitted": "no"}, Writer.PERSON),
        ({"subject": "Afwezig: Sem Fictief, al tien dagen"}, Writer.PERSON),
        ({"subject": "Re: Out of office"}, Writer.PERSON),
        ({"precedence": "first-class"}, Writer.PERSON),
        ({"x_auto_response_suppress": "DR, RN"}, Writer.PERSON),
        ({"from": "Reply Desk <reply@vos.example>"}, Writer.PERSON),
        ({"from": "i.noreplystraat@vos.example"}, Writer.PERSON),
        ({"auto_submitted": "auto-replied"}, Writer.AUTO_REPLY),
        ({"auto_submitted": "Auto-Replied; owner-email=x"}, Writer.AUTO_REPLY),
        ({"auto_submitted": "auto-generated", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"auto_submitted": "auto-generated", "subject": "Automatic reply: x"}, Writer.AUTO_REPLY),
        ({"x_autoreply": "yes"}, Writer.AUTO_REPLY),
        ({"precedence": "auto_reply"}, Writer.AUTO_REPLY),
        ({"subject": "Automatisch antwoord: x", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Afwezig: Re: Wij hebben uw bericht", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "AFWEZIG", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Afwezigheidsbericht", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Afwezigheidsmelding: Re: x", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Ik ben afwezig Re: x", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Ik ben tijdelijk afwezig", "in_reply_to": "<a@b.example>"}, Writer.AUTO_REPLY),
        ({"subject": "Afwezigheidsbericht", "return_path": "<>"}, Writer.AUTO_REPLY),
        ({"subject": "Ik ben afwezig"}, Writer.PERSON),
        ({"subject": "Afwezigheidsmelding: Sem Fictief"}, Writer.PERSON),
        ({"subject": "Afwezig: Sem Fictief, al tien dagen", "in_reply_to": "<a@b.example>"}, Writer.PERSON),
        ({"auto_submitted": "auto-generated"}, Writer.SILENT),
        ({"auto_submitted": "auto-notified"}, Writer.SILENT),
        ({"precedence": "bulk"}, Writer.SILENT),
        ({"list_id": "<x.lijst.example>"}, Writer.SILENT),
        ({"list_unsubscribe": "<mailto:x@lijst.example>"}, Writer.SILENT),
        ({"x_auto_response_suppress": "OOF, AutoReply"}, Writer.SILENT),
        ({"return_path": "<>"}, Writer.SILENT),
        ({"x_loop": "hanna@vos.example"}, Writer.SILENT),
        ({"from": "noreply@vos.example"}, Writer.SILENT),
        ({"from": "zorg.no-reply+1@vos.example"}, Writer.SILENT),
        ({"from": "do-not-reply@vos.example"}, Writer.SILENT),
        ({"from": "owner-zorg@lijst.example"}, Writer.SILENT),
        ({"from": "postmaster@vos.example"}, Writer.SILENT),
        ({"from": "Meldpunt <MELDPUNT@meldpunt.example>"}, Writer.SILENT),
        ({"from": "geen adres", "return_path": ""}, Writer.SILENT),
        ({"from": "MAILER-DAEMON@vos.example"}, Writer.BOUNCE),
        ({"x_failed_recipients": "hanna@vos.example"}, Writer.BOUNCE),
        ({"return_path": "<>", "subject": "Undeliverable: x"}, Writer.BOUNCE),
        ({"return_path": "<>", "subject": "Onbestelbaar: x"}, Writer.BOUNCE),
    ],
    ids=str,
)
def test_only_people_are_answered(headers: dict[str, str], writer: Writer) -> None:
    assert writer_of(parse(a_mail(1, **headers)), OWN) is writer


def test_the_desks_own_mail_that_came_back_is_not_answered() -> None:
    assert writer_of(parse(a_mail()), OWN, own_message=True) is Writer.SILENT
