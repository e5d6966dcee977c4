"""What somebody sent when their session had run out. It waits in the pages of the sign-in, sealed, in their browser and
nowhere else: the desk stores nothing of it. Once the same person signed in, one click sends it.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from flask import request

from desk.own_paths import own_path
from desk.vault import SealBroken, seal, unseal

NAME = "bewaard"
"""Of the hidden field on the sign-in page."""
WHO = "wie"
"""Of the cookie that names, sealed, who signed in here last: a form that comes without a session is theirs."""
FORM, PERSON = "kept form", "signed in last"


@dataclass(frozen=True)
class Kept:
    """A form that waits: whose it is (a user's id), where it was posted to, the page it stood on, its fields."""

    owner: str
    to: str
    back: str
    fields: tuple[tuple[str, str], ...]

    def sealed(self, secret: bytes) -> str:
        """The value of the hidden field with which it goes along on the sign-in page."""
        return shut(secret, json.dumps(asdict(self)), FORM)

    @property
    def sentences(self) -> list[str]:
        """What was typed in words, without choices and marks, for whoever is asked to send it."""
        return [value for _name, value in self.fields if " " in value.strip()]


def sent_here(secret: bytes, cookie: str) -> Kept:
    """The form of this request, which came without a session; of nobody when `cookie` names nobody."""
    typed_on = urlsplit(request.referrer or "")
    back = own_path(f"{typed_on.path}?{typed_on.query}" if typed_on.query else typed_on.path)
    owner = opened(secret, request.cookies.get(cookie, ""), PERSON) or ""
    return Kept(owner, request.path, back or "/", tuple(request.form.items(multi=True)))


def kept_along(secret: bytes) -> Kept | None:
    """The form that went along with this sign-in; None when there is none, or it is not of ours."""
    found = opened(secret, request.form.get(NAME, ""), FORM)
    if found is None:
        return None
    stored = json.loads(found)
    fields = tuple((name, value) for name, value in stored["fields"])
    to = own_path(stored["to"], "POST")
    return Kept(stored["owner"], to, own_path(stored["back"]) or "/", fields) if to else None


def shut(secret: bytes, text: str, place: str) -> str:
    """Seal a text for a browser to hold."""
    return base64.urlsafe_b64encode(seal(secret, text.encode(), place)).decode()


def opened(secret: bytes, value: str, place: str) -> str | None:
    """What `shut` sealed; None for anything else."""
    try:
        return unseal(secret, base64.urlsafe_b64decode(value), place).decode()
    except (SealBroken, binascii.Error, ValueError):
        return None
