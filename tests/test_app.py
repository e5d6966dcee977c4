"""The `meldpunt` command as a process of its own."""

import subprocess
from pathlib import Path

import pytest

from tests.servers.ports import free_port
from tests.servers.site import COMMAND, Site, make_site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path)


def test_what_the_command_writes_is_for_its_owner_only(site: Site) -> None:
    site.run("backup", "tonight.backup")
    written = [path for path in site.folder.iterdir() if path.is_file()]
    assert {"desk.db", "desk.keys", "tonight.backup"} <= {path.name for path in written}
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in written} == {path.name: "0o0" for path in written}


def test_emptying_a_mailbox_once_that_is_away_ends_with_a_line(site: Site) -> None:
    away = {"MELDPUNT_IMAP_URL": f"imap://desk:geheim@127.0.0.1:{free_port()}/INBOX"}
    done = subprocess.run(
        [COMMAND, "mail", "--once"],
        env=site.environment | away,
        cwd=site.folder,
        check=False,
        text=True,
        capture_output=True,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: a mailbox could not be emptied")
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr
