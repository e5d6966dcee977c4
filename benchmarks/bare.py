"""The floor of the phone webhook: a bare Flask view that checks the same signature and does one insert."""

import sys
import threading
from contextlib import AbstractContextManager, nullcontext

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from twilio.request_validator import RequestValidator

from desk.clock import SystemClock
from desk.database import Database
from desk.keyring import KeyRing
from desk.serve import serve
from desk.settings import load_settings
from desk.vault import Vault

SEEN = Table("seen", MetaData(), Column("n", Integer, primary_key=True), Column("sid", String(64), unique=True))


def make_app(database: Database, public_url: str, token: str, turn: AbstractContextManager[object]) -> Flask:
    """One view, nothing else. Writers enter `turn` first: a lock has them queue, a null context leaves it to SQLite."""
    app = Flask(__name__)
    validator = RequestValidator(token)
    writing = database.engine.execution_options(writes=True)

    @app.post("/phone/incoming")
    def incoming() -> tuple[str, int, dict[str, str]]:
        url = public_url + request.path
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            return "", 403, {}
        with turn, writing.begin() as connection:
            connection.execute(insert(SEEN).values(sid=request.form["CallSid"]))
        return "<Response/>", 200, {"Content-Type": "text/xml"}

    return app


def main() -> None:
    """Serve the floor as the desk is served: `python -m benchmarks.bare DATABASE_URL HOST:PORT TOKEN bare|queued`."""
    url, bind, token, how = sys.argv[1:]
    database = Database(url, Vault(KeyRing.new()), SystemClock())
    with database.engine.execution_options(writes=True).begin() as connection:
        SEEN.create(connection, checkfirst=True)
    database.engine.dispose()
    turn = threading.Lock() if how == "queued" else nullcontext()
    serve(load_settings(bind=bind), lambda: make_app(database, f"http://{bind}", token, turn))


if __name__ == "__main__":
    main()
