"""Deciding: a ticket's facts in, the partner to propose and the reason out. Pure."""

from dataclasses import dataclass, field

from triage.values import Area, Category, Channel, Urgency

PLACE = "{gebied}"
"""What becomes the area in a partner's code."""


@dataclass(frozen=True)
class Facts:
    """What a rule may ask about a ticket; the leading category stands first."""

    categories: tuple[Category, ...]
    urgency: Urgency | None
    area: Area | None
    channel: Channel


@dataclass(frozen=True)
class Rule:
    """One rule. An empty condition asks nothing."""

    name: str
    why: str
    partner: str = ""
    also: tuple[str, ...] = ()
    leading: frozenset[Category] = frozenset()
    any_category: frozenset[Category] = frozenset()
    urgency: frozenset[Urgency] = frozenset()
    areas: frozenset[Area] = frozenset()
    area_known: bool = False
    channel: frozenset[Channel] = frozenset()

    def fails_on(self, facts: Facts) -> str | None:
        """The first condition that these facts do not meet, in Dutch; None when the rule fits."""
        return next((condition for condition, met in self._conditions(facts) if not met), None)

    @property
    def asks_nothing(self) -> bool:
        """Whether this rule fits every ticket."""
        return not (self.leading or self.any_category or self.urgency or self.areas or self.area_known or self.channel)

    def _conditions(self, facts: Facts) -> tuple[tuple[str, bool], ...]:
        return (
            ("leidende categorie", not self.leading or bool(self.leading.intersection(facts.categories[:1]))),
            ("categorie", not self.any_category or bool(self.any_category.intersection(facts.categories))),
            ("hoe snel", not self.urgency or facts.urgency in self.urgency),
            ("gebied", not self.areas or facts.area in self.areas),
            ("gebied bekend", not self.area_known or facts.area is not None),
            ("kanaal", not self.channel or facts.channel in self.channel),
        )


@dataclass(frozen=True)
class Miss:
    """A rule that was tried before and did not fit, and the condition it failed on."""

    rule: str
    on: str


@dataclass(frozen=True)
class Proposal:
    """What the rules say: a partner's code (None: no proposal), why, and how they came to it."""

    partner: str | None
    why: str
    rule: str
    also: tuple[str, ...] = ()
    missed: tuple[Miss, ...] = field(default=())


def propose(rules: tuple[Rule, ...], facts: Facts) -> Proposal:
    """The first rule that fits, with those tried before it. `rulebook` sees to it that the last one always fits."""
    missed: list[Miss] = []
    for rule in rules:
        on = rule.fails_on(facts)
        if on is None:
            code = rule.partner.replace(PLACE, area_code(facts.area)) if facts.area else rule.partner
            return Proposal(code or None, rule.why, rule.name, rule.also, tuple(missed))
        missed.append(Miss(rule.name, on))
    raise LookupError("no rule fits; the last one must ask nothing")


def area_code(area: Area) -> str:
    """An area as it stands in a partner's code: "hoek-van-holland"."""
    return area.value.casefold().replace(" ", "-")
