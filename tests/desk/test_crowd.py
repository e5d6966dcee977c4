"""Everybody opens a page at the same moment: it may take a while, but nobody waits for a connection in vain."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from desk.desk import Desk
from desk.engine import POOL
from tests.builders import a_colleague, a_ticket, sign_in

CROWD = 64


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  werkzeug calls it so
        """Say nothing."""


@contextmanager
def threaded(app: Flask) -> Iterator[str]:
    """The address of a server with a thread for every request."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def most_connections(engine: Engine) -> Iterator[list[int]]:
    """How many connections were out each time that one was taken."""
    seen: list[int] = []

    def note(*_of: object) -> None:
        seen.append(engine.pool.checkedout())  # type: ignore[attr-defined]  # a QueuePool

    event.listen(engine, "checkout", note)
    yield seen
    event.remove(engine, "checkout", note)


def test_sixty_four_who_open_a_ticket_at_once_all_get_an_answer(desk: Desk) -> None:
    app, number = create_app(desk.settings, desk), a_ticket(desk)
    iris = sign_in(app.test_client(), a_colleague(desk))
    cookies, together = _cookies(iris), threading.Barrier(CROWD)

    def look(_n: int) -> int:
        together.wait(60)
        return requests.get(f"{url}/melding/{number}", cookies=cookies, timeout=120, allow_redirects=False).status_code

    with threaded(app) as url, ThreadPoolExecutor(CROWD) as crowd:
        codes = list(crowd.map(look, range(CROWD)))
    # On SQLite one writer at a time notes who reads: a slow machine may tell the last ones that it is too busy.
    assert set(codes) <= {200, 503}
    assert codes.count(200) > CROWD // 2


def test_a_page_holds_one_connection_and_one_more_while_it_writes(desk: Desk) -> None:
    app, number = create_app(desk.settings, desk), a_ticket(desk)
    iris = sign_in(app.test_client(), a_colleague(desk))
    for path in (f"/melding/{number}", "/werklijst", "/oproepen", "/zoeken"):
        with most_connections(desk.database.engine) as seen:
            assert iris.get(path).status_code == 200
        assert max(seen) <= 2, path


def test_the_pool_holds_a_connection_for_every_thread_that_reads() -> None:
    assert POOL["pool_size"] + POOL["max_overflow"] > CROWD


def _cookies(client: FlaskClient) -> dict[str, str]:
    cookie = client.get_cookie("meldpunt")
    assert cookie is not None
    return {cookie.key: cookie.value}
