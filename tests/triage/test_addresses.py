"""What somebody may type after the question mark: a page of ours or none, never a fault of ours."""

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import create_app
from desk.desk import Desk
from tests.builders import a_colleague, a_ticket, sign_in

NEARLY_PLACES = st.from_regex(r"[vt][0-2]\.-?[0-9]{1,17}\.[0-9a-f]{32}", fullmatch=True)
FEW = settings(
    max_examples=40,
    deadline=None,
    # One desk serves every example: these pages change nothing.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def iris(desk: Desk) -> FlaskClient:
    app = create_app(desk.settings, desk)
    return sign_in(app.test_client(), a_colleague(desk))


@pytest.fixture
def number(desk: Desk) -> str:
    return a_ticket(desk)


@FEW
@given(line=st.integers().map(str) | st.text(max_size=30))
@example(line="9" * 20)
@example(line=str(2**63 - 1))
@example(line="-1")
@example(line="9" * 5000)
def test_any_line_to_begin_before_shows_the_ticket(iris: FlaskClient, number: str, line: str) -> None:
    assert iris.get(f"/melding/{number}", query_string={"tot": line}).status_code == 200


@FEW
@given(view=st.sampled_from(["open", "mijn", "vrij", "overgedragen", "afgesloten"]), place=NEARLY_PLACES | st.text())
@example(view="open", place="v0.-99999999999999999." + "0" * 32)
@example(view="afgesloten", place="t2.99999999999999999." + "f" * 32)
@example(view="vrij", place="v0.-62135596800000000." + "0" * 32)
def test_any_place_in_the_list_is_a_page_or_none(iris: FlaskClient, view: str, place: str) -> None:
    answer = iris.get("/werklijst", query_string={"weergave": view, "plaats": place})
    assert answer.status_code in {200, 404}
