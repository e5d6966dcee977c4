"""The directory of partners as it is seeded, and what a wrong one is answered."""

import re

import pytest

import routing
from routing.partners import BadPartners, Directory, Kind, read_partners, without_number
from triage.values import Area

ONE = '[[partners]]\ncode = "cjg"\nname = "CJG"\nkind = "youth_health_care"\n'


@pytest.fixture(scope="module")
def partners() -> Directory:
    return read_partners(routing.SEEDS["partners"].read_text("utf-8"))


def test_the_national_numbers_are_right_to_read_to_dial_and_to_say(partners: Directory) -> None:
    known = {code: (partners[code].phone, partners[code].tel, partners[code].spoken) for code in ("112", "politie")}
    assert known == {
        "112": ("112", "112", "één, één, twee"),
        "politie": ("0900-8844", "09008844", "nul negenhonderd, achtentachtig vierenveertig"),
    }
    veilig_thuis = partners["veilig-thuis"]
    assert (veilig_thuis.tel, veilig_thuis.spoken) == ("08002000", "nul achthonderd, tweeduizend")


def test_veilig_thuis_and_the_police_are_reached_by_telephone_only(partners: Directory) -> None:
    assert not any(partners[code].email for code in ("112", "politie", "veilig-thuis"))


def test_each_area_has_its_own_team(partners: Directory) -> None:
    teams = [partner.area for partner in partners.values() if partner.kind is Kind.NEIGHBOURHOOD_TEAM]
    assert sorted(filter(None, teams)) == sorted(Area)


def test_only_the_number_that_nobody_found_is_empty(partners: Directory) -> None:
    assert without_number(partners) == ["Crisisdienst jeugd"]


def test_what_is_not_a_national_number_is_plainly_invented(partners: Directory) -> None:
    local = [partner for partner in partners.values() if partner.phone.startswith("010")]
    assert all(re.fullmatch(r"010 - 000 00 \d\d", partner.phone) for partner in local)
    assert len({partner.phone for partner in local}) == len(local)
    assert all(partner.email.endswith("@example.nl") for partner in partners.values() if partner.email)


def test_who_may_never_be_a_target_is_not_in_it(partners: Directory) -> None:
    names = " ".join(partner.name for partner in partners.values())
    assert "Raad voor de Kinderbescherming" not in names
    assert "Jeugdbeschermingsplein" not in names


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "no partners"),
        ("[[partners", "Expected"),
        ('[[partners]]\nname = "x"', "partner 1: code must be"),
        ('[[partners]]\ncode = "CJG Noord"', "partner 1: code must be"),
        (f'[[partners]]\ncode = "{"a" * 61}"', "partner 1: code must be"),
        ('[[partners]]\ncode = "cjg"', "cjg has no name"),
        (ONE.replace("youth_health_care", "friend"), "'friend' is not a valid Kind"),
        (ONE + 'area = "Utrecht"', "'Utrecht' is not a valid Area"),
        (ONE + "phone = 112", "partner 1: phone is not a text"),
        (ONE + 'fax = "1"', "unexpected keyword argument 'fax'"),
        (ONE.replace("CJG", "C" * 121), "more than 120 characters"),
        (ONE + ONE, "partner 2: cjg stands there twice"),
    ],
)
def test_a_wrong_directory_is_refused_with_its_fault(body: str, fault: str) -> None:
    with pytest.raises(BadPartners) as refused:
        read_partners(body)
    assert any(fault in line for line in refused.value.faults)


def test_every_fault_is_named_not_only_the_first() -> None:
    with pytest.raises(BadPartners) as refused:
        read_partners('[[partners]]\ncode = "A"\n[[partners]]\ncode = "b"\n' + ONE)
    assert len(refused.value.faults) == 2
