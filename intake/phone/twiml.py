"""A scene as TwiML, through the carrier's own library, with only what XML can carry."""

import re
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from intake.phone.script import AskKey, AskNumber, HangUp, JoinQueue, Line, RingColleague, Scene, TakeMessage, Then

LANGUAGE = "nl-NL"
LONGEST_MESSAGE = 180  # seconds
LONGEST_SILENCE = 10  # seconds in a message after which it has ended
LONGEST_TALK = 2 * 60 * 60  # seconds; a line that two telephones forgot must end by itself
QUEUE = "meldpunt"
# The library writes these and a carrier then refuses the whole document (XML 1.0, production 2).
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Connection overrides of the carrier, as URL fragments. By default it tries a webhook once more and only when it could
# not connect; so many tries fit into the fifteen seconds that a caller's line waits.
RETRIED_IN_CALL = "#ct=2000&rt=4500&rc=2&rp=all&e=dublin,frankfurt"
RETRIED_AFTERWARDS = "#rc=5&rp=all&e=dublin,frankfurt"


@dataclass(frozen=True)
class Links:
    """Absolute addresses for the carrier, and the voice that speaks. `public_url` has no slash at its end.

    `caller_id` (E.164) is what a colleague's telephone shows; empty shows the caller's own number.
    """

    public_url: str
    voice: str
    caller_id: str = ""

    def turn(self, number: int) -> str:
        """Where the carrier asks what to do after this turn."""
        return f"{self.public_url}/phone/turn/{number}{RETRIED_IN_CALL}"

    def ring(self, ring: UUID, what: str) -> str:
        """Where the carrier asks or tells about the telephone of a colleague: `whisper`, `key` or `leg`."""
        retries = RETRIED_AFTERWARDS if what == "leg" else RETRIED_IN_CALL
        return f"{self.public_url}/phone/ring/{ring}/{what}{retries}"

    def wait(self, turn: int, round_: int) -> str:
        """Where the carrier asks what somebody who waits hears in this round."""
        return f"{self.public_url}/phone/wait/{turn}/{round_}{RETRIED_IN_CALL}"

    @property
    def hold_tone(self) -> str:
        """The sound of waiting."""
        return self.sound("wachttoon.wav")

    def sound(self, file: str) -> str:
        """Where the carrier gets what it plays."""
        return f"{self.public_url}/geluid/{file}"

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
            _say(gather, scene.lines, links)
            response.append(gather)
        case _:
            _say(response, scene.lines, links)
            _go_on(response, scene.then, turn, links)
    return str(response)


def nothing() -> str:
    """The answer to a webhook that only tells something."""
    return str(VoiceResponse())


def speak_and_end(text: str, voice: str) -> str:
    """One text, then the call ends."""
    return write(Scene((Line("", text),), HangUp()), 0, Links("", voice))


def whisper(line: Line, ring: UUID, links: Links) -> str:
    """What a colleague hears who is rung: one key takes the caller, anything else leaves the line."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=8, action=links.ring(ring, "key"), method="POST")
    _say(gather, (line,), links)
    response.append(gather)
    response.hangup()
    return str(response)


def let_go() -> str:
    """Hang up, without a word: on a colleague who did not take the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def wait(lines: tuple[Line, ...], turn: int, round_: int, links: Links) -> str:
    """One round of waiting; a key, or the end of the tone, leads to the next."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        timeout=1,
        finish_on_key="",
        action=links.wait(turn, round_ + 1),
        method="POST",
        action_on_empty_result=True,
    )
    _say(gather, lines, links)
    gather.play(links.hold_tone)
    response.append(gather)
    return str(response)


def leave() -> str:
    """Out of the queue: the call goes on with its next turn."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def speakable(text: str) -> str:
    """Text with only what XML 1.0 can carry."""
    return NOT_XML.sub(" ", text)


def _gather(ask: Then, action: str) -> Gather:
    given: dict[str, object] = {"input": "dtmf", "action": action, "method": "POST", "action_on_empty_result": True}
    if isinstance(ask, AskKey):  # by default a hash sign ends the wait and is told as silence; here it is a wrong key
        return Gather(**given, timeout=ask.seconds, num_digits=1, finish_on_key="")
    if isinstance(ask, AskNumber):
        return Gather(**given, timeout=ask.seconds, num_digits=ask.digits, finish_on_key="#")
    raise TypeError(ask)


def _say(parent: VoiceResponse, lines: tuple[Line, ...], links: Links) -> None:
    for line in lines:
        if line.sound:
            parent.play(links.sound(line.sound))
        else:
            parent.say(speakable(line.text), voice=links.voice, language=LANGUAGE)


def _go_on(response: VoiceResponse, then: Then, turn: int, links: Links) -> None:
    match then:
        case RingColleague():
            response.append(_dial(then, turn, links))
        case JoinQueue():
            response.enqueue(
                QUEUE,
                action=links.turn(turn),
                method="POST",
                wait_url=links.wait(turn, 1),
                wait_url_method="POST",
            )
        case TakeMessage():
            _record(response, turn, links)
        case _:
            response.hangup()


def _dial(ring: RingColleague, turn: int, links: Links) -> Dial:
    """Ring a colleague, who has to press a key: a telephone's own voicemail never does."""
    dial = Dial(
        action=links.turn(turn),
        method="POST",
        timeout=ring.seconds,
        time_limit=LONGEST_TALK,
        caller_id=links.caller_id or None,
        ring_tone="nl",
    )
    dial.number(
        ring.number,
        url=links.ring(ring.ring, "whisper"),
        method="POST",
        status_callback=links.ring(ring.ring, "leg"),
        status_callback_method="POST",
        status_callback_event="ringing answered completed",
    )
    return dial


def _record(response: VoiceResponse, turn: int, links: Links) -> None:
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
