"""The document that speaks when nothing else does: static, without desk or database, hosted elsewhere."""

from intake.phone.texts.prompts import fault_text
from intake.phone.twiml import speak_and_end

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
HOW = """
What callers hear when the desk cannot be reached, or cannot record their call.

Host it where it does not go down with the desk: in a TwiML Bin at the carrier, or as a file on another web server
that gives it to everybody, by GET, as text/xml. Such a server sees who calls: let it write no access log.
Then set MELDPUNT_PHONE_FALLBACK_URL to its address and run: meldpunt phone setup
"""


def fallback_document(voice: str) -> str:
    """T11 as it ships with the desk, then the call ends; how to host it stands in a comment."""
    spoken = speak_and_end(fault_text(), voice).removeprefix(HEAD)
    return f"{HEAD}\n<!--{HOW}-->\n{spoken}\n"
