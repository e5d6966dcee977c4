"""Mails for tests: invented samples from files, and made-up ones."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "mail"


def sample(name: str) -> bytes:
    """A sample as it would lie in a mailbox: with CRLF."""
    return (SAMPLES / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def a_mail(n: int = 1, **differences: str) -> bytes:
    """A teacher's mail; equal `n` gives equal bytes. Differences are headers (`in_reply_to=`) and `text`."""
    given = {
        "return_path": "<hanna@vos.example>",
        "from": "Hanna Papier <hanna@vos.example>",
        "to": "meldpunt@meldpunt.example",
        "subject": f"Zorgen over leerling {n}",
        "date": "Tue, 14 Apr 2020 10:00:00 +0200",
        "message_id": f"<mail-{n}@vos.example>",
        "text": f"Sem Fictief werkt op de telefoon van zijn moeder ({n}). Er is geen laptop.",
    } | differences
    text = given.pop("text")
    message = EmailMessage(policy=SMTP)
    for name, value in given.items():
        if value:
            message[name.replace("_", "-").title()] = value
    message.set_content(text, cte="8bit")
    return message.as_bytes()
