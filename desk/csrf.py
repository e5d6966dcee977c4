"""Forms of other sites are refused, by what the browser says about where a request began."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from desk.desk import Desk

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WEBHOOKS = "/phone/"  # the carrier is no browser; its requests are signed and its own gate checks that


def guard_forms(app: Flask, desk: Desk) -> None:
    """Answer 403 to every unsafe request that did not begin on a page of this desk."""
    ours = _origin(desk.settings.public_url)

    @app.before_request
    def _refuse_foreign_forms() -> None:
        if request.method in SAFE or request.path.startswith(WEBHOOKS):
            return
        if not began_here(
            request.headers.get("Sec-Fetch-Site"),
            request.headers.get("Origin"),
            {ours, _origin(request.host_url)},
        ):
            abort(403)


def began_here(site: str | None, origin: str | None, ours: set[str]) -> bool:
    """Whether a request began on our own pages.

    `Sec-Fetch-Site` (Fetch Metadata) decides when the browser sends it; older browsers send `Origin` with every
    POST, and that must be one of `ours`. A request with neither is refused.
    """
    if site is not None:
        return site == "same-origin"
    return origin is not None and origin.casefold() in ours


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".casefold()
