"""What a coordinator does to a spoken text: word it otherwise, play a recording of it, withdraw the recording."""

from contextlib import closing

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from desk.desk import Desk
from desk.person import only_coordinators, only_signed_in, this_person
from desk.typed import tidied
from intake.phone.texts.recorded import TextChanged, put_in_force, withdraw
from intake.phone.texts.sound_files import LARGEST, BadSoundFile, SoundFault
from intake.phone.texts.text_page import Draft, text_page
from intake.phone.texts.text_rows import sentence
from intake.phone.texts.wording import Reworded, demands, reword, texts_now

LARGEST_UPLOAD = 2 * LARGEST  # so that a file that is somewhat too big gets a sentence, not a page of its own
SAME = "Dit is de tekst die er al was."
CHANGED = "De nieuwe tekst klinkt vanaf het volgende gesprek."
PLAYED = "Bellers horen vanaf nu deze opname. Luister of u alles goed hoort."
WITHDRAWN = "De opname is ingetrokken. De computerstem leest de tekst weer voor."
NONE = "Er was geen opname meer."
NEWER = "Deze tekst is intussen veranderd. Maak een opname van de tekst die er nu staat."
WRONG_FILE = {
    SoundFault.EMPTY: "Kies een geluidsbestand.",
    SoundFault.TOO_BIG: "Dit bestand is te groot: hooguit 5 MB.",
    SoundFault.NO_SOUND: "Dit is geen heel WAV- of MP3-bestand.",
    SoundFault.CODING: "Deze WAV kan de telefoon niet afspelen. Bewaar de opname als WAV van 16 bits of als MP3.",
    SoundFault.TOO_LONG: "Deze opname is te lang: hooguit drie minuten.",
}

Answer = Response | tuple[str, int]


def make_changes(desk: Desk, codes: str) -> Blueprint:
    """The forms. `codes`: the converter of an address that lets only known texts through."""
    changes = Blueprint("changes", __name__)
    changes.before_request(_room_for_a_file)
    changes.before_request(only_signed_in)
    changes.before_request(only_coordinators)

    @changes.post(f"/<{codes}:code>")
    def change(code: str) -> Answer:
        return _changed(desk, code)

    @changes.post(f"/<{codes}:code>/opname")
    def record(code: str) -> Answer:
        return _recorded(desk, code)

    @changes.post(f"/<{codes}:code>/opname/intrekken")
    def take_back(code: str) -> Answer:
        by = this_person().actor
        done = desk.database.run(lambda session: withdraw(session, code, by=by))
        return _back(code, WITHDRAWN if done else NONE)

    return changes


def _room_for_a_file() -> None:
    """Other forms of the desk bring no files."""
    request.max_content_length = LARGEST_UPLOAD


def _changed(desk: Desk, code: str) -> Answer:
    text, seen, by = " ".join(tidied(request.form.get("tekst", "")).split()), _seen(), this_person().actor
    faults = [sentence(fault) for fault in demands(code).faults(text)]
    with desk.database.reading() as session:
        faults += [SAME] if texts_now(session)[code] == text else []
    if faults:
        return text_page(code, Draft(text, {"tekst": " ".join(faults)})), 422
    if "zet" not in request.form:
        return text_page(code, Draft(text, fits=True)), 200
    try:
        desk.database.run(lambda session: reword(session, code, text, seen=seen, by=by))
    except Reworded:
        return text_page(code, Draft(text, fits=True, reworded=True)), 409
    return _back(code, CHANGED)


def _recorded(desk: Desk, code: str) -> Answer:
    """Everything that can be wrong with a file is said on the page of its text."""
    by = this_person().actor
    try:
        content, speaks = _file(), request.form.get("bij", "")
        desk.database.run(lambda session: put_in_force(session, code, content, speaks=speaks, by=by))
    except BadSoundFile as error:
        return text_page(code, Draft(faults={"opname": WRONG_FILE[error.fault]})), 422
    except RequestEntityTooLarge:
        return text_page(code, Draft(faults={"opname": WRONG_FILE[SoundFault.TOO_BIG]})), 413
    except TextChanged:
        return text_page(code, Draft(faults={"opname": NEWER})), 409
    return _back(code, PLAYED)


def _file() -> bytes:
    """The bytes that came with the form, at most one more than may be kept."""
    sent = request.files.get("opname")
    if sent is None:
        return b""
    with closing(sent):  # what is large stands in a file of its own until then
        return sent.stream.read(LARGEST + 1)


def _seen() -> int:
    """The version that the form was made from; one that never was when somebody made the form up."""
    return request.form.get("versie", 0, type=int)


def _back(code: str, said: str) -> Response:
    flash(said, "done")
    return redirect(url_for("phone.texts.text", code=code), 303)
