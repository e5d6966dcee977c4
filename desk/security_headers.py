"""The headers that tell a browser how little our pages need, so that injected content gets nothing at all."""

from flask import Flask, request
from werkzeug.wrappers import Response

from desk.desk import Desk

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
WHOLE = {200, 304}
FAULTY = 400
FOR_EVER = "public, max-age=31536000, immutable"


def add_headers(app: Flask, desk: Desk) -> None:
    """Put them on every answer; one that set a stricter value itself keeps it. Pages are never stored."""
    https = desk.settings.public_url.startswith("https:")

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", TWO_YEARS)
        if _under_its_own_version(app, response):
            response.headers["Cache-Control"] = FOR_EVER
        elif request.endpoint != "static" or response.status_code >= FAULTY:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _under_its_own_version(app: Flask, response: Response) -> bool:
    """Whether this content stands at this address for ever. A fault kept for a year would be one for a year."""
    version = app.extensions["versions"].get(request.path)
    return response.status_code in WHOLE and version is not None and request.args.get("v") == version
