"""The telephones of the colleagues: a page on which one answers them, as at a desk with a telephone for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from demo.carrier import Call, Carrier
from demo.carrier.call import KEYS
from demo.carrier.events import Status
from demo.carrier.telephone import Telephone
from demo.carrier.view import LONGEST_SENTENCE, Row, clock, rows_of, shown_rows
from demo.people import DESK_NUMBER, PEOPLE, STAFF, shown

ENDS = {
    Status.NO_ANSWER: "niet opgenomen",
    Status.CANCELED: "gestopt met overgaan",
    Status.BUSY: "geweigerd",
    Status.FAILED: "niet bereikbaar",
}
CALLERS = {DESK_NUMBER: "14 010", "anonymous": "een afgeschermd nummer"}
Mode = Literal["idle", "ringing", "talking"]


@dataclass(frozen=True)
class Handset:
    """One telephone as the page shows it, with the call that it is in, or was in last."""

    name: str
    telephone: Telephone

    @property
    def key(self) -> str:
        """Its number, in digits."""
        return self.telephone.number.lstrip("+")

    @property
    def number(self) -> str:
        """Its number, for people."""
        return shown(self.telephone.number)

    @property
    def mode(self) -> Mode:
        """What can be done with it now."""
        if self.telephone.call is None:
            return "idle"
        return "ringing" if self.telephone.ringing else "talking"

    @property
    def state(self) -> str:
        """In a few words."""
        call = self._call
        if call is None:
            return "stil"
        if self.mode == "ringing":
            return "gaat over"
        if self.mode == "talking":
            return f"{'in gesprek' if call.connected_to else 'opgenomen'}, {clock(call.seconds())}"
        return f"stil, laatste keer {ENDS.get(call.status, 'opgehangen')}"

    @property
    def hint(self) -> str:
        """What one can do now; nothing while it is silent."""
        call = self.telephone.call
        if call is None:
            return ""
        if call.status.unanswered:
            return f"Telefoon van {CALLERS.get(call.from_) or shown(call.from_)}. Neemt u op?"
        if call.connected_to:
            return "U bent verbonden. Typ wat u zegt."
        return "Het meldpunt wacht op uw toets." if call.listening else "Luister naar het meldpunt."

    @property
    def rows(self) -> list[Row]:
        """What was heard, said and pressed."""
        return rows_of(self._call) if self._call else []

    @property
    def _call(self) -> Call | None:
        return self.telephone.call or (self.telephone.calls[-1] if self.telephone.calls else None)

    def as_json(self) -> dict[str, object]:
        """For the script."""
        return {
            "key": self.key,
            "mode": self.mode,
            "state": self.state,
            "hint": self.hint,
            "rows": shown_rows(self.rows),
        }


@dataclass(frozen=True)
class Handsets:
    """The page over one network."""

    carrier: Carrier

    def page(self) -> str:
        """Everybody's telephone."""
        return render_template("phone/handsets.html", handsets=list(self._all()))

    def state(self) -> Response:
        """What the page shows, for a script that keeps it fresh."""
        return jsonify(handsets=[handset.as_json() for handset in self._all()])

    def act(self, key: str, what: str) -> AnyResponse:
        """Do something with one telephone; what it cannot do now does nothing."""
        act = {"opnemen": _answer, "toets": _press, "zeg": _say, "ophangen": _hang_up}.get(what)
        handset = {one.key: one for one in self._all()}.get(key)
        if act is None or handset is None:
            abort(404)
        act(handset.telephone)
        if request.accept_mimetypes.best == "application/json":
            return self.state()
        return redirect(f"/toestellen#t-{key}", 303)

    def _all(self) -> Iterator[Handset]:
        """Of the staff always; of others once the desk has called them."""
        for colleague in STAFF:
            yield Handset(colleague.name, self.carrier.telephone(colleague.phone))
        names = {one.phone: one.name for one in PEOPLE}
        known = {colleague.phone for colleague in STAFF}
        for number, telephone in sorted(dict(self.carrier.telephones).items()):  # a copy: calls run in other threads
            if number not in known and telephone.calls:
                yield Handset(names.get(number, "Onbekend"), telephone)


def _answer(telephone: Telephone) -> None:
    telephone.answer()


def _press(telephone: Telephone) -> None:
    key = request.form.get("toets", "")
    if key not in KEYS:
        abort(400)
    telephone.press(key)


def _say(telephone: Telephone) -> None:
    text = request.form.get("zeg", "").strip()
    if len(text) > LONGEST_SENTENCE:
        abort(400)
    if text:
        telephone.say(text)


def _hang_up(telephone: Telephone) -> None:
    telephone.hang_up()


def handsets_blueprint(carrier: Carrier) -> Blueprint:
    """The page *Telefoons van de collega's* at /toestellen, over a network in real time."""
    handsets = Handsets(carrier)
    pages = Blueprint("handsets", __name__, url_prefix="/toestellen")
    pages.add_url_rule("", "page", handsets.page)
    pages.add_url_rule("/stand", "state", handsets.state)
    pages.add_url_rule("/<key>/<what>", "act", handsets.act, methods=["POST"])
    return pages
