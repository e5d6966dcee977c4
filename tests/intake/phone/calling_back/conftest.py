"""A desk that can have calls placed, and colleagues who do so."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from desk.desk import Desk
from intake.phone.colleagues.roster import keep_number
from tests.builders import a_colleague, sign_in
from tests.intake.phone.calling_back.clicking import Staff
from tests.intake.phone.line import STAFF_NUMBER, TO


@pytest.fixture
def able(sqlite_desk: Desk) -> Desk:
    """A desk with a number to call from."""
    return replace(sqlite_desk, settings=sqlite_desk.settings.model_copy(update={"phone_number": TO}))


@pytest.fixture
def able_app(able: Desk) -> Flask:
    application = create_app(able.settings, able)
    application.testing = True
    return application


@pytest.fixture
def colleague(able: Desk, able_app: Flask) -> Staff:
    """Somebody who signed in, with a telephone of their own unless told otherwise."""

    def signed_in(name: str = "Iris Bedacht", role: str = "medewerker", number: str = STAFF_NUMBER) -> FlaskClient:
        person = a_colleague(able, name, role)
        if number:
            able.database.run(lambda session: keep_number(session, person.id, number))
        return sign_in(able_app.test_client(), person)

    return signed_in
