"""What the line plays besides its voice, for the carrier to fetch: nothing in it is about anybody."""

from flask import Blueprint, Response

from intake.phone.hold import hold_tone

PREFIX = "/geluid"
KEPT = {"Cache-Control": "public, max-age=86400"}


def make_sounds() -> Blueprint:
    """The waiting tone."""
    sounds = Blueprint("sounds", __name__, url_prefix=PREFIX)

    @sounds.get("/wachttoon.wav")
    def waiting_tone() -> Response:
        return Response(hold_tone(), content_type="audio/wav", headers=KEPT)

    return sounds
