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
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = FOR_EVER
        elif request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
