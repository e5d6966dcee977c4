"""A mail, from SMTP through a real mailbox to the closed ticket, in a browser without scripts."""

import re
from email.message import EmailMessage

import pytest

from tests.journeys.colleague import Colleague
from tests.journeys.conftest import ADDRESS, Town

pytestmark = pytest.mark.browser
HANNA = "hanna@vos.example"


def test_a_mail_becomes_a_ticket_that_is_handed_over_and_closed(town: Town, iris: Colleague) -> None:
    before = town.mailbox.count("desk", "Processed")  # of other journeys
    town.office.send(_letter("Even over een leerling", "Sem Fictief logt al twee weken niet in. Er is geen laptop."))
    row = iris.wait_for("Even over een leerling")
    number = iris.open(row)
    acknowledgement = town.office.mail_for(HANNA)[0]
    assert f"[melding {number}]" in acknowledgement["Subject"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert "Sem" not in acknowledgement.as_string()

    iris.reads("Er is geen laptop.", HANNA)
    iris.claim()
    answer = _letter(f"Re: {acknowledgement['Subject']}", "Nog iets: zijn zusje zag ik gisteren wel.")
    answer["In-Reply-To"] = answer["References"] = acknowledgement["Message-ID"]
    town.office.send(answer)
    iris.tells("Tijdlijn", "zijn zusje zag ik gisteren wel")

    iris.categorise("Extra begeleiding nodig", area="Delfshaven")
    iris.rate("Binnen 3 werkdagen", "Er is geen gevaar. Een laptop is genoeg.")
    iris.note("School leent maandag een laptop uit.")
    iris.hand_over("Wijkteam Delfshaven", "Pim Verzonnen, wijkteam", "Pim brengt de laptop langs.")
    iris.confirm("Pim Verzonnen, wijkteam")
    iris.close("Hulp of onderwijs is geregeld")

    iris.view("Afgesloten")
    iris.reads("Even over een leerling", number)
    assert len(town.office.delivered[HANNA]) == 1
    _only_the_number_went_to_the_partner(town, number)
    assert (town.mailbox.count("desk"), town.mailbox.count("desk", "Processed")) == (0, before + 2)


def test_a_mail_with_a_file_keeps_the_file(town: Town, iris: Colleague) -> None:
    letter = _letter("Verslag van een huisbezoek", "Het verslag zit erbij.")
    letter.add_attachment(b"%PDF-1.7 verzonnen", maintype="application", subtype="pdf", filename="verslag.pdf")
    town.office.send(letter)
    iris.open(iris.wait_for("Verslag van een huisbezoek"))
    iris.reads("verslag.pdf")
    link = iris.page.get_by_role("link", name=re.compile("verslag.pdf")).get_attribute("href")
    assert link
    assert iris.page.request.get(link).body() == b"%PDF-1.7 verzonnen"


def _only_the_number_went_to_the_partner(town: Town, number: str) -> None:
    letters = [mail for address, mails in town.office.delivered.items() if "wijkteam" in address for mail in mails]
    assert len(letters) == 1
    text = letters[0].as_string()
    assert number in text
    assert not re.search("Sem|Fictief|laptop|Papier", text)


def _letter(subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"Hanna Papier <{HANNA}>", ADDRESS, subject
    letter["Message-ID"] = f"<{abs(hash((subject, text))):x}@vos.example>"
    letter.set_content(f"Goedemorgen,\n\n{text}\n\nHanna Papier\nBasisschool De Verzonnen Vos\n06 - 0000 0142\n")
    return letter
