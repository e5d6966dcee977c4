"""The answer to a webhook as HTTP carries it: always a document, whatever the status."""

from flask import Response


def xml(document: str, status: int = 200) -> Response:
    """TwiML for the carrier, which reads any other type aloud or refuses it."""
    return Response(document, status, content_type="text/xml; charset=utf-8")
