"""Pages with call buttons as a browser uses them, and what came of a click."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from desk.desk import Desk
from intake.phone.models import Attempt

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
Staff = Callable[..., FlaskClient]


def form_on(page: TestResponse, action: str) -> dict[str, str]:
    """The first form of a page with this action, as a browser would send it."""
    found = re.search(rf'<form[^>]*action="{action}".*?</form>', page.text, re.DOTALL)
    assert found, action
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found.group(0)))


def send(client: FlaskClient, action: str, form: dict[str, str]) -> TestResponse:
    """Send a form and go on to the page that it leads to."""
    return client.post(action, data=form, headers=SAME_ORIGIN, follow_redirects=True)


def click(client: FlaskClient, path: str = "/terugbellen", **typed: str) -> TestResponse:
    """Press the first call button of a page."""
    return send(client, "/terugbellen/bellen", form_on(client.get(path), "/terugbellen/bellen") | typed)


def attempts(desk: Desk) -> list[Attempt]:
    """Every call that was asked for."""
    with desk.database.reading() as session:
        return list(session.scalars(select(Attempt)))
