"""Fills in the forms of a page as a browser does: what is hidden in them goes along."""

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

OURS = {"Sec-Fetch-Site": "same-origin"}
FORM = re.compile(r'<form[^>]*action="(?P<action>[^"]*)"[^>]*>(?P<inside>.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TAG = re.compile(r"<[^>]+>")


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """What the first form with this action carries."""
    inside = next(found["inside"] for found in FORM.finditer(page) if unescape(found["action"]) == action)
    return {name: unescape(value) for name, value in HIDDEN.findall(inside)}


def marks_on(client: FlaskClient, number: str, act: str) -> dict[str, str]:
    """The marks of a fresh form for this act."""
    page = client.get(f"/melding/{number}/{act}")
    assert page.status_code == 200, page.text
    return hidden_fields(page.text, f"/melding/{number}/{act}")


def send(client: FlaskClient, url: str, form: dict[str, str]) -> TestResponse:
    """Post a form from one of our own pages."""
    return client.post(url, data=form, headers=OURS)


def do(client: FlaskClient, number: str, act: str, typed: dict[str, str] | None = None) -> TestResponse:
    """Open the form of an act, fill it in, send it."""
    return send(client, f"/melding/{number}/{act}", marks_on(client, number, act) | (typed or {}))


def words_of(page: TestResponse) -> str:
    """The text of a page, without marks and with single spaces."""
    return " ".join(unescape(TAG.sub(" ", page.text)).split())
