"""A desk starts only with keys that open all that its database holds."""

from pathlib import Path

import pytest

from app import create_app
from desk.base import new_id
from desk.data_keys import DataKey
from desk.desk import Desk
from desk.keyring import KeyFault, read_key_file
from desk.site import check_site
from tests.builders import a_ticket
from tests.desk.conftest import Command


def test_a_key_file_that_was_left_behind_is_refused_at_the_start(desk: Desk, command: Command, tmp_path: Path) -> None:
    a_ticket(desk)
    stale = tmp_path / "stale.keys"
    stale.write_bytes(desk.settings.key_file.read_bytes())
    assert command("keys", "rotate", "--stopped").exit_code == 0
    newest = read_key_file(desk.settings.key_file).wrapping[0].id
    said = command("audit", "verify", key_file=str(stale))
    assert (said.exit_code, f"lacks wrapping key {newest}" in said.output) == (1, True)
    assert f"lacks wrapping key {newest}" in command("doctor", key_file=str(stale)).output
    assert command("audit", "verify").exit_code == 0
    with pytest.raises(KeyFault, match=newest):
        check_site(desk.database, demo=False)


@pytest.mark.parametrize("ring_key", ["!", "~"])
def test_one_data_key_among_many_is_enough_unless_it_was_destroyed(desk: Desk, ring_key: str) -> None:
    for _ in range(3):
        a_ticket(desk)
    with desk.database.writing() as session:
        stray = DataKey(id=new_id(), purpose="mail", ring_key=ring_key, wrapped=b"x")
        session.add(stray)
        session.flush()
        stray_id = stray.id
    with pytest.raises(KeyFault, match="lacks wrapping key"):
        check_site(desk.database, demo=False)
    with desk.database.writing() as session:
        session.get_one(DataKey, stray_id).destroy(desk.clock.real())
    check_site(desk.database, demo=False)


def test_the_page_for_watchers_tells_of_a_key_file_that_was_left_behind(sqlite_desk: Desk) -> None:
    client = create_app(sqlite_desk.settings, sqlite_desk).test_client()
    assert client.get("/readyz").status_code == 200
    with sqlite_desk.database.writing() as session:
        session.add(DataKey(id=new_id(), purpose="mail", ring_key="newer", wrapped=b"x"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text.strip()) == (503, "KeyFault")
