"""A voice document as the network reads it: strictly, so that what a real carrier would refuse is refused here."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from xml.etree import ElementTree as ET

from demo.carrier.schema import faults_in
from demo.carrier.transport import Reply

MOST_BYTES = 64 * 1024
MOST_INLINE = 4000  # characters of a document that a REST call carries
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
NEVER_CONTINUE = frozenset({"Redirect", "Hangup", "Reject", "Leave"})
NEVER_WITH_ACTION = frozenset({"Dial", "Enqueue"})


class Refused(Exception):
    """The carrier would not run this; `code` is the carrier's error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


@dataclass(frozen=True)
class Verb:
    """One element; `text` is all the text in it."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple["Verb", ...] = ()

    def seconds(self, name: str, default: int, least: int = 1, most: int = 14_400) -> int:
        """A whole number of an attribute. Raises `Refused` (12200)."""
        text = self.attributes.get(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise Refused(12200, f'<{self.name}> {name}="{text}" is not a number from {least} to {most}')
        return int(text)

    def one_of(self, name: str, default: str, *allowed: str) -> str:
        """An attribute with few values. Raises `Refused` (12200)."""
        value = self.attributes.get(name, default)
        if value != default and value not in allowed:
            raise Refused(12200, f'<{self.name}> {name}="{value}" is none of {", ".join((default, *allowed))}')
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """An attribute that is true or false. Raises `Refused` (12200)."""
        return self.one_of(name, str(default).lower(), "true", "false") == "true"


@dataclass(frozen=True)
class Document:
    """What to do next. `url`: where it came from, to which its addresses are relative; empty for an inline one."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


def read_reply(reply: Reply, url: str) -> Document:
    """The document in a reply; plain text is spoken and sound is played, as the carrier does. Raises `Refused`."""
    if len(reply.body) > MOST_BYTES:
        raise Refused(11750, "the answer is larger than 64 kB")
    kind = reply.content_type.partition(";")[0].strip().lower()
    if kind in XML_TYPES:
        return read(reply.body, url)
    if kind == "text/plain":
        text = reply.body.decode("utf-8", "replace")
        return Document(url, (Verb("Say", {}, text),), ("an answer of type text/plain is read aloud",))
    if kind.startswith("audio/"):
        return Document(url, (Verb("Play", {}, url),))
    raise Refused(12300, f"the answer is of type {kind or 'nothing'}")


def read(xml: str | bytes, url: str) -> Document:
    """A document that was written out. Raises `Refused`: 12100 for what is no XML, 12200 for what is not known."""
    try:
        root = ET.fromstring(xml)  # noqa: S314  the desk's own answer; expat stops runaway entities
    except ET.ParseError as error:
        raise Refused(12100, f"the answer is no XML: {error}") from error
    faults = list(faults_in(root))
    if faults:
        raise Refused(12200, "; ".join(faults))
    verbs = tuple(_verb(element) for element in root)
    return Document(url, verbs, _warnings(verbs))


def read_inline(xml: str) -> Document:
    """A document that a REST call carries: at most 4000 characters. Raises `Refused`."""
    if len(xml) > MOST_INLINE:
        raise Refused(32018, "an inline document of more than 4000 characters")
    return read(xml, "")


def _verb(element: ET.Element) -> Verb:
    text = " ".join("".join(element.itertext()).split())
    return Verb(element.tag, dict(element.attrib), text, tuple(_verb(child) for child in element))


def _warnings(verbs: tuple[Verb, ...]) -> tuple[str, ...]:
    reached = len(list(takewhile(_continues, verbs))) + 1
    unreachable = [f"<{verb.name}> after <{verbs[reached - 1].name}> is never reached" for verb in verbs[reached:]]
    loops = [
        f"<{verb.name}> without action asks for the same document again"
        for verb in verbs
        if verb.name in {"Gather", "Record"} and "action" not in verb.attributes
    ]
    return (*unreachable, *loops)


def _continues(verb: Verb) -> bool:
    """Whether the verb after it may be reached."""
    return verb.name not in NEVER_CONTINUE and not (verb.name in NEVER_WITH_ACTION and "action" in verb.attributes)
