"""Two questions of whoever watches over the machine: is the process there, and can it work."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from desk.desk import this_desk
from desk.keyring import KeyFault
from desk.site import WrongDatabase, check_site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return _said("ok", 200)


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers and is ours; 503 with the kind of fault otherwise."""
    desk = this_desk()
    try:
        check_site(desk.database, demo=desk.settings.demo)
    except (SQLAlchemyError, KeyFault, WrongDatabase) as error:
        return _said(type(error).__name__, 503)
    return _said("ready", 200)


def _said(text: str, status: int) -> Response:
    return Response(text + "\n", status, mimetype="text/plain")
