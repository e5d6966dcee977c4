"""Which partner is proposed, why, and what was tried before."""

from collections.abc import Mapping

import pytest

import routing
from routing.partners import Directory, read_partners
from routing.rulebook import BadRules, read_rules, unknown_partners
from routing.rules import Facts, Miss, Proposal, Rule, area_code, propose
from triage.values import Area, Category, Channel, Urgency

C1, C2, C3 = Category
ACUTE, TODAY, ONE_DAY, THREE_DAYS = Urgency
PHONE, MAIL = Channel


@pytest.fixture(scope="module")
def rules() -> tuple[Rule, ...]:
    return read_rules(routing.SEEDS["rules"].read_text("utf-8"))


@pytest.fixture(scope="module")
def partners() -> Directory:
    return read_partners(routing.SEEDS["partners"].read_text("utf-8"))


def some_facts(**differences: object) -> Facts:
    given: dict[str, object] = {"categories": (C1,), "urgency": THREE_DAYS, "area": Area.NOORD, "channel": PHONE}
    return Facts(**(given | differences))  # type: ignore[arg-type]


# The partner column of the sample concerns: number, channel, categories, urgency, area, partner.
SAMPLES = [
    (1, PHONE, (C2,), ACUTE, Area.FEIJENOORD, "veilig-thuis"),
    (2, MAIL, (C1,), ACUTE, Area.NOORD, "crisisdienst-jeugd"),
    (3, MAIL, (C3,), ONE_DAY, Area.CHARLOIS, "schoolmaatschappelijk-werk"),
    (4, PHONE, (C3, C2), TODAY, Area.CHARLOIS, "veilig-thuis"),
    (5, PHONE, (C2,), TODAY, Area.CHARLOIS, "veilig-thuis"),
    (6, MAIL, (C1,), THREE_DAYS, Area.DELFSHAVEN, "schoolbestuur"),
    (7, PHONE, (C1,), ONE_DAY, Area.IJSSELMONDE, "wijkteam-ijsselmonde"),
    (8, MAIL, (C3,), TODAY, Area.OVERSCHIE, "veilig-thuis"),
    (9, PHONE, (C2,), TODAY, Area.NOORD, "veilig-thuis"),
    (10, MAIL, (C2,), ACUTE, Area.PRINS_ALEXANDER, "veilig-thuis"),
    (12, MAIL, (C3,), ONE_DAY, Area.HOOGVLIET, "schoolmaatschappelijk-werk"),
    (13, MAIL, (C1,), ONE_DAY, Area.KRALINGEN_CROOSWIJK, "wijkteam-kralingen-crooswijk"),
    (14, PHONE, (C3,), ONE_DAY, Area.FEIJENOORD, "cjg"),
    (15, MAIL, (C2,), TODAY, Area.DELFSHAVEN, "gi"),
    (16, MAIL, (C2,), TODAY, Area.NOORD, "veilig-thuis"),
    (17, PHONE, (C2,), ACUTE, Area.IJSSELMONDE, "112"),
    (18, MAIL, (C2,), TODAY, Area.CHARLOIS, "veilig-thuis"),
    (19, MAIL, (C1,), THREE_DAYS, Area.PRINS_ALEXANDER, "cjg"),
    (20, MAIL, (C1,), THREE_DAYS, Area.ROZENBURG, "wijkteam-rozenburg"),
    (21, PHONE, (C3,), ONE_DAY, Area.DELFSHAVEN, "leerplicht"),
    (22, MAIL, (C1,), THREE_DAYS, Area.CENTRUM, "wijkteam-centrum"),
    (23, MAIL, (C2,), ACUTE, Area.HOEK_VAN_HOLLAND, "112"),
    (24, MAIL, (C2, C3), TODAY, Area.PERNIS, "veilig-thuis"),
    (25, PHONE, (C1,), THREE_DAYS, Area.HILLEGERSBERG_SCHIEBROEK, "leerplicht"),
]


@pytest.mark.parametrize(("n", "channel", "categories", "urgency", "area", "partner"), SAMPLES)
def test_the_partner_of_each_sample_concern_is_proposed_or_named_beside_it(
    rules: tuple[Rule, ...], n: int, channel: Channel, categories: tuple[Category, ...], urgency: Urgency, area: Area,
    partner: str,
) -> None:  # fmt: skip
    proposal = propose(rules, Facts(categories, urgency, area, channel))
    assert partner in (proposal.partner, *proposal.also)


def test_most_sample_concerns_get_their_partner_as_the_proposal_itself(rules: tuple[Rule, ...]) -> None:
    hits = [row[0] for row in SAMPLES if propose(rules, Facts(row[2], row[3], row[4], row[1])).partner == row[5]]
    assert len(hits) >= 16


def test_every_combination_gets_an_answer_and_every_partner_in_it_exists(
    rules: tuple[Rule, ...], partners: Directory
) -> None:
    sets = [(), (C1,), (C2,), (C3,), (C1, C2), (C3, C1), (C3, C2, C1)]
    for categories in sets:
        for urgency in (None, *Urgency):
            for area in (None, *Area):
                for channel in Channel:
                    found = propose(rules, Facts(categories, urgency, area, channel))
                    assert found.why
                    assert {*found.also, found.partner or "112"} <= partners.keys()
    assert not unknown_partners(rules, partners)


@pytest.mark.parametrize("urgency", [None, *Urgency])
@pytest.mark.parametrize("area", [None, *Area])
def test_an_unsafe_home_always_goes_to_veilig_thuis(
    rules: tuple[Rule, ...], urgency: Urgency | None, area: Area | None
) -> None:
    assert propose(rules, some_facts(categories=(C1, C2), urgency=urgency, area=area)).partner == "veilig-thuis"


def test_what_is_acute_always_has_a_proposal_that_names_112(rules: tuple[Rule, ...]) -> None:
    for categories in ((), (C1,), (C2,), (C3,), (C1, C3)):
        found = propose(rules, some_facts(categories=categories, urgency=ACUTE, area=None))
        assert found.partner
        assert "112" in found.also
        assert "112" in found.why


def test_without_a_category_the_answer_is_to_choose_one(rules: tuple[Rule, ...]) -> None:
    found = propose(rules, some_facts(categories=(), urgency=None))
    assert found.partner is None
    assert found.why == "Kies eerst een categorie. Dan volgt een voorstel."


def test_without_an_area_extra_guidance_goes_to_the_cjg_and_says_so(rules: tuple[Rule, ...]) -> None:
    found = propose(rules, some_facts(area=None))
    assert (found.partner, found.rule) == ("cjg", "Extra begeleiding")
    assert Miss("Extra begeleiding, gebied bekend", "gebied bekend") in found.missed


def test_the_rules_tried_before_are_kept_in_order_with_what_they_failed_on() -> None:
    rules = read_rules(RULES)
    found = propose(rules, some_facts(categories=(C3, C1), urgency=TODAY, channel=MAIL))
    assert found == Proposal(
        "leerplicht",
        "Omdat.",
        "past",
        ("cjg",),
        (Miss("leidend", "leidende categorie"), Miss("telefoon", "kanaal"), Miss("elders", "gebied")),
    )


RULES = """
[[rules]]
name = "leidend"
leading = ["cat1"]
partner = "cjg"
why = "x"
[[rules]]
name = "telefoon"
channel = ["phone"]
partner = "cjg"
why = "x"
[[rules]]
name = "elders"
areas = ["Pernis"]
partner = "wijkteam-{gebied}"
why = "x"
[[rules]]
name = "past"
any_category = ["cat1"]
urgency = ["today", "acute"]
partner = "leerplicht"
also = ["cjg"]
why = "Omdat."
[[rules]]
name = "rest"
why = "Geen voorstel."
"""


def test_an_area_becomes_part_of_a_code() -> None:
    assert area_code(Area.HOEK_VAN_HOLLAND) == "hoek-van-holland"
    assert propose(read_rules(RULES), some_facts(area=Area.PERNIS, categories=(C3,), channel=MAIL)).partner == (
        "wijkteam-pernis"
    )


BROKEN: Mapping[str, tuple[str, str]] = {
    "no rules at all": ("", "the last rule must ask nothing"),
    "not TOML": ("[[rules", ""),
    "no catch-all": ('[[rules]]\nname="a"\nwhy="b"\narea_known=true', "the last rule must ask nothing"),
    "a rule that can never be reached": (
        '[[rules]]\nname="a"\nwhy="b"\n[[rules]]\nname="c"\nwhy="d"',
        "a: asks nothing, so no later rule is ever reached",
    ),
    "an unknown condition": ('[[rules]]\nname="a"\nwhy="b"\nage=[3]', "rule 1: age cannot be [3]"),
    "an unknown category": ('[[rules]]\nname="a"\nwhy="b"\nleading=["cat4"]', "'cat4' is not a valid Category"),
    "a text where a list belongs": (
        '[[rules]]\nname="a"\nwhy="b"\nurgency="acute"',
        "rule 1: urgency cannot be 'acute'",
    ),
    "a name that no handover can hold": (
        f'[[rules]]\nname="{"a" * 121}"\nwhy="b"',
        "rule 1: name is empty or too long",
    ),
    "no reason": ('[[rules]]\nname="a"', "missing 1 required positional argument: 'why'"),
    "an area that may be missing": (
        '[[rules]]\nname="a"\nwhy="b"\npartner="wijkteam-{gebied}"',
        "a: {gebied} needs area_known or areas",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_rules_that_could_not_decide_are_refused_with_their_fault(name: str) -> None:
    body, fault = BROKEN[name]
    with pytest.raises(BadRules) as refused:
        read_rules(body)
    assert any(fault in line for line in refused.value.faults)


def test_a_partner_that_no_directory_holds_is_named() -> None:
    assert unknown_partners(read_rules(RULES), {"cjg": 1, "leerplicht": 2}) == [
        f"wijkteam-{area_code(area)}" for area in sorted(Area, key=area_code)
    ]
