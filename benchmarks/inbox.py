"""A thousand invented mails as schools and care workers send them: the same bytes in every run."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

SEED = 14010
FIRST = datetime(2020, 4, 14, 7, 0, tzinfo=UTC)

NAMES = (
    "Hanna Papier",
    "Joris Zogenaamd",
    "Mo Schijnstra",
    "Tess Verzonnen",
    "Omar Bedacht",
    "Ans Voorbeeld",
    "Zoë Nepstra",
)
CHILDREN = (
    "Mila Verzonnen",
    "Bo Voorbeeld",
    "Noor Testman",
    "Sem Fictief",
    "Daan Nepmans",
    "Kyra Testman",
    "Levi Fictief",
)
PLACES = ("vos", "denkbrug", "papierboom", "wolkenkind", "nergens", "overmorgen")
SENTENCES = (
    "{child} logt al twee weken niet in bij de lessen en neemt de telefoon niet op.",
    "Wij belden en mailden de ouders, tot nu toe zonder antwoord.",
    "Een klasgenoot zegt dat {child} 's nachts buiten is en overdag slaapt.",
    "Moeder klonk gisteren erg bang en hing op toen er een deur dichtsloeg.",
    "Er is geen laptop in huis; {child} maakt het werk op de telefoon van zijn zusje.",
    "Vader werkt ’s nachts en de kinderen zijn dan alleen thuis, zegt de buurvrouw.",
    "De huisarts zag een blauwe plek en kreeg daar geen duidelijk antwoord op.",
    "Onze intern begeleider ging twee keer langs de deur en trof niemand aan.",
    "Wij maken ons zorgen en horen graag wat wij zelf nog kunnen doen.",
    "Het gezin is bekend bij het wijkteam, maar de afspraak van maandag ging niet door.",
    "{child} vertelde in de videoles dat er thuis veel geschreeuwd wordt.",
    "De leerplichtambtenaar weet hiervan en vroeg ons om ook het meldpunt te mailen.",
)
FILES = (
    ("verslag.pdf", "application", "pdf", b"%PDF-1.7\n"),
    ("schermafdruk.png", "image", "png", b"\x89PNG\r\n\x1a\n"),
    ("foto.jpg", "image", "jpeg", b"\xff\xd8\xff\xe0"),
    ("verzuim.docx", "application", "vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"),
)


def mails(count: int = 1_000) -> list[bytes]:
    """Raw mails as a server delivers them. The median is about 3.7 kB; one in eight carries a file."""
    dice = random.Random(SEED)
    return [_mail(dice, n) for n in range(count)]


def delivered_again(raw: bytes, n: int) -> bytes:
    """The same mail by another way: one more Received line on top, nothing else."""
    return f"Received: from relay{n}.example by mx.example with ESMTPS id again{n}\r\n".encode() + raw


def _mail(dice: random.Random, n: int) -> bytes:
    name, place, child = dice.choice(NAMES), dice.choice(PLACES), dice.choice(CHILDREN)
    message = EmailMessage(policy=SMTP)
    for field, value in _travelled(dice, n, place):
        message[field] = value
    message["From"] = f"{name} <{name.split()[0].casefold().replace('ë', 'e')}{n}@{place}.example>"
    message["To"] = "Meldpunt <meldpunt@meldpunt.example>"
    message["Subject"] = dice.choice(("Zorgen over {}", "Even over {}", "Geen contact met {} – help")).format(child)
    message["Date"] = format_datetime(FIRST + timedelta(minutes=n))
    message["Message-ID"] = f"<{dice.getrandbits(96):024x}.{n}@{place}.example>"
    _fill(message, dice, [line.format(child=child) for line in dice.choices(SENTENCES, k=dice.randint(2, 7))], name)
    for part, m in zip(message.walk(), range(99), strict=False):
        if part.is_multipart():
            part.set_boundary(f"=-grens-{n}-{m}")  # else it is drawn from the clock's dice, new in every run
    return message.as_bytes()


def _travelled(dice: random.Random, n: int, place: str) -> Iterator[tuple[str, str]]:
    """What the servers on the way add; half of all schools have their mail at one big provider, which adds much."""
    for hop in range(dice.randint(3, 6), 0, -1):
        at = format_datetime(FIRST + timedelta(minutes=n, seconds=9 - hop))
        here, there = f"mx{hop}.{place}.example", f"mx{hop + 1}.{place}.example"
        how = f"(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384) with ESMTPS id {dice.getrandbits(64):x}"
        yield "Received", f"from {there} ({there} [192.0.2.{hop}]) by {here} (192.0.2.{hop + 1}) {how}; {at}"
    signed = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={place}.example; h=from:to:subject:date; bh={_code(dice, 1)}"
    yield "Authentication-Results", f"mx.example; spf=pass smtp.mailfrom={place}.example; dkim=pass; dmarc=pass"
    yield "DKIM-Signature", f"{signed}; b={_code(dice, 6)}"
    if dice.random() < 1 / 2:
        yield "ARC-Seal", f"i=1; a=rsa-sha256; s=arc; d=provider.example; cv=none; b={_code(dice, 6)}"
        yield "X-Exchange-Diagnostics", _code(dice, 9)
        yield "Thread-Index", _code(dice, 1)
    yield "Return-Path", f"<bounce-{n}@{place}.example>"
    yield "Accept-Language", "nl-NL, en-US"
    yield "X-Mailer", dice.choice(("Microsoft Outlook 16.0", "Apple Mail (2.3608)", "Webmail"))


def _code(dice: random.Random, words: int) -> str:
    """What looks like a signature, cut where a mail server folds it."""
    return " ".join(f"{dice.getrandbits(220):055x}" for _ in range(words))


def _fill(message: EmailMessage, dice: random.Random, lines: list[str], name: str) -> None:
    text = (
        "Goedemorgen,\n\n"
        + "\n\n".join(lines)
        + f"\n\nMet vriendelijke groet,\n{name}\n06 - 0000 0{dice.randrange(1000):03}\n"
    )
    kind = dice.choices(("plain", "both", "html"), (35, 50, 15))[0]
    charset, encoding = dice.choice(
        (("utf-8", "quoted-printable"), ("utf-8", "8bit"), ("windows-1252", "quoted-printable"))
    )
    if kind == "html":
        message.set_content(_html(text), subtype="html", charset="utf-8", cte="quoted-printable")
    else:
        message.set_content(text, charset=charset, cte=encoding)
    if kind == "both":
        message.add_alternative(_html(text), subtype="html", charset="utf-8", cte="quoted-printable")
    if dice.random() < 1 / 8:
        filename, main, sub, magic = dice.choice(FILES)
        content = magic + dice.randbytes(dice.randint(5_000, 90_000))
        message.add_attachment(content, maintype=main, subtype=sub, filename=filename)


def _html(text: str) -> str:
    rows = "".join(
        f'<p style="margin:0 0 10pt"><span lang="nl">{line}</span></p>\n' for line in text.split("\n") if line
    )
    return f'<html><head><style>p {{ font-family: Calibri }}</style></head><body lang="nl">\n{rows}</body></html>\n'
