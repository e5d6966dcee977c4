"""A carrier of a few lines on a real port: answers each request as it was told, and remembers what it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, Response, jsonify, request

from tests.intake.phone.servers import served

NOT_FOUND = {"code": 20404, "message": "The requested resource was not found", "status": 404}
TUESDAY = "Tue, 14 Apr 2020 08:00:00 +0000"


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    form: dict[str, str]
    query: dict[str, str]
    token: str | None


@dataclass
class Exchange:
    """Gives `answers` in turn: a status with JSON, a text, or a whole response; then 404."""

    answers: list[tuple[int, object] | Response] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tokens: set[str] = field(default_factory=lambda: {"token-of-a-test"})

    def app(self) -> Flask:
        app = Flask("exchange")

        @app.route("/2010-04-01/Accounts/<account>/<path:rest>", methods=["GET", "POST", "DELETE"])
        def answer(account: str, rest: str) -> Response | tuple[Response, int]:
            token = request.authorization.password if request.authorization else None
            self.asked.append(Asked(request.method, rest, request.form.to_dict(), request.args.to_dict(), token))
            if token not in self.tokens:
                return jsonify(code=20003, message="Authenticate", status=401), 401
            if not self.answers:
                return jsonify(NOT_FOUND), 404
            given = self.answers.pop(0)
            if isinstance(given, Response):
                return given
            status, body = given
            return (Response(body) if isinstance(body, str) else jsonify(body)), status

        return app

    @contextmanager
    def running(self) -> Iterator[str]:
        """Its address while the block runs."""
        with served(self.app()) as url:
            yield url


def a_call(sid: str, **differences: object) -> dict[str, object]:
    """A call as the carrier writes it."""
    return {
        "sid": sid,
        "from": "+31600000142",
        "to": "+31100000000",
        "status": "completed",
        "direction": "inbound",
        "parent_call_sid": None,
        "date_created": TUESDAY,
        "start_time": TUESDAY,
        "end_time": "Tue, 14 Apr 2020 08:00:40 +0000",
    } | differences


def a_number(**differences: object) -> dict[str, object]:
    """The desk's number as the carrier writes it."""
    return {
        "sid": "PN" + "1" * 32,
        "phone_number": "+31100000000",
        "voice_url": "https://elsewhere.example.nl/in",
        "status_callback": "",
        "voice_fallback_url": None,
    } | differences
