"""Which verbs, attributes and nestings a voice document may hold, read from the installed twilio library.

No official schema exists; the library's own classes are the nearest thing, and they change with its version.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

ROOT = "Response"


@dataclass(frozen=True)
class Rule:
    """What one element may hold where it stands: attribute names, child elements with their own rules, text."""

    attributes: frozenset[str]
    children: frozenset[str]
    text: bool


def faults_in(root: Element) -> Iterator[str]:
    """Everything in a document that the carrier would not know, one sentence each."""
    if root.tag != ROOT:
        yield f"the document is a <{root.tag}>, not a <{ROOT}>"
        return
    yield from _faults(root, Rule(frozenset(), rules()[ROOT].children, text=False), ROOT)


def _faults(element: Element, rule: Rule, path: str) -> Iterator[str]:
    yield from (f"{path} has no attribute {name!r}" for name in sorted(set(element.attrib) - rule.attributes))
    if not rule.text and (element.text or "").strip():
        yield f"{path} holds text"
    for child in element:
        inner = f"{path}/{child.tag}"
        if child.tag not in rule.children:
            yield f"{inner} may not stand there"
            continue
        if not rule.text and (child.tail or "").strip():
            yield f"{path} holds text"
        yield from _faults(child, rules()[f"{element.tag}/{child.tag}"], inner)


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The rule of each element by `parent/element`; the same word means different things in different places."""
    found: dict[str, Rule] = {}
    _collect(VoiceResponse(), ROOT, found)
    return found


def _collect(element: TwiML, place: str, found: dict[str, Rule]) -> None:
    children = {child.name: child for child in _children(element)}
    found[place] = Rule(frozenset(element.attrs), frozenset(children), text=element.value is not None)
    for name, child in children.items():
        if (inner := f"{element.name}/{name}") not in found:
            _collect(child, inner, found)


def _children(element: TwiML) -> Iterator[TwiML]:
    """One of each child, with every attribute that its method names, because only the methods name them."""
    for name, method in inspect.getmembers(element, inspect.ismethod):
        if not name.startswith("_") and not hasattr(TwiML, name):
            yield _made(method)


def _made(method: Callable[..., TwiML]) -> TwiML:
    named = {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
    return method(**{p.name: "x" for p in inspect.signature(method).parameters.values() if p.kind in named})
