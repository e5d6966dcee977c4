"""Who is at the keyboard: the signed-in colleague of this request, and the guard of every page."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from desk.errors import COORDINATORS_ONLY, fault_page

SIGN_IN = "security.login"
COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Person:
    """A colleague as the pages know them."""

    id: UUID
    name: str
    roles: frozenset[str] = frozenset()

    @property
    def coordinates(self) -> bool:
        """Whether this colleague may change what holds for everybody: texts, hours, partners, rules."""
        return COORDINATOR in self.roles

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return f"user:{self.id}"

    @property
    def initials(self) -> str:
        """Two letters for the round sign beside a name."""
        return initials(self.name)


def initials(name: str) -> str:
    """First letters of the first and the last word: "Bas van den Verzonnen" is BV."""
    words = name.split() or ["?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def person_or_none() -> Person | None:
    """Who signed in; asked of the sign-in at most once per request."""
    if "person" not in g:
        find: Callable[[], Person | None] = current_app.extensions["person"]
        g.person = find()
    person: Person | None = g.person
    return person


def this_person() -> Person:
    """Who signed in. Raises `LookupError` on a page that forgot its guard."""
    person = person_or_none()
    if person is None:
        raise LookupError("nobody is signed in")
    return person


def only_signed_in() -> Response | None:
    """The guard of a blueprint (its `before_request`): whoever did not sign in does that first, and then goes on."""
    if person_or_none() is not None:
        return None
    if request.form:
        sent_too_late: Callable[[], tuple[str, int]] = current_app.extensions["sent_too_late"]
        return make_response(sent_too_late())
    back = request.full_path.removesuffix("?") if request.method in {"GET", "HEAD"} else None
    return redirect(url_for(SIGN_IN, next=back))


def only_coordinators() -> Response | None:
    """The guard of what changes something for everybody, behind `only_signed_in`; None lets through."""
    return None if this_person().coordinates else make_response(fault_page(COORDINATORS_ONLY, 403), 403)
