"""The one blueprint of triage: every page behind the sign-in, and what an unknown number or a made-up form gets."""

from flask import Blueprint

from desk.errors import page_of
from desk.person import only_signed_in
from triage.marks import BadMarks, NoSuchTicket

blueprint = Blueprint("triage", __name__, template_folder="../templates")
blueprint.before_request(only_signed_in)
blueprint.register_error_handler(NoSuchTicket, lambda _error: (page_of(404), 404))
blueprint.register_error_handler(BadMarks, lambda _error: (page_of(400), 400))
