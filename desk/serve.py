"""The web server: one threaded gunicorn process a machine, because live pages and webhooks share it."""

import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from desk.settings import Settings


class ServerLog(Logger):
    """Gunicorn's own lines in our log, which strips them: its texts name visitors and what they sent."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's handlers away, which write to stderr as it pleases them."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Server(BaseApplication):
    def __init__(self, settings: Settings, make_app: Callable[[], Flask]) -> None:
        self._settings, self._make_app = settings, make_app
        super().__init__()
        self.cfg.set("post_worker_init", _tell_streams)

    def load_config(self) -> None:
        """Tell gunicorn what the settings say."""
        for name, value in _options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the application inside the worker process, so that no connection is shared by a fork."""
        return self._make_app()


def taken(bind: str) -> bool:
    """Whether another program listens on HOST:PORT, or this one may not."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), int(port)), family=family).close()
    except OSError:
        return True
    return False


def serve(settings: Settings, make_app: Callable[[], Flask]) -> None:
    """Serve until told to stop."""
    _Server(settings, make_app).run()


def _tell_streams(worker: Any) -> None:
    """Let live streams know when the server stops: else it would wait for each of them as long as it may."""
    if isinstance(worker.wsgi, Flask) and (live := worker.wsgi.extensions.get("live")):
        live.stopping = lambda: not worker.alive


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "bind": settings.bind,
        "worker_class": "gthread",
        "workers": 1,
        "threads": settings.threads,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 30,
        "loglevel": "warning",
        "accesslog": None,
        "logger_class": ServerLog,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",  # `trusted_proxies` alone says who may speak for visitors, and desk.web hears them
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "proc_name": "meldpunt",
    }
