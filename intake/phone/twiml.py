"""A scene as TwiML, through the carrier's own library, with only what XML can carry."""

import re
from dataclasses import dataclass
from functools import lru_cache

from twilio.twiml.voice_response import Gather, VoiceResponse

from intake.phone.script import AskKey, AskNumber, HangUp, Line, Scene, TakeMessage, Then

LANGUAGE = "nl-NL"
LONGEST_MESSAGE = 180  # seconds
LONGEST_SILENCE = 10  # seconds in a message after which it has ended
# The library writes these and a carrier then refuses the whole document (XML 1.0, production 2).
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Connection overrides of the carrier, as URL fragments. By default it tries a webhook once more and only when it could
# not connect; so many tries fit into the fifteen seconds that a caller's line waits.
RETRIED_IN_CALL = "#ct=2000&rt=4500&rc=2&rp=all&e=dublin,frankfurt"
RETRIED_AFTERWARDS = "#rc=5&rp=all&e=dublin,frankfurt"


@dataclass(frozen=True)
class Links:
    """Absolute addresses for the carrier, and the voice that speaks. `public_url` has no slash at its end."""

    public_url: str
    voice: str

    def turn(self, number: int) -> str:
        """Where the carrier asks what to do after this turn."""
        return f"{self.public_url}/phone/turn/{number}{RETRIED_IN_CALL}"

    @property
    def recording(self) -> str:
        """Where the carrier tells that a recording can be fetched."""
        return f"{self.public_url}/phone/recording{RETRIED_AFTERWARDS}"


def write(scene: Scene, turn: int, links: Links) -> str:
    """The document for one scene; `turn` is the number of the turn that the caller's answer will be."""
    return _greeting(scene, links) if turn == 1 else _written(scene, turn, links)


@lru_cache(maxsize=8)
def _greeting(scene: Scene, links: Links) -> str:
    """Every caller hears the same first, so it is written once; nothing in it is about anybody."""
    return _written(scene, 1, links)


def _written(scene: Scene, turn: int, links: Links) -> str:
    response = VoiceResponse()
    match scene.then:
        case AskKey() | AskNumber():
            gather = _gather(scene.then, links.turn(turn))
            _say(gather, scene.lines, links.voice)
            response.append(gather)
        case TakeMessage() | HangUp():
            _say(response, scene.lines, links.voice)
            _close(response, scene.then, turn, links)
    return str(response)


def nothing() -> str:
    """The answer to a webhook that only tells something."""
    return str(VoiceResponse())


def speak_and_end(text: str, voice: str) -> str:
    """One text, then the call ends."""
    return write(Scene((Line("", text),), HangUp()), 0, Links("", voice))


def speakable(text: str) -> str:
    """Text with only what XML 1.0 can carry."""
    return NOT_XML.sub(" ", text)


def _gather(ask: Then, action: str) -> Gather:
    given: dict[str, object] = {"input": "dtmf", "action": action, "method": "POST", "action_on_empty_result": True}
    if isinstance(ask, AskKey):  # by default a hash sign ends the wait and is told as silence; here it is a wrong key
        return Gather(**given, timeout=ask.seconds, num_digits=1, finish_on_key="")
    return Gather(**given, timeout=ask.seconds if isinstance(ask, AskNumber) else None, finish_on_key="#")


def _say(parent: VoiceResponse, lines: tuple[Line, ...], voice: str) -> None:
    for line in lines:
        parent.say(speakable(line.text), voice=voice, language=LANGUAGE)


def _close(response: VoiceResponse, then: TakeMessage | HangUp, turn: int, links: Links) -> None:
    if isinstance(then, HangUp):
        response.hangup()
        return
    response.record(
        action=links.turn(turn),
        method="POST",
        timeout=LONGEST_SILENCE,
        finish_on_key="#",
        max_length=LONGEST_MESSAGE,
        trim="do-not-trim",
        play_beep=True,
        recording_status_callback=links.recording,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )
