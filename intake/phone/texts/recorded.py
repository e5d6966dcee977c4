"""Recordings of our own texts: kept sealed, put in force and withdrawn by a new version of the document `sounds`."""

import hashlib
from dataclasses import replace

from sqlalchemy.orm import Session

from desk.audit import Act, audit
from desk.blobs import store
from desk.data_keys import new_data_key
from desk.documents import write
from intake.phone.facts import prompts_of, sounds_of
from intake.phone.texts.prompts import BLANKS, FAULT, STAFF
from intake.phone.texts.sound_files import look_at
from intake.phone.texts.sound_list import NAME, Sound, Sounds, text_hash, written

RECORDABLE = frozenset(code for code, blanks in BLANKS.items() if not blanks) - {FAULT, STAFF}
"""Texts that are the same in every call. T11 is spoken when there is no database to take a recording from."""


class TextChanged(Exception):
    """The text is no longer the one that was recorded."""


def put_in_force(session: Session, code: str, content: bytes, *, speaks: str, by: str) -> Sound:
    """Play this recording for a text from the next call on. `speaks` is the hash of the text that it was made of.

    Raises `BadSoundFile`, or `TextChanged` when this is not, or no longer, a text with such words.
    """
    if code not in RECORDABLE or speaks != text_hash(prompts_of(session).texts[code]):
        raise TextChanged
    file = look_at(content)
    blob = store(session, new_data_key(session, "sound"), content)
    sha256 = hashlib.sha256(content).hexdigest()
    sound = Sound(speaks, sha256, file.media_type, str(blob.id), file.seconds)
    _write(session, {**sounds_of(session), code: sound}, Act(by, "record_text", f"text:{code}", origin="web"))
    return sound


def withdraw(session: Session, code: str, *, by: str) -> bool:
    """Let the voice speak a text again. False when it had no recording."""
    kept = dict(sounds_of(session))
    if kept.pop(code, None) is None:
        return False
    _write(session, kept, Act(by, "withdraw_recording", f"text:{code}", origin="web"))
    return True


def _write(session: Session, sounds: Sounds, act: Act) -> None:
    version = write(session, NAME, written(sounds), act.actor)
    audit(session, replace(act, result=f"document:{NAME}:{version}"))
