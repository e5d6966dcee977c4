"""The server that serves: what it says of visitors that speak no HTTP."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from desk.settings import child_environment
from tests.servers.ports import free_port, wait_for_port
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


SAYS_ITS_SCHEME = """
from desk.serve import serve
from desk.settings import load_settings

def say(environ, start):
    start("200 OK", [])
    return [environ["wsgi.url_scheme"].encode()]

serve(load_settings(), lambda: say)
"""


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


def test_the_server_itself_believes_no_visitor_about_https(tmp_path: Path) -> None:
    port = free_port()
    settings = child_environment(bind=f"127.0.0.1:{port}")
    server = subprocess.Popen([sys.executable, "-c", SAYS_ITS_SCHEME], env=settings, cwd=tmp_path)
    try:
        wait_for_port(port)
        claims = {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "X-Forwarded-Protocol": "ssl"}
        assert requests.get(f"http://127.0.0.1:{port}/", headers=claims, timeout=10).text == "http"
    finally:
        server.terminate()
        server.wait(30)
