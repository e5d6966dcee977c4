"""The web application without any part's pages: guards, headers, sign-in, faults and the frame around a page."""

from flask import Flask, Response, abort
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from desk import health
from desk.csrf import guard_forms
from desk.desk import Desk
from desk.errors import add_errors
from desk.layout import THEME, add_layout
from desk.live import add_live
from desk.security_headers import add_headers
from desk.sign_in import add_sign_in
from desk.slots import fill_slots

LARGEST_FORM = 1_000_000  # bytes: a long story typed or pasted; files come by mail, never by form
LONGEST_FIELD = 500_000
MOST_FIELDS = 200


def create_web(desk: Desk) -> Flask:
    """An application that guards, greets and frames; `app` adds the blueprints of the parts to it."""
    app = Flask(__name__)
    app.extensions["desk"] = desk
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LONGEST_FIELD,
        MAX_FORM_PARTS=MOST_FIELDS,
    )
    behind = desk.settings.trusted_proxies
    if behind:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]
    guard_forms(app, desk)
    add_headers(app, desk)
    add_errors(app)
    add_layout(app, desk)
    add_sign_in(app, desk)
    fill_slots(app, {})
    add_live(app, desk.database, desk.settings.threads)
    app.register_blueprint(health.blueprint)
    _mount_theme(app, desk)
    return app


def _mount_theme(app: Flask, desk: Desk) -> None:
    """A gemeente's own style sheet, read after ours, so that it may override every custom property."""
    path = desk.settings.theme_css
    sheet = path.read_bytes() if path else None

    @app.get(THEME)
    def theme() -> Response:
        if sheet is None:
            abort(404)
        return Response(sheet, mimetype="text/css")
