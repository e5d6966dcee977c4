"""The telephone of the demonstration: a page with keys, on which one reads and hears what a caller hears."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from demo.carrier.agenda import NeverHappened
from demo.carrier.call import KEYS, Call
from demo.carrier.callers import CALLERS, Caller
from demo.carrier.network import Carrier
from demo.carrier.view import LONGEST_SENTENCE, Shown, show

PUTTING_DOWN = 2.0  # seconds that the page waits for the end of a call
COOKIE = "gesprek"  # which call this browser is in; a call's own id, nothing about a person
NO_CALL = "Er is nog niet gebeld."
TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True)
class Telephone:
    """The page over one network."""

    carrier: Carrier
    callers: Sequence[Caller]

    def page(self) -> str:
        """The page, with the call of this browser or none."""
        return render_template("phone/telephone.html", shown=self._shown(), callers=self.callers)

    def state(self) -> Response:
        """What the page shows, for a script that keeps it fresh."""
        return jsonify(self._shown().as_json())

    def report(self) -> Response:
        """Everything about the call as plain text, to keep."""
        return Response(self._shown().report or NO_CALL, mimetype="text/plain")

    def dial(self) -> AnyResponse:
        """Phone the desk as somebody; a call that this browser was in ends."""
        caller = {one.key: one for one in self.callers}.get(request.form.get("wie", ""))
        if caller is None:
            abort(400)
        if (before := self._call()) is not None:
            before.hang_up()
        answer = self._answer(call := self.carrier.dial(caller.number, parameters=caller.parameters))
        answer.set_cookie(COOKIE, call.sid, httponly=True, samesite="Lax", path="/telefoon")
        return answer

    def press(self) -> AnyResponse:
        """One key."""
        key = request.form.get("toets", "")
        if key not in KEYS:
            abort(400)
        if (call := self._call()) is not None:
            call.press(key)
        return self._answer(call)

    def say(self) -> AnyResponse:
        """Say something into the telephone."""
        text = request.form.get("zeg", "").strip()
        if len(text) > LONGEST_SENTENCE:
            abort(400)
        if text and (call := self._call()) is not None:
            call.say(text)
        return self._answer(self._call())

    def hang_up(self) -> AnyResponse:
        """Put the telephone down."""
        if (call := self._call()) is not None:
            call.hang_up()
            with suppress(NeverHappened):  # without scripts the page that follows shows how it ended
                call.wait_until_over(PUTTING_DOWN)
        return self._answer(call)

    def _call(self) -> Call | None:
        return self.carrier.calls.get(request.cookies.get(COOKIE, ""))

    def _shown(self, call: Call | None = None) -> Shown:
        call = call or self._call()
        legs = [leg for leg in list(self.carrier.calls.values()) if call is not None and leg.parent_sid == call.sid]
        return show(call, legs, self.carrier.journal, self.carrier.alerts)

    def _answer(self, call: Call | None) -> AnyResponse:
        """Back to the page, or only the news of it for a script."""
        if request.accept_mimetypes.best == "application/json":
            return jsonify(self._shown(call).as_json())
        return redirect("/telefoon", 303)


def phone_blueprint(carrier: Carrier, callers: Sequence[Caller] = CALLERS) -> Blueprint:
    """The page *Bel het meldpunt* at /telefoon, over a network in real time; it extends `demo/base.html`."""
    telephone = Telephone(carrier, callers)
    pages = Blueprint("telephone", __name__, template_folder=str(TEMPLATES), url_prefix="/telefoon")
    pages.add_url_rule("", "page", telephone.page)
    pages.add_url_rule("/stand", "state", telephone.state)
    pages.add_url_rule("/verslag", "report", telephone.report)
    pages.add_url_rule("/bellen", "dial", telephone.dial, methods=["POST"])
    pages.add_url_rule("/toets", "press", telephone.press, methods=["POST"])
    pages.add_url_rule("/zeg", "say", telephone.say, methods=["POST"])
    pages.add_url_rule("/ophangen", "hang_up", telephone.hang_up, methods=["POST"])
    return pages
