"""The server that serves: what it says of visitors that speak no HTTP."""

import json
import socket
from pathlib import Path

import pytest

from tests.servers.site import Site, make_site
from tests.waiting import until

NAME, NUMBER = "Sem Fictief", "+31600000142"
GARBLED = (
    f"{NAME} belde met {NUMBER}\r\n\r\n",
    f"GET /{NUMBER} HTTP/9.9 {NAME}\r\n\r\n",
    f'GET / HTTP/1.1\r\nHost: x\r\n{NAME}({NUMBER}): it\'s "x"\r\n\r\n',
    f"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {NAME}\r\n\r\n",
    f"gEt{NUMBER} / HTTP/1.1\r\n\r\n",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return make_site(tmp_path_factory.mktemp("serve"))


def _says(site: Site, sent: str) -> bytes:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as visitor:
        visitor.sendall(sent.encode())
        return visitor.recv(100)


def test_an_invalid_request_leaves_a_line_without_what_was_sent_or_by_whom(site: Site) -> None:
    log: Path = site.folder / "serve.log"
    with site.running("serve"):
        for sent in GARBLED:
            assert _says(site, sent).startswith((b"HTTP/1.1 400", b"HTTP/1.1 501"))
        until(lambda: log.read_text("utf-8").count("Invalid request") == len(GARBLED), 10, "a line for each")
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert {(line["log"], line["event"]) for line in lines} == {("gunicorn.error", "Invalid request from ip(hidden)")}
    for private in (*NAME.split(), NUMBER[1:], "127.0.0.1"):
        assert private not in log.read_text("utf-8")
