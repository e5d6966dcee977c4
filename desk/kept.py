"""What somebody sent when their session had run out. It waits in the pages of the sign-in, in their own browser, and
nowhere else: the desk stores nothing of it. Once they signed in, one click sends it.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from desk.own_paths import own_path

BEFORE = "bewaard."
"""What stands before the name of a kept field, so that none is taken for one of the sign-in's own."""
TO, FROM = "bewaard-voor", "bewaard-van"


@dataclass(frozen=True)
class Kept:
    """A form that waits: where it was posted to, the page it stood on, its fields."""

    to: str
    back: str
    fields: tuple[tuple[str, str], ...]

    def hidden(self) -> list[tuple[str, str]]:
        """Names and values of the hidden fields with which it goes along on the sign-in page."""
        return [(TO, self.to), (FROM, self.back), *((f"{BEFORE}{name}", value) for name, value in self.fields)]


def sent_here() -> Kept:
    """The form of this request, which came without a session."""
    typed_on = urlsplit(request.referrer or "")
    back = own_path(f"{typed_on.path}?{typed_on.query}" if typed_on.query else typed_on.path)
    return Kept(request.path, back or "/", tuple(request.form.items(multi=True)))


def kept_along() -> Kept | None:
    """The form that went along with this sign-in; None when there is none, or it is for no page of ours."""
    to = own_path(request.form.get(TO), "POST")
    if not to:
        return None
    fields = ((name, value) for name, value in request.form.items(multi=True) if name.startswith(BEFORE))
    own = tuple((name.removeprefix(BEFORE), value) for name, value in fields)
    return Kept(to, own_path(request.form.get(FROM)) or "/", own)
