"""The documents of a call back: one key of the colleague's connects the reporter."""

from dataclasses import dataclass
from uuid import UUID

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from intake.phone.twiml import LANGUAGE, LONGEST_TALK, RETRIED_AFTERWARDS, RETRIED_IN_CALL, speakable

REPORTER_RINGS = 30  # seconds
TOLD_ONLY = frozenset({"status", "reporter"})


@dataclass(frozen=True)
class OutLinks:
    """Absolute addresses for the carrier, the voice, and the number (E.164) that the reporter sees."""

    public_url: str
    voice: str
    own_number: str

    def out(self, attempt: UUID, what: str) -> str:
        """Where the carrier asks (`colleague`, `key`, `after`) or tells (`status`, `reporter`) about a call back."""
        retries = RETRIED_AFTERWARDS if what in TOLD_ONLY else RETRIED_IN_CALL
        return f"{self.public_url}/phone/out/{attempt}/{what}{retries}"


def ask(text: str, attempt: UUID, links: OutLinks) -> str:
    """What the colleague hears first. Whoever presses nothing, like a voicemail box, calls nobody."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, timeout=8, action=links.out(attempt, "key"), method="POST")
    gather.say(speakable(text), voice=links.voice, language=LANGUAGE)
    response.append(gather)
    response.hangup()
    return str(response)


def connect(number: str, attempt: UUID, links: OutLinks) -> str:
    """Ring the reporter; the colleague hears it ring."""
    response = VoiceResponse()
    dial = Dial(
        action=links.out(attempt, "after"),
        method="POST",
        answer_on_bridge=True,
        caller_id=links.own_number,
        timeout=REPORTER_RINGS,
        time_limit=LONGEST_TALK,
        ring_tone="nl",
    )
    dial.number(
        number,
        status_callback=links.out(attempt, "reporter"),
        status_callback_method="POST",
        status_callback_event="initiated ringing answered completed",
    )
    response.append(dial)
    return str(response)
